"""What words does the specification use? Tables, their variables, and what each may become.

Nothing here reads a file or knows a tool: load.py reads, and every use of the
specification (schema, query, catalogue, linkage settings) is a module of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictStr,
    StringConstraints,
    model_validator,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
"""32 characters, because Stata and SAS cut longer variable names."""
Version = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-[a-z0-9]+)*$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"(?s)^[A-Z0-9].*[.]$")]
Share01 = Annotated[float, Field(ge=0.0, le=1.0)]
"""A proportion of rows, from 0 to 1."""


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


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    missing_up_to: Share01 = 0.0
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
    except_up_to: Share01 = 0.0


class Join(Frozen):
    """How the rows of one table find their rows in another."""

    on: tuple[Name, ...]
    table: str
    to: tuple[Name, ...] = ()
    """The other table's columns, where they are named differently."""
    unmatched_up_to: Share01 = 0.0
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
    quarantine_up_to: Share01 = 0.0
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


class Connection(Frozen):
    kind: Literal["postgresql", "file"]
    schema_name: Name | None = None
    """PostgreSQL schema that holds the tables."""
    path: str | None = None
    """A folder of Parquet files, one per table, relative to the config folder."""


class System(Frozen):
    """An administrative system that data come from."""

    id: Name
    title: str
    description: Sentence
    owner: str
    connection: Connection
    extracted: str
    """How often: a cron expression, or "once" for a file that does not change."""
    tables: dict[Name, Table]


class Exclusion(Frozen):
    """Rows of a source table that a share leaves out, and why."""

    table: str
    reason: Name
    says: Sentence
    where: str
    """An SQL condition over the row, alias `row`; earlier tables' kept rows may be asked of."""


class Account(Frozen):
    """How the rows of a source table reach the recipient: the arithmetic of the ledger."""

    table: str
    """`system.table`."""
    rows_of: Name | None = None
    """Each kept row is one row of this table of the share."""
    via: str | None = None
    """Or: a kept row is one that a kept row of this table points to..."""
    on: tuple[Name, ...] = ()
    """...by these columns (of both tables)."""
    to: tuple[Name, ...] = ()
    """The columns of `via`, where they are named differently."""


class Share(Frozen):
    """What researchers receive about one source."""

    id: Name
    title: str
    description: Sentence
    owner: str
    population: Sentence
    known_issues: tuple[Sentence, ...] = ()
    method_changes: dict[Version, Sentence] = {}
    follows: tuple[Name, ...] = ()
    """Shares whose kept rows this one describes; it then has no accounts of its own."""
    accounts: tuple[Account, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    tables: dict[Name, Table]
    queries: dict[Name, str] = {}
    """The .sql beside each table: it yields the table's variables, and `_row` of its rows_of."""


class FieldKind(StrEnum):
    """How a linkage field is standardised (link.standardise)."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    DATE = "date"
    POSTCODE = "postcode"
    PNC = "pnc"
    CRO = "cro"
    CODE = "code"
    TEXT = "text"


class LinkField(Frozen):
    """A field that every dataset is standardised to."""

    kind: FieldKind
    description: Sentence
    recode: dict[StrictStr, StrictStr] = {}
    """For a code: each system's codes brought to one."""


class Dataset(Frozen):
    """One source's records for linkage: one row of identifying details about one appearance."""

    id: Name
    title: str
    system: Name
    table: Name
    """The table whose rows are the records."""
    joins: tuple[str, ...] = ()
    """`table using (column)`, for the other tables that hold identifying details."""
    person_when: str = "true"
    """An SQL condition: who is a person. Others (companies) are never linked."""
    where: str = "true"
    truth: Name | None = None
    """The variable (role truth) that says who is who, where the data are labelled."""


class Comparison(Frozen):
    field: Name
    compare: Name
    """A way to compare: see link.comparisons."""
    frequency: bool = False
    """Weigh agreement on rare values more (term frequency adjustment)."""
    thresholds: tuple[float, ...] = ()
    against: Name | None = None
    """Another field of the right-hand record, where two fields are compared crosswise."""


class Training(Frozen):
    """How m, u and the prior are estimated."""

    prior_rules: tuple[tuple[Name, ...], ...]
    prior_recall: Share01
    """The share of true matches that the prior rules find."""
    em_rules: tuple[tuple[Name, ...], ...]
    em_max_pairs: int
    u_max_pairs: int
    seed: int


class LinkModel(Frozen):
    """How the records of one dataset (dedupe) or of several (link) are compared."""

    id: Name
    title: str
    version: Version
    datasets: tuple[Name, ...]
    produces: Literal["people", "journeys"]
    comparisons: tuple[Comparison, ...]
    block_on: tuple[tuple[Name, ...], ...]
    pairs_up_to: int
    """Candidate pairs per million record pairs possible... refused above this many in all."""
    training: Training


class Linkage(Frozen):
    fields: dict[Name, LinkField] = {}
    datasets: dict[Name, Dataset] = {}
    models: dict[Name, LinkModel] = {}


class Window(Frozen):
    start: date
    end: date

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
    date: date
    status: Literal["current", "retired"]
    shares: tuple[Name, ...]
    snapshots: dict[Name, date]
    coverage: dict[Name, Window]
    models: tuple[Name, ...] = ()
    """Linkage models, each at the version that its file states."""
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


class Programme(Frozen):
    """programme.toml: whose specification this is."""

    id: Name
    title: str
    contact: str
    licence: str


class Specification(Frozen):
    programme: Programme
    policy: dict[Role, tuple[Treatment, ...]]
    """What each role may become when it leaves. The first treatment is the default."""
    systems: dict[Name, System]
    shares: dict[Name, Share]
    linkage: Linkage
    releases: dict[Version, Release]
    recipients: dict[Name, Recipient]
    digest: str
    """SHA-256 over every file of the specification."""

    def treatment(self, variable: Variable) -> Treatment:
        """What becomes of a variable: its own choice, or else its role's default."""
        return variable.release or self.policy[variable.role][0]

    def source_table(self, id: str) -> Table:
        """The source table `system.table`. KeyError if there is none."""
        system, table = id.split(".")
        return self.systems[system].tables[table]
