"""Are linkage records made from what was landed, once, and is it told what cleaning found?"""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from datafirst.derive.typed import Landed
from datafirst.lease import lease
from datafirst.scratch import Scratch, scratch
from datafirst.settings import PROJECT, Settings
from datafirst.spec import load
from datafirst.stage import standardised
from datafirst.stage.records import Cleaned, make_records
from datafirst.stage.release import Plan
from datafirst.store import store


@pytest.fixture
def plan(tmp_path: Path, s3: Settings, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A release of Libra alone: Lee, Mc Donald whose home is not fixed, and a company."""
    spec = load(PROJECT / "config")
    who = {"surname": ["LEE", "MC DONALD", None], "postcode": ["B1 1AA", "NF1 1NF", None],
           "defendant_type": ["P", "P", "O"]}  # fmt: skip

    def landed(_: Plan, name: str, __: Scratch) -> Landed:
        table, part = spec.source_table(name), tmp_path / f"{name}.parquet"
        columns = ", ".join(f"CAST(({who.get(v.name)})[n] AS VARCHAR) AS {v.name}" for v in table)
        with duckdb.connect() as con:
            query = f"SELECT n AS _row, {columns} FROM range(1, 4) r(n)".replace("None", "NULL")
            con.execute(f"COPY ({query}) TO '{part}'")
        return Landed(table, (part,), 3)

    monkeypatch.setattr("datafirst.stage.landed.landed_table", landed)
    made = SimpleNamespace(
        spec=spec,
        release=spec.releases["2021-03"],
        snapshots={"libra": SimpleNamespace(digest="as landed")},
        validated=lambda _: SimpleNamespace(digest="as validated"),
        store=lambda name: store(name, s3),
        settings=s3,
    )
    return cast(Plan, made)


def asked(plan: Plan, query: str, model: str = "magistrates", **more: Any) -> list[tuple[Any, ...]]:
    """What a query says of the records that are made for a model."""
    with scratch(plan.settings) as folder, folder.connect() as con:
        models = [plan.spec.linkage.models[model]]
        assert make_records(con, plan, models, folder, **more) == {
            "magistrates": "records_magistrates"
        }
        return con.execute(query).fetchall()


PEOPLE = "SELECT _row, surname FROM records_magistrates"
COLUMNS = "SELECT column_name FROM duckdb_columns() WHERE table_name = 'records_magistrates'"


def test_what_cleaning_found_is_told_as_counts(plan: Plan) -> None:
    told: Cleaned = {}
    assert asked(plan, PEOPLE, told=told) == [(1, "LEE"), (2, "MCDONALD")]
    assert told == {
        "magistrates": {
            "surname": {"MC belongs to what follows": 1},
            "postcode": {"no fixed abode": 1},
        }
    }


def test_only_what_was_asked_for_is_told_and_there(plan: Plan) -> None:
    told: Cleaned = {}
    columns = {name for (name,) in asked(plan, COLUMNS, "journeys", told=told)}
    assert "surname" in columns and "surname_soundex" in columns
    assert "ethnicity" not in columns
    also = {name for (name,) in asked(plan, COLUMNS, "journeys", also=["ethnicity"])}
    assert also == columns | {"ethnicity"}
    assert set(told["magistrates"]) <= columns


def test_they_are_standardised_once_for_every_stage_of_a_release(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asked(plan, PEOPLE)
    monkeypatch.setattr("datafirst.stage.standardised.typed_tables", None)
    assert asked(plan, PEOPLE, "magistrates_crown", also=["ethnicity"]) == first


@pytest.mark.parametrize("anew", ["snapshots", "validated"])
def test_another_snapshot_is_standardised_anew(plan: Plan, anew: str) -> None:
    asked(plan, PEOPLE)
    other = SimpleNamespace(digest="another")
    changed = {"snapshots": {"libra": other}, "validated": lambda _: other}[anew]
    asked(cast(Plan, SimpleNamespace(**{**vars(plan), anew: changed})), PEOPLE)
    kept = [key for key in plan.store("index").keys("records/") if key.endswith(".json")]
    assert len(kept) == 2


def test_a_stage_waits_for_another_that_makes_them(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(plan, PEOPLE)
    index = plan.store("index")
    [record] = [key for key in index.keys("records/") if key.endswith(".json")]
    body, waited = index.read(record), threading.Event()
    index.remove(record)

    def meanwhile(_: float) -> None:
        index.put_once(record, body)
        waited.set()

    monkeypatch.setattr(standardised.time, "sleep", meanwhile)
    with lease(index, record.removesuffix(".json"), 60):
        assert asked(plan, PEOPLE) == [(1, "LEE"), (2, "MCDONALD")]
    assert waited.is_set()
