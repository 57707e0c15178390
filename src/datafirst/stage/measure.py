"""What did a stage cost? One log line each: what, rows, seconds, memory, where."""

import functools
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger("datafirst")
Stage = Callable[..., dict[str, Any]]


def measured(name: str, stage: Stage) -> Stage:
    """The same stage, which also logs a line and adds seconds, cpu and peak_mb to its answer."""

    @functools.wraps(stage)
    def run(*args: Any, **kwargs: Any) -> dict[str, Any]:
        _forget_peak()
        started, before = time.perf_counter(), os.times()
        answer = stage(*args, **kwargs)
        after = os.times()
        cost = {
            "seconds": round(time.perf_counter() - started, 1),
            "cpu": round(sum(after[:4]) - sum(before[:4]), 1),
            "peak_mb": _peak_mb(),
        }
        what = " ".join(str(a) for a in (*args, *kwargs.values()))
        rows = f"{answer['rows']:,} rows, " if isinstance(answer.get("rows"), int) else ""
        log.info("%s %s: %s%.1f s, %d MB", name, what, rows, cost["seconds"], cost["peak_mb"])
        return {"stage": name, **answer, **cost}

    return run


def _forget_peak() -> None:
    """Starts the kernel's high-water mark of this process anew, where it lets us."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak_mb() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    for line in status.read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0
