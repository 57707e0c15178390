"""How many rows, gaps, codes and years do the released files really hold?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from datafirst.spec import Join, Table, Type, Variable

from .publishable import FEW, bound

NUMERIC = (Type.INTEGER, Type.NUMBER)


@dataclass(frozen=True)
class Joined:
    """How a join turned out. Counts are exact, and are rounded where they are published."""

    rows: int
    """Rows that have something to join on."""
    matched: int
    cardinality: str


@dataclass(frozen=True)
class Figures:
    """A table in numbers. Counts are exact, and are rounded where they are published."""

    rows: int
    missing: Mapping[str, int]
    ranges: Mapping[str, str]
    """From the tenth lowest to the tenth highest value, and no value that few rows hold."""
    codes: Mapping[str, Mapping[str, int]]
    dated_by: str | None
    """The variable whose years the completeness is given for."""
    years: Mapping[int | None, Mapping[str, int]]
    """Year, or None for undated rows: rows (under "") and each variable's filled-in rows."""


def measure(con: DuckDBPyConnection, table: Table, relation: str) -> Figures:
    """The figures of a released table, from the relation that holds its files."""
    filled = _one(con, relation, {"": "count(*)"} | {v.name: f'count("{v.name}")' for v in table})
    rows = filled.pop("")
    dated_by = dating(table)
    return Figures(
        rows=rows,
        missing={name: rows - n for name, n in filled.items()},
        ranges=_ranges(con, table, relation),
        codes={v.name: _codes(con, v, relation) for v in table if v.codes},
        dated_by=dated_by,
        years=_years(con, table, relation, dated_by),
    )


def measure_join(
    con: DuckDBPyConnection, join: Join, relation: str, target: str, one_row: bool
) -> Joined:
    """How many rows of a relation find theirs in another.

    one_row says that the join is on the whole key of the table that it starts from.
    """
    pairs = zip(join.on, join.target, strict=True)
    on = " AND ".join(f'a."{here}" = b."{there}"' for here, there in pairs)
    known = " AND ".join(f'a."{name}" IS NOT NULL' for name in join.on)
    columns = ", ".join(f'"{name}"' for name in join.target)
    sql = f"""
        SELECT count(*), count(b.times), coalesce(max(b.times), 0)
        FROM "{relation}" AS a
        LEFT JOIN (SELECT {columns}, count(*) AS times FROM "{target}" GROUP BY ALL) AS b ON {on}
        WHERE {known}
    """
    rows, matched, times = con.execute(sql).fetchall()[0]
    cardinality = f"{'one' if one_row else 'many'} to {'one' if times <= 1 else 'many'}"
    return Joined(rows, matched, cardinality)


def dating(table: Table) -> str | None:
    """The variable that says when: the first date of the table."""
    return next((v.name for v in table if v.type is Type.DATE), None)


def _one(con: DuckDBPyConnection, relation: str, expressions: Mapping[str, str]) -> dict[str, int]:
    answer = con.execute(f'SELECT {", ".join(expressions.values())} FROM "{relation}"').fetchall()[
        0
    ]
    return dict(zip(expressions, answer, strict=True))


def _ranges(con: DuckDBPyConnection, table: Table, relation: str) -> dict[str, str]:
    measured = [v for v in table if v.type in (*NUMERIC, Type.DATE)]
    if not measured:
        return {}
    ends = [f'{end}("{v.name}", {FEW})[{FEW}]' for v in measured for end in ("min", "max")]
    values = con.execute(f'SELECT {", ".join(ends)} FROM "{relation}"').fetchall()[0]
    named = [v.name for v in measured for _ in range(2)]
    held = _held(con, relation, named, values)
    bounds = [
        None if value is None else bound(value, n, upper=bool(i % 2))
        for i, (value, n) in enumerate(zip(values, held, strict=True))
    ]
    pairs = zip(measured, bounds[::2], bounds[1::2], strict=True)
    return {v.name: f"{low} to {high}" for v, low, high in pairs if low and high}


def _held(
    con: DuckDBPyConnection, relation: str, names: Sequence[str], values: Sequence[object]
) -> tuple[int, ...]:
    counts = ", ".join(f'count(*) FILTER ("{name}" = ?)' for name in names)
    answer: tuple[int, ...] = con.execute(f'SELECT {counts} FROM "{relation}"', values).fetchall()[
        0
    ]
    return answer


def _codes(con: DuckDBPyConnection, variable: Variable, relation: str) -> dict[str, int]:
    sql = f'SELECT "{variable.name}", count(*) FROM "{relation}" GROUP BY 1'
    found = dict(con.execute(sql).fetchall())
    return {code: found.get(code, 0) for code in variable.codes or {}}


def _years(
    con: DuckDBPyConnection, table: Table, relation: str, dated_by: str | None
) -> dict[int | None, dict[str, int]]:
    year = f'year("{dated_by}")' if dated_by else "NULL::BIGINT"
    filled = ", ".join(f'count("{v.name}")' for v in table)
    sql = f'SELECT {year}, count(*), {filled} FROM "{relation}" GROUP BY 1 ORDER BY 1 NULLS LAST'
    names = ["", *(v.name for v in table)]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in con.execute(sql).fetchall()}
