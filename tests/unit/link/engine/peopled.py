"""Whom is a model applied to? Invented records at random: few values, mistyped, missing, the same.

Texts are of any length and alphabet, empty ones too; ids are not in the order of their table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from .crossed import COLUMNS as CROSSED
from .likeness import LENGTHS, LETTERS, NAMES, mistyped

COLUMNS = {
    **CROSSED,
    "code": "VARCHAR",
    "k": "VARCHAR",
    "f": "VARCHAR[]",
    "money": "DECIMAL(9, 2)",
    "changed": "BOOLEAN",
}

IDS = {
    "whole": "INTEGER",
    "far": "BIGINT",
    "unsigned": "UBIGINT",
    "text": "VARCHAR",
}
"""Kinds of ids, and their types."""

ADJUSTING = ("t", "u", "code", "n")
"""The columns whose frequent values weigh less."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class People:
    """Records at random, the same for the same seed."""

    seed: int
    records: int
    different: int
    """At most so many are different in their names; others are the same, or a field is."""
    missing: float
    """How often there is no value."""
    ids: str


def peopled(
    con: duckdb.DuckDBPyConnection, people: People, names: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Makes a table of records for each dataset, and one of frequencies for each column that
    adjusts weights: the tables by dataset, and by column."""
    chance = Random(people.seed)
    words = [_text(chance) for _ in range(6)]
    known = [
        tuple(_value(chance, name, words, people.missing) for name in COLUMNS)
        for _ in range(people.different)
    ]
    tables = {}
    for n, name in enumerate(names):
        tables[name] = f"records_{n}"
        rows = [_like(chance, known, words, people.missing) for _ in range(people.records)]
        _written(con, tables[name], _ids(chance, people), IDS[people.ids], rows)
    return tables, {each: _frequencies(con, tables, each, chance) for each in ADJUSTING}


def _like(chance: Random, known: list[Row], words: list[str], missing: float) -> Row:
    """A record that is known already, or but for one field."""
    row = list(chance.choice(known))
    if chance.random() < 0.5:
        at = chance.randrange(len(row))
        row[at] = _value(chance, list(COLUMNS)[at], words, missing)
    return tuple(row)


def _text(chance: Random) -> str:
    letters = chance.choice(LETTERS)
    made = "".join(chance.choice(letters) for _ in range(chance.choice(LENGTHS)))
    return chance.choice([made, chance.choice(NAMES)])


def _value(chance: Random, name: str, words: list[str], missing: float) -> Any:
    if chance.random() < missing:
        return None
    day = (
        f"{chance.choice(['1990', '1991', '2004'])}-0{chance.choice('123')}-1{chance.choice('01')}"
    )
    word = chance.choice(words)
    several = [chance.choice([*words[:3], None]) for _ in range(chance.randrange(4))]
    match name:
        case "n":
            return chance.randrange(4)
        case "m":
            return chance.choice([0.0, -0.0, 0.1, 0.3, 1.5, float("nan"), float("inf")])
        case "money":
            return chance.choice(["0", "1.10", "-3.25"])
        case "d" | "written":
            return day if chance.random() < 0.9 or name == "d" else "1999-02-31"
        case "at":
            return f"{day} {chance.choice(['00:00:00', '23:59:59', '12:00:00.5'])}"
        case "c" | "changed":
            return chance.random() < 0.3
        case "a":
            return [chance.choice([None, 1, 2, 3]) for _ in range(chance.randrange(4))]
        case "b":
            return several
        case "f":
            return several[::-1]
        case "p":
            return chance.choice(["AB1 1AB", "AB1 1AC", "AB1 2AB", "A1 1AB", "", "nowhere"])
        case "k":
            return chance.choice("xyz")
    return word if chance.random() < 0.5 else mistyped(word, chance)


def _ids(chance: Random, people: People) -> list[Any]:
    match people.ids:
        case "whole":
            made: list[Any] = list(range(-5, people.records - 5))
        case "far":
            made = [chance.randrange(-(2**63), 2**63) for _ in range(people.records)]
        case "unsigned":
            made = [chance.randrange(2**64) for _ in range(people.records)]
        case _:
            made = [f"{n}{chance.choice('aé😀')}" for n in range(people.records)]
    chance.shuffle(made)
    return made


def _written(
    con: duckdb.DuckDBPyConnection, table: str, ids: list[Any], kind: str, rows: list[Row]
) -> None:
    """Values go as texts and are cast, so that each column has a type of its own."""
    kinds = {"unique_id": kind, **COLUMNS}
    columns = [ids, *map(list, zip(*rows, strict=True))]
    told = {
        name: pa.array(map(_said, column), pa.list_(pa.string()) if "[" in kind else pa.string())
        for (name, kind), column in zip(kinds.items(), columns, strict=True)
    }
    con.register("rows_told", pa.table(told))
    cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in kinds.items())
    con.execute(f"CREATE TABLE {table} AS SELECT {cast} FROM rows_told")
    con.unregister("rows_told")


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(each) for each in value]
    return None if value is None else str(value)


def _frequencies(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, str], column: str, chance: Random
) -> str:
    """How frequent values are said to be, whatever they are here; of some it is not said."""
    each = " UNION ALL ".join(f'SELECT "{column}" AS v FROM {table}' for table in tables.values())
    values = con.execute(f"SELECT DISTINCT v FROM ({each}) WHERE v IS NOT NULL ORDER BY v")
    told = [(v, chance.choice([1.0, 0.3, 0.01, 1e-5])) for (v,) in values.fetchall()]
    kind = COLUMNS[column]
    con.execute(f'CREATE TABLE tf_{column} ("{column}" {kind}, "tf_{column}" DOUBLE)')
    kept = [list(each) for each in told if chance.random() < 0.8]
    if kept:
        con.executemany(f"INSERT INTO tf_{column} VALUES (?, ?)", kept)
    return f"tf_{column}"
