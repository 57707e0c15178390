"""What became of every source row? One outcome for each, and all of them add up."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields

from duckdb import DuckDBPyConnection

from datafirst.errors import ValidationFailed
from datafirst.spec import Account, Share

from .reads import reads
from .tables import count, given, merged, sources_of
from .typed import Landed, files

NOT_IN_RELEASE = "table_not_in_release"
"""Why the rows of a table that the release leaves out are not delivered."""

SNAPSHOT = "snapshot"
"""The outcome of the line that says how many rows there were."""


@dataclass(frozen=True)
class Entry:
    """A line of the ledger."""

    share: str
    table: str
    outcome: str
    reason: str
    rows: int


def entries(
    con: DuckDBPyConnection, share: Share, landed: Mapping[str, Landed]
) -> tuple[Entry, ...]:
    """The lines of one share, for every source table that it accounts for.

    Each number is counted where it happened: rows by extraction, quarantined in the quarantine,
    excluded in the fates, delivered in what the query gave. Raises ValidationFailed unless they
    add up.
    """
    found = tuple(
        Entry(share.id, account.table, outcome, reason, rows)
        for account in share.accounts
        for outcome, reason, rows in _lines(con, share, landed[account.table], account)
    )
    adds_up(found)
    return found


def _lines(
    con: DuckDBPyConnection, share: Share, landed: Landed, account: Account
) -> Iterator[tuple[str, str, int]]:
    name = landed.table.name
    yield SNAPSHOT, "", landed.rows
    if landed.quarantine:
        query = (
            f"SELECT rule, count(*) FROM {files(landed.quarantine)} WHERE first "
            "GROUP BY rule ORDER BY rule"
        )
        for rule, rows in con.execute(query).fetchall():
            yield "quarantined", rule, rows
    query = f'SELECT outcome, count(*) FROM "fate_{name}" WHERE outcome IS NOT NULL GROUP BY ALL'
    for fate, rows in sorted(con.execute(query).fetchall()):
        outcome, _, reason = fate.partition(":")
        yield outcome, reason, rows
    if account.merged_into:
        yield "merged", account.merged_into, count(con, merged(share, account.merged_into))
    elif account.rows_of:
        rows = given(share, account.rows_of, account.table)
        yield "delivered", account.rows_of, count(con, rows)
    elif account.via or _asked(con, share, name):
        yield "delivered", "with the rows that point to them", count(con, f'"{name}"')
    else:
        yield "excluded", NOT_IN_RELEASE, count(con, f'"{name}"')


def _asked(con: DuckDBPyConnection, share: Share, table: str) -> bool:
    """Whether some query of the share as released reads a source table."""
    return any(("", table) in reads(con, query) for query in share.queries.values())


def described(con: DuckDBPyConnection, share: Share) -> None:
    """Proves that every table gives just those source rows that it was made to give.

    Raises ValidationFailed with counts of the rows that are absent, repeated or not to be there.
    """
    faults: list[str] = []
    for account in share.accounts:
        if account.rows_of:
            rows = f"SELECT _row FROM {given(share, account.rows_of, account.table)}"
            faults += _difference(con, f"{share.id}.{account.rows_of}", account.table, rows)
        if account.merged_into:
            rows = f"SELECT _row FROM {merged(share, account.merged_into)}"
            faults += _difference(con, f"{share.id}.{account.merged_into}", account.table, rows)
            faults += _of_nothing(con, share, account.merged_into)
    for name in share.tables:
        faults += _of_no_source(con, share, name)
    if faults:
        raise ValidationFailed("\n".join(faults))


def _of_nothing(con: DuckDBPyConnection, share: Share, table: str) -> Iterator[str]:
    """Rows that say of no source row that it was merged into them."""
    if strange := count(con, f'(FROM "{share.id}"."{table}" WHERE (len(_rows) > 0) IS NOT TRUE)'):
        yield f"{share.id}.{table}: {strange:,} rows are made of no row of a source table"


def _of_no_source(con: DuckDBPyConnection, share: Share, table: str) -> Iterator[str]:
    """Rows of a table made of several source tables that say they are from another, or none."""
    if len(sources := sources_of(share, table)) < 2:
        return
    known = ", ".join(f"'{source}'" for source in sources)
    rows = f'(FROM "{share.id}"."{table}" WHERE (_table IN ({known})) IS NOT TRUE)'
    if strange := count(con, rows):
        yield f"{share.id}.{table}: {strange:,} rows are of none of the tables that it is made of"


def _difference(con: DuckDBPyConnection, id: str, source: str, given: str) -> Iterator[str]:
    row = con.execute(
        f'WITH given AS ({given}), kept AS (SELECT _row FROM "fate_{source.split(".")[1]}" '
        "WHERE outcome IS NULL) SELECT "
        "(SELECT count(*) FROM kept ANTI JOIN given USING (_row)), "
        "(SELECT count(*) FROM given ANTI JOIN kept USING (_row)), "
        "(SELECT count(_row) - count(DISTINCT _row) FROM given)"
    ).fetchone()
    assert row is not None
    absent, strange, repeated = row
    if absent or strange or repeated:
        yield (
            f"{id}: its query loses {absent:,} kept rows of {source}, repeats {repeated:,} and "
            f"gives {strange:,} that were not kept"
        )


def adds_up(ledger: Iterable[Entry], snapshot: Mapping[str, int] | None = None) -> None:
    """Raises ValidationFailed for every table whose rows are not all accounted for, once.

    With the rows of the snapshot by `system.table`, every one of its tables must be there.
    """
    totals: dict[tuple[str, str], list[int]] = {}
    for entry in ledger:
        total = totals.setdefault((entry.share, entry.table), [0, 0])
        total[entry.outcome != SNAPSHOT] += entry.rows
    faults = [
        f"{share}: {table}: the snapshot has {rows:,} rows, the ledger accounts for {told:,}"
        for (share, table), (rows, told) in totals.items()
        if rows != told or (snapshot is not None and rows != snapshot.get(table))
    ]
    absent = sorted(set(snapshot or ()) - {table for _, table in totals})
    faults += [f"{table}: the ledger has no account of it" for table in absent]
    if faults:
        raise ValidationFailed("\n".join(faults))


def unused(rows: Mapping[str, int], ledger: Iterable[Entry]) -> Iterator[Entry]:
    """Lines for the source tables that no share of the release accounts for."""
    for table in sorted(set(rows) - {entry.table for entry in ledger}):
        yield Entry("", table, SNAPSHOT, "", rows[table])
        yield Entry("", table, "excluded", "in_no_share", rows[table])


def rendered(ledger: Iterable[Entry]) -> str:
    """The ledger as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Entry))
    writer.writerows(astuple(entry) for entry in ledger)
    return text.getvalue()
