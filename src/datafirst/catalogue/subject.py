"""What is a catalogue about? One share as released to one recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from datafirst.quality.section import Section
from datafirst.spec import (
    Join,
    Ladder,
    LinkModel,
    Programme,
    Recipient,
    Release,
    Share,
    Table,
    Treatment,
    Type,
    Variable,
)

from .figures import Figures, Joined


@dataclass(frozen=True)
class Subject:
    """Everything that a catalogue says comes from here."""

    programme: Programme
    share: Share
    release: Release
    recipient: Recipient
    tables: tuple[Table, ...]
    """As released: the same objects that the files were made and checked from."""
    figures: Mapping[str, Figures]
    joined: Mapping[tuple[str, Join], Joined]
    """By table and join, for joins within the share."""
    sources: Mapping[str, date]
    """The systems that the share was made from, by title, and the day of their snapshot."""
    models: tuple[LinkModel, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    quality: tuple[Section, ...] = ()
    """What the report on the release's linkage says that concerns the share, with counts that may
    be published."""

    @property
    def title(self) -> str:
        return f"{self.share.title}, release {self.release.version}"


KINDS = {
    Type.STRING: "text",
    Type.INTEGER: "measure",
    Type.NUMBER: "measure",
    Type.BOOLEAN: "flag",
    Type.DATE: "date",
}


def kind(variable: Variable) -> str:
    """What sort of variable it is, to somebody who will analyse it."""
    if variable.release is Treatment.PSEUDONYMISE:
        return "pseudonym"
    return "code" if variable.codes else KINDS[variable.type]


def inside(table: Table, join: Join, tables: Mapping[str, Table]) -> bool:
    """Whether a join leads to a table of the same share."""
    group, name = join.table.split(".")
    return group == table.group and name in tables
