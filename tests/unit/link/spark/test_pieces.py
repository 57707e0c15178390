"""Do the pieces give what the whole gives, each pair once, however the work is cut?"""

import datetime
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from datafirst.errors import UnforeseenFailure
from datafirst.link import frequencies
from datafirst.link.engine import edges
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.plan import plan
from datafirst.link.inputs import inputs
from datafirst.link.score import settings_now
from datafirst.link.spark import worker
from datafirst.link.spark.pieces import Piece, Size, cut
from datafirst.link.spark.worker import Task, compared

from ..conftest import Courts
from .model import COLUMNS, settings, shares
from .piecewise import piecewise, whole

DAY = datetime.date(1980, 1, 1)
NAMES = st.sampled_from(["ANN", "ANNE", "ANNA", "BOB", "BOBBY", "E", "Ünal", None])
PERSON = st.tuples(
    NAMES,
    st.integers(0, 5).map(lambda n: DAY + datetime.timedelta(days=n)) | st.none(),
    st.sampled_from(["LEEDS", "YORK", "E", None]),
    st.booleans(),
)
PEOPLE = st.lists(st.tuples(PERSON, st.integers(1, 3)), max_size=12).map(
    lambda some: [person for person, times in some for _ in range(times)]
)
"""Some of them written down again just as they were."""
SIZES = st.builds(Size, st.integers(1, 40), st.integers(1, 40))


def table(con: duckdb.DuckDBPyConnection, name: str, people: list[Any], first: int = 0) -> str:
    shape = "unique_id BIGINT, name VARCHAR, born DATE, town VARCHAR, changed BOOLEAN"
    con.execute(f"CREATE TABLE {name} ({shape})")
    for n, person in enumerate(people):
        con.execute(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", [64 * (first + n), *person])
    return name


@pytest.mark.parametrize("link_type", ["dedupe_only", "link_only", "link_and_dedupe"])
@trying(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=PEOPLE, other=PEOPLE, size=SIZES, at_once=st.sampled_from([2, 9, 10**6]))
def test_the_pieces_are_the_whole(
    link_type: str,
    one: list[Any],
    other: list[Any],
    size: Size,
    at_once: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    con = duckdb.connect()
    tables = {"b": table(con, "t1", one)}
    if link_type != "dedupe_only":
        tables["a"] = table(con, "t2", other, 1000)
    known = shares(con, list(tables.values()))
    folder = tmp_path_factory.mktemp("pieces") / "records"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edges, "AT_ONCE", at_once)  # else no block is large enough to be shared
        asked = settings(link_type)
        found, _ = piecewise(con, asked, tables, known, -9.0, size, folder)
        assert found == whole(con, asked, tables, known, -9.0)
    assert max(Counter(pair[:4] for pair in found).values(), default=1) == 1


def test_a_large_block_is_shared_out_and_small_ones_are_brought_together(tmp_path: Path) -> None:
    con = duckdb.connect()
    people = [("ANN", None, None, True)] * 9 + [(f"B{n // 2}", None, None, True) for n in range(12)]
    tables = {"all": table(con, "t1", people)}
    made = cut(con, plan(settings("dedupe_only")), tables, {}, tmp_path / "r", Size(10, 8))
    assert made.pieces == (Piece(0), Piece(0), *(Piece(0, share, 4) for share in range(4)))


def test_who_shares_no_key_goes_nowhere(tmp_path: Path) -> None:
    """Nobody at all then; across datasets, a key that one dataset alone has is none."""
    con = duckdb.connect()
    tables = {"a": table(con, "t1", [("ANN", None, "YORK", True), ("ANN", None, "YORK", True)])}
    tables["b"] = table(con, "t2", [("BOB", None, "YORK", True)], 1000)
    made = cut(con, plan(settings("link_only")), tables, {}, tmp_path / "r", Size())
    assert made.pieces == ()
    assert con.execute(f"SELECT count(*) FROM read_parquet('{tmp_path}/r/*')").fetchall() == [(0,)]


def test_only_what_the_model_asks_for_is_sent(tmp_path: Path) -> None:
    con = duckdb.connect()
    table(con, "t1", [("ANN", DAY, "YORK", True)] * 2)
    con.execute('ALTER TABLE t1 ADD COLUMN "nobody\'s.business" INTEGER[][]')
    made = cut(con, plan(settings("dedupe_only")), {"all": "t1"}, {}, tmp_path / "r", Size())
    assert sorted(made.columns) == sorted(["unique_id", *COLUMNS])


def test_a_type_that_spark_would_change_is_not_understood(tmp_path: Path) -> None:
    con = duckdb.connect()
    table(con, "t1", [("ANN", DAY, "YORK", True)] * 2)
    con.execute("ALTER TABLE t1 ALTER unique_id TYPE UINTEGER")
    with pytest.raises(NotUnderstood, match="a column of type UINTEGER on Spark"):
        cut(con, plan(settings("dedupe_only")), {"all": "t1"}, {}, tmp_path / "r", Size())
    left = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert left == [("t1",)]


def test_an_error_says_of_what_kind_it_is_and_none_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    con = duckdb.connect()
    tables = {"all": table(con, "t1", [("ANN", DAY, "YORK", True)] * 2)}
    asked = plan(settings("dedupe_only"))
    made = cut(con, asked, tables, {}, tmp_path / "r", Size())
    own = con.sql(
        f"SELECT *, 0::INTEGER AS piece FROM read_parquet('{tmp_path}/r/*')"
    ).to_arrow_table()

    def fails(*_: object) -> None:
        raise ValueError("ANN was born in YORK")

    monkeypatch.setattr(worker, "planned", fails)
    with pytest.raises(UnforeseenFailure, match=r"^piece 0: ValueError$") as told:
        list(compared(Task(asked, made, 0.0), iter(own.to_batches())))
    assert told.value.__suppress_context__


def test_a_worker_is_told_little(tmp_path: Path) -> None:
    con = duckdb.connect()
    asked = plan(settings("dedupe_only"))
    made = cut(con, asked, {"all": table(con, "t1", [])}, {}, tmp_path / "r", Size())
    assert len(pickle.dumps(Task(asked, made, 0.0))) < 10_000
    assert list(compared(Task(asked, made, 0.0), iter([]))) == []
    assert list(compared(Task(asked, made, 0.0), iter([_nobody()]))) == []


def _nobody() -> pa.RecordBatch:
    return pa.record_batch({"piece": pa.array([], pa.int32())})


@pytest.mark.parametrize("name", ["magistrates", "magistrates_crown", "journeys"])
def test_our_models_find_the_same(courts: Courts, name: str, tmp_path: Path) -> None:
    con, trained = courts.con, courts.trained[name]
    model = courts.spec.linkage.models[name]
    with inputs(con, model, courts.records, variants=True) as tables:
        known = frequencies.lookups(con, model, tables, trained["known"])
        asked = settings_now(model, trained, renewed=False)
        size = Size(pairs=20_000, records=2_000)
        found, made = piecewise(con, asked, tables, known, -4.0, size, tmp_path / "records")
        assert found == whole(con, asked, tables, known, -4.0)
    assert len(found) > 500 and len(made.pieces) > len(model.block_on)
