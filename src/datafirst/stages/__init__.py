"""What are the stages? Each reads from the stores, calls pure functions, writes what they made.

They are imported when they are called, so that a DAG file that names them stays light.
"""

from importlib import import_module
from typing import Any

from .measure import measured

STAGES = (
    "synthesise",
    "extract",
    "validate",
    "train",
    "check",
    "link",
    "derive",
    "ledger",
    "deidentify",
    "catalogue",
    "package",
    "deliver",
    "publish",
    "evaluate",
)
"""In the order of their work."""

__all__ = list(STAGES)


def __getattr__(name: str) -> Any:
    if name not in STAGES:
        raise AttributeError(name)
    return measured(name, getattr(import_module(f"{__name__}.{name}"), name))
