"""What of a share is in a release? All of it, or the tables that the release names."""

import re
from collections.abc import Iterable

from .model import Account, Share, Specification
from .release import Release
from .table import Table


def share_in(spec: Specification, release: Release, name: str) -> Share:
    """A share as a release has it. KeyError where the specification has no such share.

    Tables that the release does not name are not made, but where another query reads one it stays
    as a step. Source rows that only they would give are accounted for as those that the other
    tables are made from. Joins to what is not in the release are left out, and so are changes of
    method that came after it: adding a later release changes nothing of an earlier one.
    """
    share = spec.shares[name]
    tables = {t.name: _joined(spec, release, t) for t in tables_in(release, share)}
    return share.model_copy(
        update={
            "tables": tables,
            "queries": _queries(share, tables),
            "accounts": tuple(_account(account, tables) for account in share.accounts),
            "method_changes": {
                version: says
                for version, says in share.method_changes.items()
                if version <= release.version
            },
        }
    )


def tables_in(release: Release, share: Share) -> list[Table]:
    """The tables of a share that are in a release, in the order of the specification."""
    named: Iterable[str] = release.tables.get(share.id, share.tables)
    return [table for table in share.tables.values() if table.name in named]


def _queries(share: Share, tables: dict[str, Table]) -> dict[str, str]:
    """The queries of those tables, the steps, and what they read."""
    kept = dict(share.queries)
    absent = {name for name in share.queries if name in share.tables and name not in tables}
    while unread := [
        name
        for name in sorted(absent & set(kept))
        if not any(_names(share, name, query) for other, query in kept.items() if other != name)
    ]:
        for name in unread:
            del kept[name]
    return kept


def _names(share: Share, table: str, query: str) -> bool:
    """Whether a query names `share.table`, be it in a remark: then it may read it."""
    named = rf'\b{share.id}"?\s*\.\s*"?{table}\b'
    return re.search(named, query, re.IGNORECASE) is not None


def _joined(spec: Specification, release: Release, table: Table) -> Table:
    """A table without its joins to tables that are not in the release."""
    there = {
        t.id
        for name in {*release.shares, table.group}
        for t in tables_in(release, spec.shares[name])
    }
    kept = tuple(join for join in table.joins if join.table in there)
    return table if kept == table.joins else table.model_copy(update={"joins": kept})


def _account(account: Account, tables: dict[str, Table]) -> Account:
    absent = {
        key: None
        for key in ("rows_of", "merged_into")
        if getattr(account, key) and getattr(account, key) not in tables
    }
    return account.model_copy(update=absent) if absent else account
