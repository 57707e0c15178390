"""What is asked of a source, what counts as drift, and how rows land."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Event

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import SourceError
from datafirst.extract.columns import arrow_schema
from datafirst.extract.drift import differences, unspecified
from datafirst.extract.land import Landing, _ahead, land
from datafirst.extract.query import select
from datafirst.spec import Table, Type, Variable

FORMATS = {"born": "%d/%m/%Y"}


def table(**types: str) -> Table:
    variables = {
        name: Variable(
            name=name,
            role="research",  # type: ignore[arg-type]
            type=Type(kind),
            description="A.",
            format=FORMATS.get(name),
        )
        for name, kind in types.items()
    }
    return Table(
        id="court.case",
        title="Cases",
        description="Cases.",
        grain="One row per case.",
        key=(next(iter(types)),),
        variables=variables,
    )


CASE = table(number="string", born="date", received="date", fine="number")


def test_columns_are_named_typed_and_totally_ordered_whatever_the_locale() -> None:
    assert select(CASE, "court") == (
        'SELECT\n  "number"::text AS "number",\n  "born"::text AS "born",\n'
        '  "received"::date AS "received",\n  "fine"::double precision AS "fine"\n'
        'FROM "court"."case"\n'
        'ORDER BY "number"::text COLLATE "C", "born"::text COLLATE "C", "received", "fine"'
    )


AS_SPECIFIED = {
    "number": "character varying",
    "born": "text",
    "received": "date",
    "fine": "numeric",
}


def test_types_that_are_read_without_loss_are_no_drift() -> None:
    assert not list(differences(CASE, AS_SPECIFIED))


@pytest.mark.parametrize(
    ("column", "found", "expected"),
    [
        ("number", "bigint", "text"),
        ("born", "date", "text"),
        ("received", "timestamp without time zone", "date"),
        ("fine", "text", "double precision"),
    ],
)
def test_another_type_is_named_with_the_one_expected(
    column: str, found: str, expected: str
) -> None:
    [fault] = differences(CASE, {**AS_SPECIFIED, column: found})
    assert fault.startswith(f"court.case.{column}: expected {expected}, found {found};")
    assert "config/sources/court/case.toml" in fault


def test_what_is_missing_is_named_and_what_is_more_is_counted() -> None:
    [fault] = differences(CASE, None)
    assert fault.startswith("court.case: the source has no such table")
    faults = list(differences(CASE, {"number": "text", "x": "text", "y": "xml"}))
    assert [f.split(":")[0] for f in faults] == [
        "court.case.born",
        "court.case.received",
        "court.case.fine",
    ]
    assert unspecified(CASE, {**AS_SPECIFIED, "x": "text", "y": "xml"}) == 2


NUMBERS = table(number="integer", word="string")


def batches(rows: int, size: int, width: int = 5) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(NUMBERS)
    for start in range(0, rows, size):
        numbers = range(start, min(rows, start + size))
        words = [hashlib.sha256(str(n).encode()).hexdigest() * width for n in numbers]
        yield pa.RecordBatch.from_arrays([pa.array(numbers), pa.array(words)], schema=schema)


@settings(max_examples=20, deadline=None)
@given(rows=st.integers(0, 500), size=st.integers(1, 300), other=st.integers(1, 300))
def test_the_bytes_do_not_depend_on_how_the_source_cuts_its_batches(
    tmp_path_factory: pytest.TempPathFactory, rows: int, size: int, other: int
) -> None:
    written = []
    for cut in (size, other):
        folder = tmp_path_factory.mktemp("landed")
        landing = Landing(folder, arrow_schema(NUMBERS), part_bytes=30_000, piece_rows=64)
        parts = land(batches(rows, cut), landing)
        assert sum(count for _, count in parts) == landing.rows == rows
        assert all(path.stat().st_size <= 30_000 for path, _ in parts)
        written.append([path.read_bytes() for path, _ in parts])
        ordinals = [n for path, _ in parts for n in pq.read_table(path)["_row"].to_pylist()]
        assert ordinals == list(range(rows))
    assert written[0] == written[1]


def test_rows_too_wide_for_a_part_together_go_to_several(tmp_path: Path) -> None:
    landing = Landing(tmp_path, arrow_schema(NUMBERS), part_bytes=20_000, piece_rows=64)
    parts = land(batches(64, 64, width=20), landing)
    assert len(parts) > 1 and sum(rows for _, rows in parts) == 64
    assert all(path.stat().st_size <= 20_000 for path, _ in parts)


def test_a_part_names_no_reader_in_its_schema(tmp_path: Path) -> None:
    [(path, _)] = land(batches(10, 10), Landing(tmp_path, arrow_schema(NUMBERS)))
    assert pq.read_metadata(path).metadata is None
    assert [f.name for f in pq.read_schema(path)] == ["number", "word", "_row"]


def test_the_source_sends_while_rows_are_written() -> None:
    """And what goes wrong with it is told after the rows that came before."""
    asked = Event()

    def source() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"number": ["1"]})
        asked.set()
        yield pa.record_batch({"number": ["2"]})
        raise SourceError("the connection was lost")

    batches = _ahead(source())
    assert next(batches).column("number").to_pylist() == ["1"]
    assert asked.wait(10)
    assert [batch.num_rows for batch in islice(batches, 1)] == [1]
    with pytest.raises(SourceError, match="lost"):
        next(batches)
