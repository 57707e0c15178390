"""What does SQL say of every pair of a few invented records, and what does a tree of conditions?

The tree is worked out here leaf by leaf, as its definitions read, and with the least, the greatest
and the mirror image of 0 (false), 1 (null) and 2 (true) for AND, OR and NOT.
"""

import random

import duckdb
import numpy as np
from numpy.typing import NDArray

from datafirst.link.engine.conditions import (
    Alike,
    And,
    Apart,
    Condition,
    Edits,
    Equal,
    Holds,
    IsTrue,
    Not,
    Or,
    Shared,
)

Truths = NDArray[np.int8]

FALSE, NULL, TRUE = 0, 1, 2

RECORDS = 18

COLUMNS = {
    "t": "VARCHAR",
    "u": "VARCHAR",
    "written": "VARCHAR",
    "p": "VARCHAR",
    "p_sector": "VARCHAR",
    "p_district": "VARCHAR",
    "p_area": "VARCHAR",
    "e": "VARCHAR",
    "n": "INTEGER",
    "m": "DOUBLE",
    "d": "DATE",
    "d_year_month": "VARCHAR",
    "at": "TIMESTAMP",
    "c": "BOOLEAN",
    "a": "INTEGER[]",
    "b": "VARCHAR[]",
}


def records(con: duckdb.DuckDBPyConnection, seed: int = 7) -> None:
    """A table of records, many of them alike, some without a value."""
    chance = random.Random(seed)
    made = [[_value(chance, name) for name in COLUMNS] for _ in range(RECORDS)]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    con.execute(f"CREATE TABLE records (i INTEGER, {columns})")
    marks = ", ".join("?" for _ in range(len(COLUMNS) + 1))
    con.executemany(f"INSERT INTO records VALUES ({marks})", [[i, *r] for i, r in enumerate(made)])


def _value(chance: random.Random, name: str) -> object:
    if chance.random() < 0.2:
        return None
    year, month, day = (
        chance.choice(["2000", "2001", "2010"]),
        chance.choice("12"),
        chance.choice("01"),
    )
    day = f"{year}-0{month}-1{day}"
    several = [chance.choice([None, 1, 2, 3]) for _ in range(chance.randrange(4))]
    match name:
        case "n":
            return chance.randrange(4)
        case "m":
            return chance.choice([0.0, -0.0, 0.1, 0.3, 1.5, 2.0])
        case "d" | "written":
            return day if chance.random() < 0.8 or name == "d" else "1999-02-31"
        case "at":
            return f"{day} {chance.choice(['00:00:00', '23:59:59', '12:00:00.5'])}"
        case "c":
            return chance.random() < 0.5
        case "a":
            return several
        case "b":
            return [None if each is None else "xyz"[each - 1] for each in several]
        case "p":
            return chance.choice(["AB1 1AB", "AB1 1AC", "AB1 2AB", "A1 1AB", "", "nowhere"])
        case "e":
            return chance.choice(["ab@x", "ba@x", "ab@y", "@x", "abcdef@x", ""])
    return "".join(chance.choice("abé") for _ in range(chance.randrange(5)))


def said(con: duckdb.DuckDBPyConnection, sql: str, table: str = "records") -> Truths:
    """What DuckDB says of each pair, of columns that are called name_l or l.name."""
    names = [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]
    own = {side: ", ".join(f'"{n}" AS "{n}_{side}"' for n in names) for side in "lr"}
    sides = ", ".join(f"(SELECT *, {own[side]} FROM {table}) AS {side}" for side in "lr")
    return _truths(con, f"SELECT CAST(({sql}) AS BOOLEAN) FROM {sides} ORDER BY l.i, r.i")


def told(con: duckdb.DuckDBPyConnection, tree: Condition, table: str = "records") -> Truths:
    """What a tree says of each pair."""
    match tree:
        case And(parts):
            return _most(np.minimum, [told(con, part, table) for part in parts], TRUE, con, table)
        case Or(parts):
            return _most(np.maximum, [told(con, part, table) for part in parts], FALSE, con, table)
        case Not(part):
            return (2 - told(con, part, table)).astype(np.int8)
        case IsTrue(part):
            return np.where(told(con, part, table) == TRUE, TRUE, FALSE).astype(np.int8)
        case Holds(side, sql):
            return _leaf(con, table, sql, sql, "a" if side == "l" else "b")
    return _leaf(con, table, tree.left, tree.right, _question(tree))


def _question(leaf: Condition) -> str:
    """What is asked of a, the left record's value, and b, the right one's."""
    match leaf:
        case Equal():
            return "a = b"
        case Alike(how, _, _, at_least):
            return f"{how}_similarity(a, b) >= CAST('{at_least!r}' AS DOUBLE)"
        case Edits(how, _, _, up_to):
            return f"{how}(a, b) <= {up_to}"
        case Apart(_, _, up_to):
            return f"abs(a - b) <= CAST('{up_to!r}' AS DOUBLE)"
        case Shared(_, _, at_least):
            common = f"len(list_intersect(a, b)) >= {at_least}"
            return f"CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN {common} END"
    raise AssertionError(type(leaf).__name__)


def _leaf(con: duckdb.DuckDBPyConnection, table: str, left: str, right: str, asked: str) -> Truths:
    return _truths(
        con,
        f"SELECT {asked} FROM (SELECT i, {left} AS a FROM {table}) AS x, "
        f"(SELECT i, {right} AS b FROM {table}) AS y ORDER BY x.i, y.i",
    )


def _truths(con: duckdb.DuckDBPyConnection, query: str) -> Truths:
    found = [row[0] for row in con.execute(query).fetchall()]
    assert all(each is None or isinstance(each, bool) for each in found)
    return np.array([NULL if each is None else TRUE if each else FALSE for each in found], np.int8)


def _most(
    of: np.ufunc, each: list[Truths], none: int, con: duckdb.DuckDBPyConnection, table: str
) -> Truths:
    (count,) = con.execute(f"SELECT count(*) ** 2 FROM {table}").fetchall()[0]
    whole = np.full(int(count), none, np.int8)
    for one in each:
        whole = of(whole, one)
    return whole
