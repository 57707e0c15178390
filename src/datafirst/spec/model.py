"""What does a specification consist of? Systems, shares, linkage, releases, recipients.

Nothing in this room reads a file or knows a tool: load.py reads, and every use of the
specification (schema, query, catalogue, linkage settings) is a module of its own.
"""

from typing import Literal

from .linkage import Linkage
from .release import Recipient, Release
from .table import Role, Table, Treatment, Variable
from .words import Frozen, Name, Sentence, TableName, Version


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
    tables: dict[TableName, Table]


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
    rows_of: TableName | None = None
    """Each kept row is one row of this table of the share, which several accounts may make up."""
    merged_into: TableName | None = None
    """Or: each kept row is part of exactly one row of this table, which is made of several."""
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
    """Shares whose derived tables the queries read as `<share>.<table>`."""
    accounts: tuple[Account, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    tables: dict[TableName, Table]
    queries: dict[TableName, str] = {}
    """The .sql beside each table: it yields the table's variables, and `_row` of its rows_of (with
    `_table` where these are several) or `_rows`, a list, of what is merged into it."""


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
    shares: dict[Name, Share] = {}
    linkage: Linkage
    releases: dict[Version, Release] = {}
    recipients: dict[Name, Recipient] = {}
    digest: str
    """SHA-256 over every file of the specification."""

    def treatment(self, variable: Variable) -> Treatment:
        """What becomes of a variable: its own choice, or else its role's default."""
        return variable.release or self.policy[variable.role][0]

    def source_table(self, id: str) -> Table:
        """The source table `system.table`. KeyError if there is none."""
        system, table = id.split(".")
        return self.systems[system].tables[table]
