"""A snapshot passes with its bad rows set aside, or is refused with every reason."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from datafirst.errors import SourceError, ValidationFailed
from datafirst.run import Record, recorded
from datafirst.settings import Settings, settings
from datafirst.spec import load
from datafirst.stage.extract import extract
from datafirst.stage.release import validation
from datafirst.stage.validate import validate
from datafirst.store import store

Sql = Callable[..., list[tuple[object, ...]]]
DAY = "2022-02-01"


def passed(court: Settings) -> Record | None:
    landing, place = store("landing", court), f"snapshots/court/{DAY}"
    taken = recorded(landing, place, "extract")
    assert taken
    name = validation(load(court.config).systems["court"], taken)
    return recorded(landing, place, name)


def test_a_clean_snapshot_passes_with_an_empty_quarantine(court: Settings) -> None:
    extract("court", DAY)
    assert validate("court", DAY)["quarantined"] == {}
    record = passed(court)
    assert record and record.counts["tables"]["case"]["rows"] == 100
    assert record.counts["tables"]["case"]["missing"] == {"name": 33}
    assert [a.name for a in record.artefacts] == [
        "case/quarantine.parquet",
        "hearing/quarantine.parquet",
    ]


def test_bad_rows_are_set_aside_with_the_rules_they_break(court: Settings, sql: Sql) -> None:
    sql("UPDATE court.\"case\" SET born = '31/02/1980' WHERE case_id = 3")
    sql("UPDATE court.\"case\" SET received = '1970-01-01' WHERE case_id IN (5, 7)")
    sql("UPDATE court.\"case\" SET received = 'infinity', fine = 'NaN' WHERE case_id = 9")
    sql('INSERT INTO court."case" SELECT * FROM court."case" WHERE case_id IN (10, 3)')
    extract("court", DAY)
    assert validate("court", DAY)["quarantined"] == {"case": 6}
    record = passed(court)
    assert record
    counts = record.counts["tables"]["case"]
    rule = "rule:nobody_is_received_before_they_are_born"
    assert counts["broken"] == {
        "key": 1,
        rule: 2,
        "type:born": 2,
        "type:fine": 1,
        "type:received": 1,
    }
    assert counts["first_broken"] == {"key": 1, rule: 2, "type:born": 2, "type:fine": 1}
    [artefact] = record.of("case")
    rows = pl.read_parquet(io.BytesIO(store("landing", court).read(artefact.key)))
    assert rows.columns == ["_row", "rule", "first"]
    assert rows.filter("first")["_row"].to_list() == [2, 3, 5, 7, 9, 11]


def test_every_excess_is_named_at_once_with_counts_and_no_value(court: Settings, sql: Sql) -> None:
    sql("UPDATE court.\"case\" SET born = 'SECRET' WHERE case_id <= 60")
    sql("UPDATE court.hearing SET outcome = 'S' WHERE case_id = 1")
    sql("INSERT INTO court.hearing VALUES (777, 1, 'A')")
    extract("court", DAY)
    with pytest.raises(ValidationFailed) as refusal:
        validate("court", DAY)
    said = str(refusal.value).splitlines()
    assert said[0] == (
        "court.case: 60 of 100 rows break a rule (60.00%); quarantine_up_to tolerates 50.00% "
        "(type:born 60)"
    )
    assert said[1].startswith("court.hearing: 2 of 201 rows break a rule (1.00%)")
    assert said[2].startswith("court.hearing: 1 of 201 rows find no case_id in court.case")
    assert "SECRET" not in str(refusal.value) and passed(court) is None
    landing = store("landing", court)
    [kept] = [k for k in landing.keys("snapshots/court") if "validate-failed-" in k]
    assert json.loads(landing.read(kept))["tables"]["case"]["broken"] == {"type:born": 60}
    assert kept in said[-1]


def test_another_specification_is_another_validation(court: Settings, config: Path) -> None:
    extract("court", DAY)
    validate("court", DAY)
    table = config / "sources/court/hearing.toml"
    table.write_text(table.read_text().replace("minimum = 1", "minimum = 2"))
    with pytest.raises(ValidationFailed, match="minimum:hearing 100"):
        validate("court", DAY)


def test_a_snapshot_that_was_not_taken_is_named(court: Settings) -> None:
    with pytest.raises(SourceError, match="no snapshot 2022-02-01 of court"):
        validate("court", DAY)


def test_a_specification_that_grew_since_the_snapshot_asks_for_a_new_one(
    court: Settings, config: Path
) -> None:
    extract("court", DAY)
    table = config / "sources/court/hearing.toml"
    more = (
        '[variables.judge]\ndescription = "Judge."\nrole = "research"\ntype = "string"\n[[joins]]'
    )
    table.write_text(table.read_text().replace("[[joins]]", more))
    settings.cache_clear()
    with pytest.raises(ValidationFailed, match=r"required:judge.*take a new snapshot"):
        validate("court", DAY)
