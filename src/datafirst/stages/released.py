"""Which tables leave in a share, and where are their rows?"""

from duckdb import DuckDBPyConnection

from datafirst.deidentify import release as leaving
from datafirst.run import Record, bring
from datafirst.scratch import Scratch
from datafirst.spec import Recipient, Share, Table

from .release import Plan


def released_tables(plan: Plan, share: Share) -> dict[str, Table]:
    """A share's tables as they leave."""
    return {name: leaving(plan.spec, table)[0] for name, table in share.tables.items()}


def deidentified(plan: Plan, share: Share, recipient: Recipient) -> Record:
    return plan.done("release", "deidentify", plan.share_place(share.id, recipient.id))


def opened(
    plan: Plan, record: Record, tables: dict[str, Table], folder: Scratch
) -> DuckDBPyConnection:
    """A database with the released rows in views named like the tables."""
    con = folder.connect()
    for name in tables:
        paths = bring(plan.store("release"), record.of(name), folder / "released")
        listed = ", ".join(f"'{path}'" for path in paths)
        con.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])')
    return con
