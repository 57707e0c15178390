"""Are linkage records made from what was landed, and is it told what cleaning found in them?"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from datafirst.derive.typed import Landed
from datafirst.scratch import Scratch
from datafirst.settings import PROJECT
from datafirst.spec import load
from datafirst.stage.records import Cleaned, make_records
from datafirst.stage.release import Plan


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
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

    monkeypatch.setattr("datafirst.stage.records.landed_table", landed)
    return cast(Plan, SimpleNamespace(spec=spec, snapshots={"libra": None}))


def made(plan: Plan, **more: Any) -> list[tuple[Any, ...]]:
    model = plan.spec.linkage.models["magistrates"]
    with duckdb.connect() as con:
        names = make_records(con, plan, [model], cast(Scratch, None), **more)
        assert names == {"magistrates": "records_magistrates"}
        return con.execute("SELECT _row, surname FROM records_magistrates").fetchall()


def test_what_cleaning_found_is_told_as_counts(plan: Plan) -> None:
    told: Cleaned = {}
    assert made(plan, told=told) == [(1, "LEE"), (2, "MCDONALD")]
    assert told == {
        "magistrates": {
            "surname": {"MC belongs to what follows": 1},
            "postcode": {"no fixed abode": 1},
        }
    }


def test_it_is_counted_only_where_somebody_asks(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datafirst.stage.records.cleaned", None)
    assert made(plan) == [(1, "LEE"), (2, "MCDONALD")]
