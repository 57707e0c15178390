"""How is a kernel compiled? Once for each machine, and kept beside its source where that can be."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """The function, compiled when it is first called; other threads run meanwhile.

    What was compiled is kept in __pycache__, in NUMBA_CACHE_DIR or in the user's cache, and
    nowhere where none of them can be written: then each process compiles for itself.
    """
    try:
        return cast(Kernel, njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Kernel, njit(nogil=True)(function))
