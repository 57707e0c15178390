"""Was anything lost on the way out? Every treatment but the outward code keeps what was known."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.errors import DisclosureRefused
from datafirst.spec import Table, Treatment


def nothing_lost(
    con: DuckDBPyConnection, tables: Mapping[str, Table], paths: Mapping[str, Sequence[Path]]
) -> None:
    """Proves that each variable is known in as many released rows as in the derived table, which
    is in the relation `<share>.<table>`.

    Raises DisclosureRefused with counts: a pseudonym that was not found is an empty value, and
    where values may be missing nothing else would notice.
    """
    faults = [fault for name, table in tables.items() for fault in _faults(con, table, paths[name])]
    if faults:
        raise DisclosureRefused("\n".join(faults))


def _faults(con: DuckDBPyConnection, table: Table, paths: Sequence[Path]) -> Iterator[str]:
    names = [v.name for v in table if v.release is not Treatment.OUTWARD_CODE]
    known = ", ".join(f'count("{name}")' for name in names)
    files = [str(path) for path in paths]
    before = con.execute(f'SELECT {known} FROM "{table.group}"."{table.name}"').fetchall()[0]
    after = con.execute(f"SELECT {known} FROM read_parquet(?)", [files]).fetchall()[0]
    for name, derived, left in zip(names, before, after, strict=True):
        if derived != left:
            yield f"{table.id}.{name}: known in {derived:,} rows as derived, {left:,} as released"
