"""What is a release, and who receives it?"""

import datetime
from typing import Literal, Self

from pydantic import model_validator

from .words import Frozen, Name, TableName, Version


class Window(Frozen):
    start: datetime.date
    end: datetime.date

    @model_validator(mode="after")
    def starts_before_it_ends(self) -> Self:
        if self.start > self.end:
            raise ValueError("coverage starts after it ends")
        return self


class Thresholds(Frozen):
    """Match weights (log2 Bayes factors) at which two records are one person."""

    strict: float
    standard: float
    loose: float

    @model_validator(mode="after")
    def are_nested(self) -> Self:
        if not self.strict >= self.standard >= self.loose:
            raise ValueError("thresholds must fall from strict to standard to loose")
        return self


class Release(Frozen):
    """A version of one or more shares."""

    version: Version
    title: str
    date: datetime.date
    status: Literal["current", "retired"]
    shares: tuple[Name, ...]
    tables: dict[Name, tuple[TableName, ...]] = {}
    """By share, the tables that it has in this release, where it has not all of them."""
    snapshots: dict[Name, datetime.date]
    coverage: dict[Name, Window]
    models: tuple[Name, ...] = ()
    """Linkage models, each at the version that its file states."""
    impossible: tuple[Name, ...] = ()
    """The rules (config/linkage/impossible) by which clusters are cut."""
    ladders: tuple[Name, ...] = ()
    """Ladders of deterministic rules, which say whose individuals there are."""
    thresholds: Thresholds | None = None
    journeys_above: float | None = None
    """Match weight above which two cases are one journey."""
    recipients: tuple[Name, ...]
    key_epoch: str


class Recipient(Frozen):
    id: Name
    title: str
    formats: tuple[Literal["parquet", "csv"], ...]
    bucket: str
    part_rows: int
    """Rows in a part; a part stays under 32 MB."""
