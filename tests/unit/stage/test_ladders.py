"""What a stage keeps of a release's ladders, and what shares may then ask."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from datafirst.derive.tables import INDIVIDUALS, link
from datafirst.parts import write
from datafirst.spec import Ladder, Rung
from datafirst.stage.ladders import ORDER, climbed
from datafirst.stage.release import Plan

FIVE = ("forename1", "surname", "date_of_birth", "sex", "postcode")
RECORD = (
    "'ANNA' AS forename1, 'MURPHY' AS surname, DATE '1990-02-01' AS date_of_birth, 'F' AS sex, "
    "'LS1 4AB' AS postcode, 'W1' AS ethnicity, 0 AS variant"
)


def a_ladder(right: str, one_to_one: bool) -> Ladder:
    rule = Rung(name="strict", says="All five are equal.", agree=FIVE)
    return Ladder(
        id=f"police_{right}", title="A ladder", version="2022-02", left="police", right=right,
        one_to_one=one_to_one, pairs_up_to=100, rules=(rule,),
    )  # fmt: skip


def a_plan(*ladders: Ladder) -> Plan:
    fields = {name: SimpleNamespace(kind="text", recode={}) for name in (*FIVE, "ethnicity")}
    linkage = SimpleNamespace(
        ladders={x.id: x for x in ladders},
        fields=fields,
        datasets={"police": SimpleNamespace(system="police")},
    )
    release = SimpleNamespace(ladders=tuple(x.id for x in ladders))
    spec = SimpleNamespace(linkage=linkage, systems={"police": SimpleNamespace(tables={})})
    return cast(Plan, SimpleNamespace(spec=spec, release=release))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def records(con: duckdb.DuckDBPyConnection, **rows: int) -> dict[str, str]:
    for name, number in rows.items():
        con.execute(
            f"CREATE TABLE records_{name} AS SELECT '{name}' AS dataset, range AS _row, "
            f"'{name[0]}' || range AS record_id, {RECORD} FROM range({number})"
        )
    return {name: f"records_{name}" for name in rows}


def test_what_two_ladders_find_is_kept_together_in_a_total_order(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    made = a_plan(a_ladder("school", True), a_ladder("court", False))
    found = climbed(con, made, records(con, police=1, school=2, court=3))
    assert found["police_school"]["records"] == {"police": 1, "school": 2}
    assert [rule["tied_right"] for rule in found["police_school"]["rules"]] == [2]
    assert [rule["matched"] for rule in found["police_court"]["rules"]] == [3]
    rows = {
        table: sum(
            part.rows for part in write(con, f"FROM {table}", ORDER[table], tmp_path / table)
        )
        for table in ORDER
    }
    assert rows == {"matches": 3, "ties": 3, "individuals": 6}
    named = con.execute("SELECT individual FROM individuals ORDER BY dataset, _row").fetchall()
    assert [name for (name,) in named] == ["police/p0"] * 4 + ["school/s0", "school/s1"]


def test_without_a_ladder_the_tables_are_there_and_empty(con: duckdb.DuckDBPyConnection) -> None:
    assert climbed(con, a_plan(), {}) == {}
    for table in ORDER:
        assert con.execute(f"FROM {table}").fetchall() == []


def test_shares_ask_for_individuals_whether_there_are_any_or_not(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    climbed(con, a_plan(a_ladder("school", True)), records(con, police=1, school=1))
    [part] = write(con, "FROM individuals", ORDER["individuals"], tmp_path / "individuals")
    for paths, rows in (([], 0), ([part.path], 2)):
        with duckdb.connect() as asking:
            link(asking, [], [], paths)
            described: list[Any] = asking.execute("DESCRIBE individuals").fetchall()
            assert {name: kind for name, kind, *_ in described} == INDIVIDUALS
            assert asking.execute("SELECT count(*) FROM individuals").fetchall() == [(rows,)]
