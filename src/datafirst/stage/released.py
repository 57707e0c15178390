"""Which tables leave in a share, and where are their rows?"""

from duckdb import DuckDBPyConnection

from datafirst.deidentify import release as leaving
from datafirst.derive.typed import files
from datafirst.errors import SpecificationError
from datafirst.run import Record, bring
from datafirst.scratch import Scratch
from datafirst.spec import Recipient, Share, Table

from .landed import share_named
from .release import Plan


def delivery(plan: Plan, share: str, recipient: str) -> tuple[Share, Recipient]:
    """A share and a recipient of the release. SpecificationError for others."""
    if recipient not in plan.release.recipients:
        raise SpecificationError(
            f"release {plan.release.version} is not for a recipient {recipient}: it is for "
            f"{', '.join(plan.release.recipients)}"
        )
    return share_named(plan, share), plan.spec.recipients[recipient]


def released_tables(plan: Plan, share: Share) -> dict[str, Table]:
    """A share's tables as they leave."""
    return {name: leaving(plan.spec, table)[0] for name, table in share.tables.items()}


def opened(
    plan: Plan, record: Record, tables: dict[str, Table], folder: Scratch
) -> DuckDBPyConnection:
    """A database with the rows that deidentify left, in views named like the tables."""
    con = folder.connect()
    for name in tables:
        paths = bring(plan.store("release"), record.of(name), folder / "released")
        con.execute(f'CREATE VIEW "{name}" AS FROM {files(paths)}')
    return con
