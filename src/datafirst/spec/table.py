"""What is a table? Its variables, what each may hold, how sensitive it is, what becomes of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import StrictStr, model_validator

from .words import Frozen, Name, Proportion, Sentence


class Role(StrEnum):
    """How sensitive a variable is. There is no default: an undecided variable is an error."""

    DIRECT_IDENTIFIER = "direct_identifier"
    INTERNAL_ID = "internal_id"
    LINKAGE = "linkage"
    RESEARCH = "research"
    TRUTH = "truth"
    """Labels of who is who, for measuring linkage. Never linked on, never released."""


class Type(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


class Treatment(StrEnum):
    """What becomes of a variable when it leaves. Each is defined in deidentify.treatments."""

    KEEP = "keep"
    DROP = "drop"
    PSEUDONYMISE = "pseudonymise"
    YEAR = "year"
    YEAR_MONTH = "year_month"
    OUTWARD_CODE = "outward_code"


class Variable(Frozen):
    """One column: what it means, what it may hold, how sensitive it is, what becomes of it."""

    name: Name
    role: Role
    type: Type
    description: Sentence
    quality: Sentence | None = None
    coverage: Sentence | None = None
    derivation: Sentence | None = None
    """How a share variable is made, where it is not a copy."""
    source: str | None = None
    """`system.table.variable` that a share variable is copied from (`from` in the file)."""
    unit: str | None = None
    codes: dict[StrictStr, str] | None = None
    codes_list: Name | None = None
    """The code list in config/codes that `codes` was read from, if it was."""
    pattern: str | None = None
    format: str | None = None
    """How the source writes a date as text, for strptime; the column then arrives as text."""
    minimum: int | float | date | None = None
    maximum: int | float | date | None = None
    missing_up_to: Proportion = 0.0
    links_as: Name | None = None
    """The linkage field it is compared as (config/linkage/fields.toml)."""
    identifies: Name | None = None
    """The kind of thing a pseudonym stands for: the same kind gives the same pseudonym."""
    release: Treatment | None = None

    @model_validator(mode="after")
    def constraints_suit_the_type(self) -> Self:
        if self.type is not Type.STRING and (self.codes or self.pattern):
            raise ValueError("only a string may have codes or a pattern")
        bounded = (self.minimum, self.maximum) != (None, None)
        if bounded and self.type in (Type.STRING, Type.BOOLEAN):
            raise ValueError(f"a {self.type} has no minimum or maximum")
        if bounded and (self.type is Type.DATE) != isinstance(
            self.minimum if self.minimum is not None else self.maximum, date
        ):
            raise ValueError(f"minimum and maximum must be of the type {self.type}")
        if self.format and self.type is not Type.DATE:
            raise ValueError("only a date may have a format")
        if self.role is Role.TRUTH and self.links_as:
            raise ValueError("the truth may not be linked on")
        return self


class Rule(Frozen):
    """A sentence that people read and the check that enforces it."""

    says: Sentence
    holds: str
    """An SQL condition over the row (DuckDB); a row where it is not known does not break it."""
    except_up_to: Proportion = 0.0


class Join(Frozen):
    """How the rows of one table find their rows in another."""

    on: tuple[Name, ...]
    table: str
    to: tuple[Name, ...] = ()
    """The other table's columns, where they are named differently."""
    unmatched_up_to: Proportion = 0.0
    says: Sentence | None = None

    @property
    def target(self) -> tuple[Name, ...]:
        return self.to or self.on


class Table(Frozen):
    """A table: of a source, of a share before de-identification, or as released."""

    id: str
    """`system.table` or `share.table`, from the file's path."""
    title: str
    description: Sentence
    grain: Sentence
    """What one row is."""
    key: tuple[Name, ...]
    variables: dict[Name, Variable]
    rules: tuple[Rule, ...] = ()
    joins: tuple[Join, ...] = ()
    quarantine_up_to: Proportion = 0.0
    """The share of rows that may break a rule before the table stops the release."""

    @model_validator(mode="after")
    def key_and_joins_are_known(self) -> Self:
        named = {*self.key, *(column for join in self.joins for column in join.on)}
        if unknown := named - set(self.variables):
            raise ValueError(f"key or joins name unknown variables: {', '.join(sorted(unknown))}")
        return self

    @property
    def group(self) -> str:
        """The system or share that the table belongs to."""
        return self.id.split(".")[0]

    @property
    def name(self) -> str:
        return self.id.split(".")[1]

    def __iter__(self) -> Iterator[Variable]:  # type: ignore[override]
        return iter(self.variables.values())

    def replace(self, variables: Iterable[Variable], **changes: object) -> Self:
        """The same table with other variables."""
        kept = {v.name: v for v in variables}
        return self.model_copy(update={"variables": kept, **changes})
