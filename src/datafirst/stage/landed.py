"""Which landed tables is a share made from? Brings them here, with what is quarantined."""

from collections.abc import Iterator
from contextlib import contextmanager

from duckdb import DuckDBPyConnection

from datafirst.derive import Landed, typed
from datafirst.derive.reads import reads
from datafirst.errors import SpecificationError
from datafirst.run import bring
from datafirst.scratch import Scratch
from datafirst.spec import Share, share_in

from .release import Plan


def share_named(plan: Plan, name: str) -> Share:
    """A share of the release. SpecificationError for another."""
    if name not in plan.release.shares:
        raise SpecificationError(
            f"release {plan.release.version} has no share {name}: it consists of "
            f"{', '.join(plan.release.shares)}"
        )
    return share_in(plan.spec, plan.release, name)


def read_by(share: Share) -> list[str]:
    """The source tables that a share accounts for."""
    return list(dict.fromkeys(account.table for account in share.accounts))


def behind(plan: Plan, share: Share) -> list[str]:
    """The source tables that a share, or one of the release that it follows, accounts for."""
    shares = (share, *(share_named(plan, name) for name in followed(plan, share)))
    return list(dict.fromkeys(table for each in shares for table in read_by(each)))


def followed(plan: Plan, share: Share) -> list[str]:
    """The shares of the release that a share follows."""
    return [name for name in share.follows if name in plan.release.shares]


def landed(plan: Plan, share: Share, scratch: Scratch) -> dict[str, Landed]:
    """The tables that a share accounts for, as snapshot and validation left them."""
    return {id: landed_table(plan, id, scratch) for id in read_by(share)}


def landed_table(plan: Plan, id: str, scratch: Scratch) -> Landed:
    """One source table, `system.table`, as snapshot and validation left it."""
    system, name = id.split(".")
    landing, folder = plan.store("landing"), scratch / "landed" / system
    taken = plan.snapshots[system]
    parts = bring(landing, taken.of(name), folder)
    quarantine = bring(landing, plan.validated(system).of(name), folder)
    rows = taken.counts["rows"][name]
    return Landed(plan.spec.source_table(id), tuple(parts), rows, tuple(quarantine))


@contextmanager
def typed_tables(
    con: DuckDBPyConnection, plan: Plan, system: str, query: str, folder: Scratch
) -> Iterator[None]:
    """The tables of a system that a query reads, typed, by their bare names."""
    known = plan.spec.systems[system].tables
    read = sorted(name for group, name in reads(con, query) if not group and name in known)
    for table in read:
        brought = landed_table(plan, f"{system}.{table}", folder)
        con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {typed(brought)}')
    yield
    for table in read:
        con.execute(f'DROP VIEW "{table}"')
