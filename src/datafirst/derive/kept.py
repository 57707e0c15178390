"""Which rows of the source tables does a share keep, and why not the others?"""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from datafirst.spec import Account, Share

from .asking import asking
from .typed import Landed, typed

NOT_REFERENCED = "not_referenced"


def keep(con: DuckDBPyConnection, share: Share, landed: Mapping[str, Landed]) -> None:
    """Makes the fate of every row and the kept relations, in the order of the accounts.

    Raises SpecificationError naming the table whose exclusions cannot be asked.
    """
    # All before the first fate: a row may be left out for what stands in a table that it points
    # to, which is accounted for by the very rows that point to it, and so only later.
    for account in share.accounts:
        name = landed[account.table].table.name
        con.execute(f'CREATE VIEW "typed_{name}" AS {typed(landed[account.table])}')
    for account in share.accounts:
        with asking(f"shares/{share.id}/share.toml: exclusions and accounts of {account.table}"):
            for statement in statements(share, account, landed[account.table]):
                con.execute(statement)


def statements(share: Share, account: Account, landed: Landed) -> tuple[str, ...]:
    """The SQL that makes `fate_<table>` and the kept rows as `<table>`.

    The outcome in `fate_<table>` is NULL for a kept row. A condition may ask of the kept rows of
    the tables accounted for before, and of the sound rows of every table as `typed_<table>`.
    """
    name = landed.table.name
    return (
        f'CREATE TABLE "fate_{name}" AS SELECT row._row, {outcome(share, account)} AS outcome '
        f'FROM "typed_{name}" AS row',
        f'CREATE VIEW "{name}" AS SELECT * FROM "typed_{name}" '
        f'SEMI JOIN (SELECT _row FROM "fate_{name}" WHERE outcome IS NULL) USING (_row)',
    )


def outcome(share: Share, account: Account) -> str:
    """What becomes of `row`: the first reason to exclude it that holds, or NULL."""
    cases = [
        f"WHEN ({exclusion.where}\n) THEN 'excluded:{exclusion.reason}'"
        for exclusion in share.exclusions
        if exclusion.table == account.table
    ]
    if account.via:
        cases.append(f"WHEN NOT EXISTS ({_pointing(account)}) THEN '{NOT_REFERENCED}'")
    if not cases:
        return "CAST(NULL AS VARCHAR)"
    return f"CASE {' '.join(cases)} END"


def _pointing(account: Account) -> str:
    pairs = zip(account.on, account.to or account.on, strict=True)
    same = " AND ".join(f'kept."{there}" = row."{here}"' for here, there in pairs)
    return f'FROM "{account.via}" AS kept WHERE {same}'
