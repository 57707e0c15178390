"""What do tests of ladders climb? Small ladders, and records written by hand."""

import datetime
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from datafirst.link.ladder import Climbed, climb
from datafirst.link.standardise import parts
from datafirst.spec import Ladder, Linkage, LinkField, Specification

LINKAGE = Path(__file__).parents[3] / "config" / "linkage"
FIELDS = {
    name: LinkField(**field)
    for name, field in tomllib.loads((LINKAGE / "fields.toml").read_text()).items()
}
SPEC = Specification.model_construct(linkage=Linkage(fields=FIELDS))

BORN = datetime.date(1990, 2, 1)
SOMEBODY: Mapping[str, Any] = {
    "variant": 0,
    "forename1": "ANNA",
    "surname": "MURPHY",
    "date_of_birth": BORN,
    "sex": "F",
    "postcode": "LS1 4AB",
    "pnc": None,
    "ethnicity": "W1",
}
COLUMNS = {
    "_row": "BIGINT",
    "variant": "INTEGER",
    **dict.fromkeys(SOMEBODY, "VARCHAR"),
    "date_of_birth": "DATE",
}


def ladder(rules: Sequence[Mapping[str, Any]], **more: Any) -> Ladder:
    """A ladder from police (pnc) to schools (npd) of rules that say the least."""
    told = [{"name": f"rule_{n}", "says": "A rule.", **rule} for n, rule in enumerate(rules, 1)]
    said = {"one_to_one": True, "pairs_up_to": 1000, "rules": told, **more}
    return Ladder(id="small", title="Small", version="2022-02", left="pnc", right="npd", **said)


def written(name: str) -> Ladder:
    """A ladder of the specification."""
    text = (LINKAGE / "ladders" / f"{name}.toml").read_text()
    return Ladder(id=name, **tomllib.loads(text))


def put(con: duckdb.DuckDBPyConnection, dataset: str, people: Iterable[Mapping[str, Any]]) -> str:
    """The linkage records of a dataset. What is not said of somebody is as for SOMEBODY; the row
    is the place in the list, unless it is said."""
    table = f"records_{dataset}"
    said = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE plain ({said})")
    rows = [{"_row": n, **SOMEBODY, **person} for n, person in enumerate(people)]
    if rows:
        marks = ", ".join(f"${name}" for name in COLUMNS)
        con.executemany(f"INSERT INTO plain VALUES ({marks})", rows)
    derived = "".join(
        f", {sql} AS {column}"
        for name in SOMEBODY
        if name in FIELDS
        for column, sql in parts(name, FIELDS[name].kind).items()
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT '{dataset}' AS dataset, "
        f"'{dataset[0]}' || _row AS record_id, *{derived} FROM plain"
    )
    return table


def climbed(
    con: duckdb.DuckDBPyConnection,
    climbing: Ladder,
    left: Iterable[Mapping[str, Any]],
    right: Iterable[Mapping[str, Any]],
) -> tuple[Climbed, ...]:
    """What each rule found; the tables `matches` and `ties` are there."""
    sides = zip(climbing.datasets, (left, right), strict=True)
    records = {dataset: put(con, dataset, people) for dataset, people in sides}
    return climb(con, SPEC, climbing, records)


def pairs(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str]]:
    return con.execute("SELECT left_row, right_row, rule FROM matches").fetchall()


def tied(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    return con.execute("SELECT dataset, _row, rule FROM ties").fetchall()
