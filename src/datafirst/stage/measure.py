"""What did a stage cost, and how did it fail? One log line each, and no value in any message."""

import functools
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from datafirst.errors import DataFirstError, UnforeseenFailure

log = logging.getLogger("datafirst")
PACKAGE = Path(__file__).parents[1]
Stage = Callable[..., dict[str, Any]]


def measured(name: str, stage: Stage) -> Stage:
    """The same stage, which also logs a line and adds seconds, cpu and peak_mb to its answer."""

    @functools.wraps(stage)
    def run(*args: Any, **kwargs: Any) -> dict[str, Any]:
        _forget_peak()
        started, before = time.perf_counter(), os.times()
        what = " ".join(str(a) for a in (*args, *kwargs.values()) if a is not None)
        answer = _guarded(f"{name} {what}", stage, args, kwargs)
        after = os.times()
        cost = {
            "seconds": round(time.perf_counter() - started, 1),
            "cpu": round(sum(after[:4]) - sum(before[:4]), 1),
            "peak_mb": _peak_mb(),
        }
        rows = f"{answer['rows']:,} rows, " if isinstance(answer.get("rows"), int) else ""
        log.info("%s %s: %s%.1f s, %d MB", name, what, rows, cost["seconds"], cost["peak_mb"])
        return {"stage": name, **answer, **cost}

    return run


def _guarded(
    what: str, stage: Stage, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """The stage's answer. What others' libraries say of a failure quotes the data, so it ends here.

    The place is told, so that the fault can be found; nothing of the first exception is chained
    to the second, because schedulers write chains into their logs.
    """
    try:
        return stage(*args, **kwargs)
    except DataFirstError:
        raise
    except Exception as error:
        kind, where = type(error).__name__, _place(error.__traceback__)
        stopped = interrupted(error)
    if stopped:
        raise KeyboardInterrupt
    raise UnforeseenFailure(
        f"{what}: {kind} at {where}. Its message is withheld, because it may hold values from the "
        "data; run the stage again in a debugger where the data may be seen"
    )


def interrupted(error: BaseException) -> bool:
    """Whether somebody stopped the work: DuckDB, and Splink over it, say so in their own way."""
    texts = (str(error), *(str(cause) for cause in (error.__cause__, error.__context__) if cause))
    return any("Query interrupted" in text or "INTERRUPT" in text for text in texts)


def _place(traceback: TracebackType | None) -> str:
    """The deepest line of our own that a failure went through."""
    place = "an unknown place"
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if PACKAGE in path.parents:
            place = f"{path.relative_to(PACKAGE)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


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
