"""Is a table right as a whole? Its key is unique, and its rows find their rows elsewhere."""

from collections.abc import Iterable

import duckdb

from datafirst.spec import Join, Table


def columns_kept(tables: Iterable[Table]) -> dict[str, list[str]]:
    """Of each table, the columns that its key and every join to or from it need."""
    tables = list(tables)
    kept = {t.id: dict.fromkeys(t.key) for t in tables}
    for table in tables:
        for join in table.joins:
            kept[table.id].update(dict.fromkeys(join.on))
            if join.table in kept:
                kept[join.table].update(dict.fromkeys(join.target))
    return {name: list(columns) for name, columns in kept.items()}


def later_duplicates(table: Table, keys: str, broken: str) -> str:
    """SELECT the rows that repeat the key of an earlier row.

    Rows that break another rule do not count: a good row is not lost to a bad one before it.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    return f"""
        WITH good AS (SELECT * FROM {keys} ANTI JOIN {broken} USING (_row)),
        twice AS (
            SELECT {key}, min(_row) AS first FROM good GROUP BY {key} HAVING count(*) > 1
        )
        SELECT _row FROM good JOIN twice USING ({key}) WHERE _row > first
    """


def unmatched(con: duckdb.DuckDBPyConnection, join: Join, keys: str, others: str) -> int:
    """How many rows point to a row of another table that is not there. A null points nowhere."""
    pairs = list(zip(join.on, join.target, strict=True))
    points = " AND ".join(f'mine."{on}" IS NOT NULL' for on in join.on)
    meet = " AND ".join(f'mine."{on}" = theirs."{to}"' for on, to in pairs)
    row = con.execute(
        f"SELECT count(*) FROM (SELECT * FROM {keys} AS mine WHERE {points}) AS mine "
        f"ANTI JOIN {others} AS theirs ON {meet}"
    ).fetchone()
    assert row is not None
    return int(row[0])
