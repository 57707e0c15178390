"""How is a share made? Rows are kept, its queries run, their results proved, the ledger closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.deidentify.ages import AGE_AT
from datafirst.errors import SpecificationError
from datafirst.spec import Release, Share, Specification, Window

from .kept import keep
from .ledger import Entry, described, entries
from .proofs import prove, relation
from .tables import cover, in_order, link, make, step
from .typed import Landed, files


@dataclass(frozen=True)
class Inputs:
    """What a share is made from, brought here."""

    landed: Mapping[str, Landed]
    """By `system.table`: every source table that the share or those it follows account for."""
    people: Sequence[Path] = ()
    journeys: Sequence[Path] = ()
    followed: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """By `share.table`: the derived tables of the shares that it follows."""


def derive(
    con: DuckDBPyConnection, spec: Specification, release: Release, share: Share, inputs: Inputs
) -> tuple[Entry, ...]:
    """Makes every table of the share as the relation `<share>.<table>`; returns its ledger.

    Raises SpecificationError for SQL that cannot be asked or yields other than declared, and
    ValidationFailed where a proof fails or the ledger does not add up.
    """
    followed = [spec.shares[name] for name in share.follows]
    con.execute(AGE_AT)
    link(con, inputs.people, inputs.journeys)
    for one in (*followed, share):
        cover(con, _window(release, one))
        keep(con, one, inputs.landed)
    for id, paths in inputs.followed.items():
        con.execute(f'CREATE SCHEMA IF NOT EXISTS "{id.split(".")[0]}"')
        con.execute(f"CREATE VIEW {relation(id)} AS FROM {files(paths)}")
    for name in in_order(con, share):
        if table := share.tables.get(name):
            make(con, share, table)
        else:
            step(con, share, name)
    described(con, share, followed)
    prove(con, share.tables.values())
    return entries(con, share, inputs.landed)


def variables(share: Share, table: str) -> str:
    """The query of a derived table's variables, in the order of its specification."""
    columns = ", ".join(f'"{v.name}"' for v in share.tables[table])
    return f'SELECT {columns} FROM "{share.id}"."{table}"'


def _window(release: Release, share: Share) -> Window | None:
    if share.accounts and share.id not in release.coverage:
        raise SpecificationError(
            f"releases/{release.version}.toml: no [coverage.{share.id}] says what period it covers"
        )
    return release.coverage.get(share.id)
