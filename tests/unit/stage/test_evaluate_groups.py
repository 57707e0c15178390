"""Is error told by group, by the truth and by what reviewers found, whichever there is?"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from datafirst.errors import SourceError
from datafirst.parts import write
from datafirst.run import Made, once
from datafirst.scratch import Scratch
from datafirst.settings import PROJECT, Settings
from datafirst.spec import load
from datafirst.stage import evaluate as evaluating
from datafirst.store import store

TABLES = {
    "people": ("SELECT 'd' AS dataset, 'r' || n AS record_id, n AS _row, 'p' || n // 2 AS "
               "person_strict, 'p' || n // 2 AS person_standard, 'p' || n // 2 AS person_loose, "
               "'p' || n // 2 AS dataset_person, 'ABCD'[1 + n // 2] AS band FROM range(8) r(n)"),
    "journeys": "SELECT 1 AS n WHERE false",
    "matches": "SELECT 1 AS n WHERE false",
    "individuals": "SELECT '' AS dataset, '' AS record_id WHERE false",
}  # fmt: skip

ORDER = {"people": ("_row",), "individuals": ("record_id",)}


def records(con: duckdb.DuckDBPyConnection, *_: Any, also: Any) -> dict[str, str]:
    """Of the eight records the last two are men's; the others' are women's."""
    assert "recorded_on" in also
    con.execute(
        "CREATE TABLE records_d AS SELECT 'd' AS dataset, n AS _row, 0 AS variant, "
        "CASE WHEN n < 6 THEN 'F' ELSE 'M' END AS sex FROM range(8) r(n)"
    )
    return {"d": "records_d"}


@pytest.fixture
def linked(s3: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, spec = store("index", s3), load(PROJECT / "config")

    def work(folder: Scratch) -> Made:
        made = Made(counts={"records": {"d": 8}, "ladders": {}})
        with folder.connect() as con:
            for table, query in TABLES.items():
                for part in write(
                    con,
                    query,
                    ORDER.get(table, ("n",)),
                    folder / table,
                ):
                    made.add(f"{table}/{part.name}", part.path, part.rows)
        return made

    record = once(kept, "runs/2020-06/abc", "link", {}, work, s3)
    plan = SimpleNamespace(
        spec=spec, release=spec.releases["2020-06"].model_copy(update={"ladders": ()}),
        store=lambda _: kept, done=lambda *_: record, snapshots={},
    )  # fmt: skip
    monkeypatch.setattr(evaluating, "plan", lambda _: plan)
    monkeypatch.setattr(evaluating, "make_records", records)
    monkeypatch.setattr(evaluating, "estimated", lambda *_: None)


def truth(con: duckdb.DuckDBPyConnection, *_: Any) -> None:
    """One woman's two records were taken for two people's: r3 is of the first."""
    con.execute(evaluating.TRUTH)
    con.execute(
        "INSERT INTO truth SELECT 'd', 'r' || n, CASE n WHEN 3 THEN 't0' ELSE 't' || n // 2 END "
        "FROM range(8) r(n)"
    )


def test_error_is_told_by_group(linked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "_truth", truth)
    told = evaluating.evaluate("2020-06")
    assert [(b["band"], b["precision"]) for b in told["bands"] if not b["dataset"]] == [
        ("A", 1.0), ("B", 0.0), ("C", 1.0), ("D", 1.0),
    ]  # fmt: skip
    women, men = (g for g in told["groups"] if g["by"] == "sex")
    assert (women["category"], women["linked"], women["true"]) == ("female", 3, 4)
    assert (women["precision"], women["recall"]) == (round(2 / 3, 6), 0.5)
    assert (men["category"], men["precision"], men["recall"]) == ("male", 1.0, 1.0)
    assert told["estimates"] is None


def test_without_a_truth_what_reviewers_found_is_told(
    linked: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nothing(*_: Any) -> None:
        raise SourceError("no truth")

    monkeypatch.setattr(evaluating, "_truth", nothing)
    with pytest.raises(SourceError, match="no truth"):
        evaluating.evaluate("2020-06")
    monkeypatch.setattr(evaluating, "estimated", lambda *_: {"decided": 3})
    told = evaluating.evaluate("2020-06")
    assert (told["estimates"], told["people"], told["groups"]) == ({"decided": 3}, {}, [])
    with pytest.raises(SourceError, match="no truth"):
        evaluating.evaluate("2020-06", tmp_path)
