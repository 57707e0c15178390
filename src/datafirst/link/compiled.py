"""How is a kernel compiled? Once for each machine and version, and kept beside its source.

What was compiled holds the kernels that it calls, too, and would not notice that they changed: so
it is kept under a name that follows from the source of all kernels.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

HERE = Path(__file__).parent


def _version() -> str:
    sources = (path.read_bytes() for path in sorted(HERE.rglob("*.py")))
    kernels = b"".join(source for source in sources if b"@kernel" in source)
    return hashlib.sha256(kernels).hexdigest()[:16]


def _kept() -> str:
    """Where compiled kernels are kept: NUMBA_CACHE_DIR, else beside the source, else wherever
    numba finds a place that can be written."""
    if numba.config.CACHE_DIR:
        return str(Path(numba.config.CACHE_DIR) / _version())
    beside = HERE / "__pycache__" / f"kernels-{_version()}"
    try:
        beside.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(beside)


numba.config.CACHE_DIR = _kept()


def kernel(function: Kernel) -> Kernel:
    """The function, compiled when it is first called; other threads run meanwhile.

    Where nothing can be kept, each process compiles for itself.
    """
    try:
        return cast(Kernel, njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Kernel, njit(nogil=True)(function))
