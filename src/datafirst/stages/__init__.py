"""What are the stages? Each reads from the stores, calls pure functions, writes what they made.

They are imported when they are called, so that a DAG file that names them stays light.
"""

import sys
from importlib import import_module
from types import ModuleType
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


class _Stages(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in STAGES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Stages


def __getattr__(name: str) -> Any:
    if name not in STAGES:
        raise AttributeError(name)
    return measured(name, getattr(import_module(f"{__name__}.{name}"), name))
