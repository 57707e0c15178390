"""What is known of a release that is compared with another?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Resource = Mapping[str, Any]
"""A table as datapackage.json describes it."""
Line = tuple[str, str, str, str]
"""Share, source table, outcome, reason: what a line of the ledger counts."""


@dataclass(frozen=True)
class Side:
    """One of the two releases: as published, or only as the specification describes it."""

    release: Mapping[str, Any]
    """What its file said when it was made, or says now."""
    tables: Mapping[str, Resource]
    """By `share.table`, as they leave."""
    run: str | None = None
    """The run that was published."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Digests of what the run was made from."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """By `share.table`, how many were delivered."""
    ledger: Mapping[Line, int] = field(default_factory=dict)
    """How many source rows met which fate."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """By recipient, the name of the root key of its pseudonyms."""

    @property
    def version(self) -> str:
        return str(self.release["version"])

    @property
    def shares(self) -> list[str]:
        return list(self.release["shares"])
