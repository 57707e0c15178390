"""Does Spark find what this machine finds? The same edges, to the bit, and the same people.

Needs Java. Whatever the workers do is tested without it in test_pieces.py; here it is whether Spark
brings them what they need and takes back what they found. Tolerance: none.
"""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused, UnforeseenFailure
from datafirst.link.by import HERE, By, workers
from datafirst.link.cluster import cluster
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.plan import plan
from datafirst.link.score import score
from datafirst.link.spark.edges import _why, found
from datafirst.link.spark.pieces import Size, cut
from datafirst.link.spark.session import Place, session

from ..conftest import Courts
from .model import settings, shares
from .piecewise import Rows, whole

JAVA = shutil.which("java") or shutil.which("java", path=f"{os.environ.get('JAVA_HOME')}/bin")
SPARK = importlib.util.find_spec("pyspark")
COLUMNS = (
    "source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r", "match_weight"
)  # fmt: skip

needs_java = pytest.mark.skipif(
    not (JAVA and SPARK), reason="Spark needs Java, and there is none here: make setup, make java"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place("local[2]", tmp_path_factory.mktemp("spark"))
    with session(made):
        yield made


def on_spark(
    con: duckdb.DuckDBPyConnection, asked: dict[str, Any], tables: dict[str, str], place: Place,
    size: Size | None = None,
) -> Rows:  # fmt: skip
    known = shares(con, list(tables.values()))
    table = found(con, asked, tables, known, -9.0, place, size)
    told: Rows = con.execute(f"SELECT {', '.join(COLUMNS)} FROM {table}").fetchall()
    assert sorted(told) == whole(con, asked, tables, known, -9.0)
    return told


def people(con: duckdb.DuckDBPyConnection, name: str, many: int, first: int = 0) -> str:
    """Records of few names and towns; half of them were born in one town on one day."""
    con.execute(
        f"CREATE TABLE {name} AS SELECT 64 * (i + {first}) AS unique_id, "
        "['ANN', 'ANNE', 'Ünal', 'BOBBY', 'E'][1 + (hash(i) % 5)::INTEGER] "
        "|| (hash(i, 1) % 40) AS name, "
        "DATE '1980-01-01' + (hash(i, 2) % 90)::INTEGER AS born, "
        "CASE WHEN i % 2 = 0 THEN 'LEEDS' ELSE 'T' || hash(i, 3) % 20 END AS town, "
        f"i % 3 = 0 AS changed FROM range({many}) t(i)"
    )
    return name


@needs_java
@pytest.mark.parametrize("link_type", ["dedupe_only", "link_and_dedupe"])
def test_edges_are_those_of_this_machine(place: Place, link_type: str) -> None:
    con = duckdb.connect()
    tables = {"b": people(con, "t1", 400)}
    if link_type != "dedupe_only":
        tables["a's"] = people(con, "t2", 300, 1000)
    told = on_spark(con, settings(link_type), tables, place, Size(pairs=20_000, records=500))
    assert len(told) > 500
    assert list(place.folder.glob("spark-*")) == []


@needs_java
def test_one_key_of_half_of_all_records_is_shared_out(place: Place, tmp_path: Path) -> None:
    """One block of 1.3 million pairs in five pieces, beside small ones."""
    con = duckdb.connect()
    tables = {"all": people(con, "t1", 3200)}
    asked = settings("dedupe_only", ("l.town = r.town",))
    size = Size(pairs=300_000)
    made = cut(con, plan(asked), tables, {}, tmp_path / "r", size)
    assert [piece.shares for piece in made.pieces] == [1, 5, 5, 5, 5, 5]
    assert len(on_spark(con, asked, tables, place, size)) > 4_000


@needs_java
def test_a_dataset_may_have_no_records(place: Place) -> None:
    con = duckdb.connect()
    tables = {"a": people(con, "t1", 50), "b": people(con, "t2", 0)}
    assert len(on_spark(con, settings("link_and_dedupe"), tables, place)) > 10


@needs_java
def test_what_a_worker_does_not_understand_is_told(place: Place) -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE t1 AS SELECT i AS unique_id, 'X' AS name, (2 ** 60)::BIGINT AS n "
        "FROM range(2) t(i)"
    )
    asked = settings("dedupe_only", ("l.name = r.name",))
    asked["comparisons"] = asked["comparisons"][:1]
    asked["comparisons"][0]["comparison_levels"][2]["sql_condition"] = "abs(n_l - n_r) <= 3"
    con.execute("CREATE TABLE tf AS SELECT 'X' AS name, 0.5::DOUBLE AS tf_name")
    with pytest.raises(NotUnderstood, match=r"^a difference of very large numbers$"):
        found(con, asked, {"all": "t1"}, {"name": "tf"}, -9.0, place)


@needs_java
@pytest.mark.parametrize("name", ["magistrates", "magistrates_crown"])
def test_our_models_give_the_same_edges_and_the_same_people(
    courts: Courts, place: Place, name: str
) -> None:
    """With a fifth of people written in a second way, under a middle name."""
    con, told = courts.con, {}
    records = {d: _written_twice(con, d, r) for d, r in courts.records.items()}
    for by in ("compiled", "spark"):
        how = By(by, place=place)
        score(con, courts.spec, courts.trained[name], records, into="scored", by=how)
        cluster(con, records, "scored", into="clustered")
        told[by] = [con.execute(f"FROM {t}").fetchall() for t in ("scored", "clustered")]
    assert told["compiled"] == told["spark"]
    edges, clustered = told["spark"]
    assert len(edges) > 500 and len({row[4] for row in clustered}) < len(clustered)


def _written_twice(con: duckdb.DuckDBPyConnection, dataset: str, records: str) -> str:
    con.execute(
        f"CREATE OR REPLACE VIEW twice_{dataset} AS FROM {records} UNION ALL "
        "SELECT * REPLACE (1 AS variant, forename2 AS forename1, NULL AS forename2) "
        f"FROM {records} WHERE forename2 IS NOT NULL AND _row % 5 = 0"
    )
    return f"twice_{dataset}"


def test_without_java_or_a_master_it_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = pytest.importorskip("pyspark.sql")

    def fails(_: object) -> None:
        raise RuntimeError("JAVA_GATEWAY_EXITED")

    monkeypatch.setattr(sql.SparkSession, "getActiveSession", lambda: None)
    monkeypatch.setattr(sql.SparkSession.Builder, "getOrCreate", fails)
    with (
        pytest.raises(LinkageRefused, match=r"needs Java 17 or later.*DATAFIRST_ENGINE=compiled"),
        session(Place("spark://nowhere:1", tmp_path)),
    ):
        raise AssertionError


def test_what_spark_says_of_an_error_is_not_repeated() -> None:
    said = "Job aborted: Exception: {}\n  Traceback ... ANN, LEEDS"
    why = _why(said.format("datafirst.errors.UnforeseenFailure: piece 7: ValueError"))
    assert (type(why), str(why)) == (UnforeseenFailure, "piece 7: ValueError")
    why = _why(said.format("java.lang.OutOfMemoryError: Java heap space"))
    assert "ANN" not in str(why) and isinstance(why, UnforeseenFailure)


@needs_java
def test_workers_are_kept_for_one_model_after_another(place: Place) -> None:
    with workers(By("spark", place=place)) as kept, session(place) as met:
        assert kept is met and kept.range(3).count() == 3
    assert met.range(3).count() == 3  # whose it is ends it, and nobody else
    with workers(HERE) as nobody:
        assert nobody is None
