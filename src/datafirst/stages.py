"""What are the stages? Functions that a terminal and a scheduler call.

Each is imported when it is called, so that a DAG file that names it stays light.
"""

from importlib import import_module
from typing import Any

from .stage.measure import measured

STAGES = (
    "synthesise",
    "extract",
    "validate",
    "models",
    "train",
    "check",
    "link",
    "quality",
    "derive",
    "ledger",
    "deidentify",
    "catalogue",
    "package",
    "deliver",
    "publish",
    "sample",
    "label",
    "evaluate",
    "choose",
    "explain",
    "diff",
)
"""In the order of their work. The stage `link` is the function `link` of `stage/link.py`."""

__all__ = list(STAGES)


def __getattr__(name: str) -> Any:
    if name not in STAGES:
        raise AttributeError(name)
    return measured(name, getattr(import_module(f"datafirst.stage.{name}"), name))
