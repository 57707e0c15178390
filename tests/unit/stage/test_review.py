"""Is a review kept from its sample to what is settled: once, for good, and read by nobody else?"""

import csv
import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from datafirst.errors import RunRefused, ValidationFailed
from datafirst.link.standardise import parts
from datafirst.parts import write
from datafirst.run import Made, once, recorded
from datafirst.scratch import Scratch, scratch
from datafirst.settings import PROJECT, Settings
from datafirst.spec import FieldKind, load
from datafirst.stage import label as labelling
from datafirst.stage import sample as sampling
from datafirst.stage.drawn import reviewed, samples
from datafirst.stage.measure import measured
from datafirst.store import Store, store

SAID = (
    "source_dataset_l",
    "unique_id_l",
    "source_dataset_r",
    "unique_id_r",
    "clerical_match_score",
)
KINDS = {
    "forename1": FieldKind.NAME, "surname": FieldKind.NAME,
    "date_of_birth": FieldKind.DATE_OF_BIRTH, "postcode": FieldKind.POSTCODE,
}  # fmt: skip
RECORDS = """
SELECT 'magistrates' AS dataset, n AS _row, 0 AS variant, 'r' || n AS record_id,
       ['ANNA', 'OMAR', 'PAUL'][1 + n // 2 % 3] AS forename1,
       ['SMITH', 'KHAN', 'JONES', 'LEE'][1 + n // 2 % 4] AS surname,
       DATE '1980-01-01' + (n // 2 % 5)::INTEGER AS date_of_birth, 'AB1 1AA' AS postcode,
       'F' AS sex, DATE '2020-02-02' AS recorded_on FROM range(100) r(n)"""
TABLES = {
    "people": "SELECT dataset, record_id, _row, 'p' || _row // 2 AS person_standard FROM records",
    "edges": "SELECT 'magistrates' AS dataset_l, 2 * n AS _row_l, 'magistrates' AS dataset_r, "
    "2 * n + 1 AS _row_r, n / 4.0 AS match_weight, 'magistrates' AS model, 2::TINYINT AS strength "
    "FROM range(50) r(n)",
}
ORDER = {"people": ("_row",), "edges": ("_row_l",)}


def make(con: duckdb.DuckDBPyConnection, *_: Any, **__: Any) -> dict[str, str]:
    derived = ", ".join(
        f"{sql} AS {name}"
        for field, kind in KINDS.items()
        for name, sql in parts(field, kind).items()
    )
    con.execute(f"CREATE OR REPLACE TABLE records AS SELECT *, {derived} FROM ({RECORDS})")
    return {"magistrates": "records"}


@pytest.fixture
def index(s3: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A release that was linked: fifty people with two records each."""
    kept, spec = store("index", s3), load(PROJECT / "config")

    def work(folder: Scratch) -> Made:
        made = Made()
        with folder.connect() as con:
            make(con)
            for table, query in TABLES.items():
                for part in write(con, query, ORDER[table], folder / table):
                    made.add(f"{table}/{part.name}", part.path, part.rows)
        return made

    linked = once(kept, "runs/2020-06/abc", "link", {}, work, s3)
    plan = SimpleNamespace(
        spec=spec, release=spec.releases["2020-06"], place="runs/2020-06/abc", settings=s3,
        store=lambda _: kept, done=lambda *_: linked,
    )  # fmt: skip
    monkeypatch.setattr(sampling, "plan", lambda _: plan)
    monkeypatch.setattr(sampling, "make_records", make)
    return kept


given = labelling.Decisions


def decide(folder: Path, name: str, scores: dict[int, str]) -> Path:
    """A reviewer's spreadsheet, its scores filled in by line."""
    with (folder / "review.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for line, score in scores.items():
        rows[line]["clerical_match_score"] = score
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_sample_is_drawn_once_and_written_for_its_owner_only(
    index: Store, tmp_path: Path
) -> None:
    to = tmp_path / "review"
    told = sampling.sample("2020-06", 60, to=to)
    assert told["pairs"] == told["written"]["pairs"] == 60
    for name in told["written"]["files"]:
        assert stat.S_IMODE((to / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    record = recorded(index, told["place"], "sample")
    (to / "review.html").chmod(0o666)  # what stands there is replaced, and not only its text
    assert sampling.sample("2020-06", 60, to=to)["sample"] == told["sample"]
    assert stat.S_IMODE((to / "review.html").stat().st_mode) == 0o600
    assert recorded(index, told["place"], "sample") == record
    assert sampling.sample("2020-06", 60, seed=2)["sample"] != told["sample"]
    assert "KHAN" in (to / "review.html").read_text()
    assert "KHAN" not in json.dumps(told)
    assert "Recorded on" not in (to / "review.html").read_text()


def test_a_review_from_its_sample_to_what_is_settled(
    index: Store, s3: Settings, tmp_path: Path
) -> None:
    sampling.sample("2020-06", 60, to=tmp_path)
    first = labelling.label(
        "2020-06", given(decide(tmp_path, "a", {0: "1", 1: "0", 2: "1"}), "Ann")
    )
    assert (first["decisions"], first["undecided"]) == (3, 57)
    assert first["pairs"] == {"one": 3, "open": 57}
    second = labelling.label("2020-06", given(decide(tmp_path, "b", {0: "1", 1: "1"}), "Bea"))
    assert (second["pairs"], second["in_dispute"]) == ({"one": 1, "open": 58, "two agree": 1}, 1)
    assert second["agreement"]["pairs"] == 2

    disputed = tmp_path / "disputed"
    told = sampling.sample("2020-06", 60, to=disputed, in_dispute=True)
    assert told["written"]["pairs"] == 1
    with pytest.raises(ValidationFailed, match="another must adjudicate"):
        labelling.label("2020-06", given(decide(disputed, "c", {0: "0"}), "Bea", adjudicates=True))
    third = labelling.label(
        "2020-06", given(decide(disputed, "d", {0: "0"}), "Cem", adjudicates=True)
    )
    assert third["pairs"] == {"adjudicated": 1, "one": 1, "open": 57, "two agree": 1}
    assert sampling.sample("2020-06", 60, to=disputed, in_dispute=True)["written"]["pairs"] == 0

    with scratch(s3) as folder, folder.connect() as con:
        [drawn] = samples(index, "2020-06")
        reviewed(con, index, drawn, folder)
        rows = con.execute("SELECT * FROM settled WHERE decided_by <> 'open'").fetchall()
        events = con.execute("SELECT event, reviewer FROM decisions ORDER BY event").fetchall()
    assert rows == [(1, True, "two agree"), (2, False, "adjudicated"), (3, True, "one")]
    assert [who for _, who in events] == ["Ann"] * 3 + ["Bea"] * 2 + ["Cem"]


def test_a_file_is_taken_in_once_and_a_changed_mind_is_added(index: Store, tmp_path: Path) -> None:
    sampling.sample("2020-06", 60, to=tmp_path)
    file = decide(tmp_path, "a", {0: "1"})
    first = labelling.label("2020-06", given(file, "Ann"))
    assert labelling.label("2020-06", given(file, "Ann")) == first
    changed = labelling.label("2020-06", given(decide(tmp_path, "b", {0: "0"}), "Ann"))
    assert changed["reviewers"][0]["no_match"] == 1
    assert changed["reviewers"][0]["changed"] == 1
    assert sorted(k for k in index.keys("labels/") if k.endswith(".json")) == [
        "labels/2020-06/label-00001.json", "labels/2020-06/label-00002.json"
    ]  # fmt: skip


def test_decisions_are_about_every_sample_of_the_release_whatever_its_run(
    index: Store, s3: Settings, tmp_path: Path
) -> None:
    few = sampling.sample("2020-06", 60, to=tmp_path)["sample"]
    every = sampling.sample("2020-06", 1_000_000)["sample"]
    labelling.label("2020-06", given(decide(tmp_path, "a", {0: "1", 1: "0"}), "Ann"))
    for drawn in samples(index, "2020-06"):
        with scratch(s3) as folder, folder.connect() as con:
            reviewed(con, index, drawn, folder)
            n = con.execute("SELECT count(*) FROM settled WHERE decided_by = 'one'").fetchall()
        assert n == [(2,)]
    assert {drawn.id for drawn in samples(index, "2020-06")} == {few, every}
    assert samples(index, "2020-08") == []


def test_nothing_of_a_file_with_a_fault_is_kept(index: Store, tmp_path: Path) -> None:
    sampling.sample("2020-06", 60, to=tmp_path)
    with pytest.raises(ValidationFailed, match=r"not 1, 0 or 0.5 \(line 3\)"):
        labelling.label("2020-06", given(decide(tmp_path, "a", {0: "1", 1: "KHAN"}), "Ann"))
    (tmp_path / "latin").write_bytes(",".join(SAID).encode() + b"\n\xe9,1,2,3,1\n")
    with pytest.raises(ValidationFailed, match="not UTF-8"):
        labelling.label("2020-06", given(tmp_path / "latin", "Ann"))
    with pytest.raises(ValidationFailed, match="cannot be read"):
        labelling.label("2020-06", given(tmp_path / "nowhere", "Ann"))
    assert list(index.keys("labels/")) == []


def test_no_log_names_a_reviewer_or_a_file(
    index: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sampling.sample("2020-06", 60, to=tmp_path)
    with caplog.at_level("INFO"):
        measured("label", labelling.label)("2020-06", given(decide(tmp_path, "a", {0: "1"}), "Ann"))
    assert "label 2020-06 a reviewer's decisions" in caplog.text
    assert "Ann" not in caplog.text and str(tmp_path) not in caplog.text


def test_without_a_sample_there_is_nothing_to_decide(index: Store, tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match=r"datafirst sample 2020-06 --pairs"):
        labelling.label("2020-06", given(tmp_path / "a.csv", "Ann"))
