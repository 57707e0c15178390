"""What is a release, and who receives it?"""

import datetime
from typing import Literal, Self

from pydantic import model_validator

from .drift import Accepted
from .words import Frozen, Name, TableName, Version


class Window(Frozen):
    start: datetime.date
    end: datetime.date

    @model_validator(mode="after")
    def starts_before_it_ends(self) -> Self:
        if self.start > self.end:
            raise ValueError("coverage starts after it ends")
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
    previous: Version | None = None
    """The release whose people it goes on with: their identifiers last, and what changed with
    them, and drifted, is told."""
    accepts_drift: tuple[Accepted, ...] = ()
    """What has moved since then beyond its bound, and rightly."""
    models: tuple[Name, ...] = ()
    """Linkage models, each at the version that its file states."""
    impossible: tuple[Name, ...] = ()
    """The rules (config/linkage/impossible) by which clusters are cut."""
    bridges: Name | None = None
    """The rule (config/linkage/bridges) by which groups that little connects are taken apart."""
    ladders: tuple[Name, ...] = ()
    """Ladders of deterministic rules, which say whose individuals there are."""
    recipients: tuple[Name, ...]
    key_epoch: str


class Recipient(Frozen):
    id: Name
    title: str
    formats: tuple[Literal["parquet", "csv"], ...]
    bucket: str
    part_rows: int
    """Rows in a part; a part stays under 32 MB."""
