"""A snapshot shows one moment of its source, gives the same bytes again, and is whole or absent."""

import hashlib
import io
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from datafirst.errors import SourceError, SpecificationError
from datafirst.extract import postgresql
from datafirst.extract.postgresql import connected
from datafirst.run import Record, recorded
from datafirst.settings import Settings
from datafirst.spec import load
from datafirst.stage.extract import extract
from datafirst.store import store

Sql = Callable[..., list[tuple[object, ...]]]
DAY = "2022-02-01"


def landed(settings: Settings, table: str, day: str = DAY) -> pl.DataFrame:
    landing = store("landing", settings)
    record = taken(settings, day)
    assert record
    return pl.concat(pl.read_parquet(io.BytesIO(landing.read(a.key))) for a in record.of(table))


def taken(settings: Settings, day: str = DAY) -> Record | None:
    return recorded(store("landing", settings), f"snapshots/court/{day}", "extract")


def test_rows_arrive_as_they_are_in_the_order_of_the_key(court: Settings) -> None:
    answer = extract("court", DAY)
    assert answer["rows_of"] == {"case": 100, "hearing": 200}
    assert answer["unspecified_columns"] == {"hearing": 1}
    case = landed(court, "case")
    assert case.columns == ["case_id", "name", "born", "received", "fine", "_row"]
    assert case["_row"].to_list() == list(range(100))
    assert case["case_id"].to_list() == list(range(1, 101))
    assert case["name"].to_list()[:3] == ["Zoë", None, ""]
    assert landed(court, "hearing").schema["hearing"] == pl.Int64


def test_every_object_is_recorded_with_its_hash_and_rows(court: Settings) -> None:
    extract("court", DAY)
    record, landing = taken(court), store("landing", court)
    assert record
    for artefact in record.artefacts:
        assert hashlib.sha256(landing.read(artefact.key)).hexdigest() == artefact.sha256
        assert artefact.bytes <= 32_000_000
    assert sum(a.rows or 0 for a in record.artefacts) == 300


def test_the_same_source_gives_the_same_bytes(court: Settings, sql: Sql) -> None:
    extract("court", DAY)
    sql('CREATE TABLE court.other AS SELECT * FROM court."case" ORDER BY random()')
    sql('TRUNCATE court."case"')
    sql('INSERT INTO court."case" SELECT * FROM court.other')
    extract("court", "2022-02-02")
    first, second = taken(court), taken(court, "2022-02-02")
    assert first and second
    assert [a.sha256 for a in first.artefacts] == [a.sha256 for a in second.artefacts]


def test_a_snapshot_never_changes(court: Settings, sql: Sql) -> None:
    extract("court", DAY)
    before = taken(court)
    sql('DELETE FROM court."case"')
    assert extract("court", DAY)["rows_of"] == {"case": 100, "hearing": 200}
    assert taken(court) == before


def test_rows_inserted_between_the_reading_of_two_tables_are_not_seen(
    court: Settings, config: Path, database: str, sql: Sql
) -> None:
    system = load(config).systems["court"]
    with connected(system, database, "the test's DSN") as source:
        first = sum(b.num_rows for b in source.batches(system.tables["case"]))
        sql("INSERT INTO court.hearing VALUES (1, 3, 'A')")
        sql("INSERT INTO court.\"case\" VALUES (101, '', '01/02/1980')")
        second = sum(b.num_rows for b in source.batches(system.tables["hearing"]))
        again = sum(b.num_rows for b in source.batches(system.tables["case"]))
    assert (first, second, again) == (100, 200, 100)


def test_a_source_that_is_written_to_all_the_time_shows_one_moment(
    court: Settings, sql: Sql
) -> None:
    sql("DELETE FROM court.hearing")
    sql("INSERT INTO court.hearing SELECT case_id, 1, 'A' FROM court.\"case\"")
    done = threading.Event()

    def write() -> None:
        number = 1000
        while not done.wait(0.001):
            number += 1
            sql(
                f"WITH c AS (INSERT INTO court.\"case\" VALUES ({number}, '', '01/02/1980')) "
                f"INSERT INTO court.hearing VALUES ({number}, 1, 'A')"
            )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        rows = extract("court", DAY)["rows_of"]
    finally:
        done.set()
        writer.join()
    assert rows["case"] == rows["hearing"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DROP TABLE court.hearing", "court.hearing: the source has no such table"),
        (
            "ALTER TABLE court.hearing DROP COLUMN outcome",
            "court.hearing.outcome: the source has no such column",
        ),
        (
            "ALTER TABLE court.hearing ALTER COLUMN outcome TYPE integer USING 1",
            "court.hearing.outcome: expected text, found integer",
        ),
        ("DELETE FROM court.hearing", "court.hearing: the source holds no rows"),
    ],
)
def test_a_source_that_has_drifted_is_refused_by_name(
    court: Settings, sql: Sql, change: str, says: str
) -> None:
    sql(change)
    with pytest.raises(SourceError, match=says):
        extract("court", DAY)
    assert taken(court) is None


def test_every_difference_is_named_at_once(court: Settings, sql: Sql) -> None:
    sql("DROP TABLE court.hearing")
    sql('ALTER TABLE court."case" DROP COLUMN fine')
    with pytest.raises(SourceError) as refusal:
        extract("court", DAY)
    assert len(str(refusal.value).splitlines()) == 2


def test_a_connection_dropped_in_the_middle_leaves_no_half_snapshot(
    court: Settings, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql("ALTER TABLE court.hearing ALTER COLUMN outcome TYPE text")
    sql(
        "INSERT INTO court.hearing SELECT 1000 + i, 1, repeat('A', 1000) "
        "FROM generate_series(1, 50000) i"
    )
    original = postgresql.PostgreSQL.batches

    def cut(self: postgresql.PostgreSQL, table: object) -> object:
        for number, batch in enumerate(original(self, table)):  # type: ignore[arg-type]
            if table.name == "hearing" and number == 0:  # type: ignore[attr-defined]
                sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            yield batch

    monkeypatch.setattr(postgresql.PostgreSQL, "batches", cut)
    with pytest.raises(SourceError, match=r"court\.hearing: the connection was lost"):
        extract("court", DAY)
    assert taken(court) is None
    monkeypatch.undo()


def test_a_value_that_does_not_fit_is_not_in_the_message(court: Settings, sql: Sql) -> None:
    # A view whose cast fails while rows stream: PostgreSQL's message quotes the value.
    sql("ALTER TABLE court.hearing RENAME TO kept")
    sql(
        "CREATE VIEW court.hearing AS SELECT case_id, hearing, "
        "('SECRET' || outcome)::int::text AS outcome FROM court.kept"
    )
    with pytest.raises(SourceError, match=r"court\.hearing: PostgreSQL failed while") as refusal:
        extract("court", DAY)
    assert "SECRET" not in str(refusal.value) and refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("dsn", "says"),
    [
        ("postgresql://someone:hunter2@127.0.0.1:1/x", "no PostgreSQL server answers"),
        ("rubbish hunter2", "the address cannot be understood"),
    ],
)
def test_a_source_that_does_not_answer_is_named_without_its_password(
    court: Settings, monkeypatch: pytest.MonkeyPatch, dsn: str, says: str
) -> None:
    monkeypatch.setenv("DATAFIRST_SOURCE_COURT_DSN", dsn)
    with pytest.raises(SourceError, match=says) as refusal:
        extract("court", DAY)
    assert "DATAFIRST_SOURCE_COURT_DSN" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_refused_credentials_are_said_to_be_refused(
    court: Settings, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAFIRST_SOURCE_COURT_DSN", database.replace("postgres:@", "no:hunter2@"))
    with pytest.raises(SourceError, match="refuses these credentials") as refusal:
        extract("court", DAY)
    assert "hunter2" not in str(refusal.value)


def test_a_source_without_an_address_says_which_to_set(
    court: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATAFIRST_SOURCE_COURT_DSN")
    with pytest.raises(SourceError, match="set DATAFIRST_SOURCE_COURT_DSN"):
        extract("court", DAY)


def test_an_unknown_system_and_a_date_that_is_none_are_refused(court: Settings) -> None:
    with pytest.raises(SpecificationError, match="describes court"):
        extract("nowhere", DAY)
    with pytest.raises(SpecificationError, match="YYYY-MM-DD"):
        extract("court", "yesterday")
