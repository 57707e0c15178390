"""What are the data, and what may be done with them? Pydantic and the standard library only."""

from .drift import Accepted, Bound, Drift
from .ladder import Alike, Ladder, Rung
from .linkage import (
    Bridges,
    Comparison,
    Dataset,
    FieldKind,
    Impossible,
    Linkage,
    LinkField,
    LinkModel,
    Thresholds,
    Training,
    Veto,
)
from .load import load
from .model import (
    Account,
    Exclusion,
    Programme,
    Share,
    Specification,
    System,
)
from .release import Recipient, Release, Window
from .table import Join, Role, Rule, Table, Treatment, Type, Variable
from .within import share_in

__all__ = [
    "Accepted",
    "Account",
    "Alike",
    "Bound",
    "Bridges",
    "Comparison",
    "Dataset",
    "Drift",
    "Exclusion",
    "FieldKind",
    "Impossible",
    "Join",
    "Ladder",
    "LinkField",
    "LinkModel",
    "Linkage",
    "Programme",
    "Recipient",
    "Release",
    "Role",
    "Rule",
    "Rung",
    "Share",
    "Specification",
    "System",
    "Table",
    "Thresholds",
    "Training",
    "Treatment",
    "Type",
    "Variable",
    "Veto",
    "Window",
    "load",
    "share_in",
]
