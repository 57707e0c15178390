"""What are the data, and what may be done with them? Pydantic and the standard library only."""

from .linkage import Comparison, Dataset, FieldKind, Linkage, LinkField, LinkModel, Training
from .load import load
from .model import (
    Account,
    Exclusion,
    Programme,
    Share,
    Specification,
    System,
)
from .release import Recipient, Release, Thresholds, Window
from .table import Join, Role, Rule, Table, Treatment, Type, Variable

__all__ = [
    "Account",
    "Comparison",
    "Dataset",
    "Exclusion",
    "FieldKind",
    "Join",
    "LinkField",
    "LinkModel",
    "Linkage",
    "Programme",
    "Recipient",
    "Release",
    "Role",
    "Rule",
    "Share",
    "Specification",
    "System",
    "Table",
    "Thresholds",
    "Training",
    "Treatment",
    "Type",
    "Variable",
    "Window",
    "load",
]
