"""How is a share made? Rows are kept, its queries run, their results proved, the ledger closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.deidentify.ages import AGE_AT
from datafirst.errors import SpecificationError
from datafirst.spec import Release, Share, Specification, Table, Window

from .kept import keep
from .ledger import Entry, described, entries
from .linked import follow, released, whole
from .proofs import prove
from .reads import in_order
from .tables import RECORD, cover, link, make, step
from .typed import Landed


@dataclass(frozen=True)
class Inputs:
    """What a share is made from, brought here."""

    landed: Mapping[str, Landed]
    """By `system.table`: every source table that the share accounts for."""
    people: Sequence[Path] = ()
    journeys: Sequence[Path] = ()
    followed: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """By `share.table`: what deriving the shares that it follows has made."""
    individuals: Sequence[Path] = ()
    id_changes: Sequence[Path] = ()


def derive(
    con: DuckDBPyConnection, spec: Specification, release: Release, share: Share, inputs: Inputs
) -> tuple[Entry, ...]:
    """Makes every table of the share as the relation `<share>.<table>`; returns its ledger.

    Raises SpecificationError for SQL that cannot be asked or yields other than declared, and
    ValidationFailed where a proof fails or the ledger does not add up.
    """
    con.execute(AGE_AT)
    link(con, inputs.people, inputs.journeys, inputs.individuals, inputs.id_changes)
    cover(con, _window(release, share))
    keep(con, share, inputs.landed)
    follow(con, spec, share, inputs.followed)
    for name in in_order(con, share):
        if table := share.tables.get(name):
            make(con, share, table, beside(spec, table))
        else:
            step(con, share, name)
    described(con, share)
    whole(con, share)
    prove(con, share.tables.values())
    return entries(con, share, inputs.landed)


def beside(spec: Specification, table: Table) -> tuple[str, ...]:
    """The columns of a derived table that are not its variables: they never leave."""
    return (RECORD,) if table.id in released(spec) else ()


def variables(spec: Specification, share: Share, table: str) -> str:
    """The query of what is kept of a derived table, in the order of its specification."""
    names = (*(v.name for v in share.tables[table]), *beside(spec, share.tables[table]))
    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{share.id}"."{table}"'


def _window(release: Release, share: Share) -> Window | None:
    if share.accounts and share.id not in release.coverage:
        raise SpecificationError(
            f"releases/{release.version}.toml: no [coverage.{share.id}] says what period it covers"
        )
    return release.coverage.get(share.id)
