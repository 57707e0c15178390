"""Do a share's accounts fit the tables of its sources, and its own?"""

from collections.abc import Iterator

from .locate import Disagreement
from .model import Account, Share, Specification
from .table import Table

Where = tuple[str | int, ...]


def followed(spec: Specification, share: Share) -> dict[str, Share]:
    """The shares that a share follows, those that they follow too, by name."""
    found: dict[str, Share] = {}
    ahead = list(share.follows)
    while ahead:
        name = ahead.pop()
        if name in spec.shares and name not in found:
            found[name] = spec.shares[name]
            ahead += found[name].follows
    return found


def misaccounted(spec: Specification, share: Share) -> Iterator[Disagreement]:
    """Every fault of a share's accounts, its exclusions, and of what it follows."""
    place = ("shares", share.id)
    # By bare names, because that is how the SQL of a share speaks of kept rows.
    earlier: dict[str, Table] = {}
    known = {f"{s.id}.{name}": t for s in spec.systems.values() for name, t in s.tables.items()}
    for number, account in enumerate(share.accounts):
        where = (*place, "accounts", number)
        table = known.get(account.table)
        if table is None:
            yield Disagreement((*where, "table"), f"no such source table as {account.table}")
        elif table.name in earlier:
            yield Disagreement((*where, "table"), f"a table {table.name} has an account already")
        yield from _account(where, account, share)
        yield from _via(where, account, table, earlier)
        if table is not None:
            earlier[table.name] = table
    accounted = {account.table for account in share.accounts}
    for number, exclusion in enumerate(share.exclusions):
        if exclusion.table not in accounted:
            at = (*place, "exclusions", number, "table")
            yield Disagreement(at, f"{exclusion.table} has no account")
    yield from _follows(spec, share)


def _account(where: Where, account: Account, share: Share) -> Iterator[Disagreement]:
    if sum(map(bool, (account.rows_of, account.merged_into, account.via))) != 1:
        yield Disagreement(where, "say one of rows_of, merged_into and via")
    for key in ("rows_of", "merged_into"):
        table = getattr(account, key)
        if table and table not in share.tables:
            yield Disagreement((*where, key), f"the share has no table {table}")
    if account.merged_into:
        others = [a for a in share.accounts if account.merged_into in (a.rows_of, a.merged_into)]
        if others != [account]:
            says = f"{account.merged_into} is made of the rows of another table too"
            yield Disagreement((*where, "merged_into"), says)


def _via(
    where: Where, account: Account, table: Table | None, earlier: dict[str, Table]
) -> Iterator[Disagreement]:
    """The table that points here has its account before, and both have the columns."""
    if account.via is None:
        return
    if not account.on:
        yield Disagreement(where, f"say `on` which columns {account.via} points to this table")
    if account.to and len(account.to) != len(account.on):
        yield Disagreement((*where, "to"), "name one column for each of `on`")
    if table and (missing := set(account.on) - set(table.variables)):
        yield Disagreement((*where, "on"), f"{table.id} has no {', '.join(sorted(missing))}")
    there = earlier.get(account.via)
    if there is None:
        yield Disagreement((*where, "via"), f"no table {account.via} has an account before this")
    elif missing := set(account.to or account.on) - set(there.variables):
        key = "to" if account.to else "on"
        yield Disagreement((*where, key), f"{there.id} has no {', '.join(sorted(missing))}")


def _follows(spec: Specification, share: Share) -> Iterator[Disagreement]:
    place = ("shares", share.id, "follows")
    for other in share.follows:
        if other not in spec.shares:
            yield Disagreement(place, f"no such share as {other}")
    if share.id in followed(spec, share):
        yield Disagreement(place, "it follows itself, perhaps by way of another share")
