"""Are journeys counted as what they are, where the truth is known?"""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.quality.journeys_truth import (
    NONE,
    KindOfJourney,
    journeys_by_kind,
    journeys_by_shape,
)

TRUTH = [
    ("m1", "c1", "for trial"),
    # One case is split in two, and two are joined; both at once.
    ("m2", "c2", "for trial"),
    ("m2", "c3", "for trial"),
    ("m3", "c4", "for trial"),
    ("m4", "c4", "for trial"),
    ("m5", "c5", "for sentence"),
    ("m6", "c6", "on appeal"),
]
FOUND = [
    ("m1", "c1", True),
    ("m2", "c2", True),
    ("m3", "c4", False),  # the wrong one of the two is the best
    ("m9", "c4", True),
    ("m5", "c5", True),
    ("m8", "c8", True),  # of c8 no journey is known
]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE t (left_record_id VARCHAR, right_record_id VARCHAR, kind VARCHAR)"
        )
        con.executemany("INSERT INTO t VALUES (?, ?, ?)", [*TRUTH, TRUTH[0]])  # one is told twice
        con.execute(
            "CREATE TABLE j (left_record_id VARCHAR, right_record_id VARCHAR, best BOOLEAN)"
        )
        con.executemany("INSERT INTO j VALUES (?, ?, ?)", FOUND)
        yield con


def test_kinds_of_cases(con: duckdb.DuckDBPyConnection) -> None:
    found = journeys_by_kind(con, "j", "t")
    assert found == {
        "for trial": KindOfJourney(planted=5, cases=4, found=4, right=3, best=3, best_right=2),
        "for sentence": KindOfJourney(1, 1, 1, 1, 1, 1),
        "on appeal": KindOfJourney(1, 1, 0, 0, 0, 0),
        NONE: KindOfJourney(0, 0, 1, 0, 1, 0),
    }
    trial = found["for trial"]
    assert (trial.links.precision, trial.links.recall) == (0.75, 0.6)
    assert trial.best_precision == pytest.approx(2 / 3, abs=1e-6)


def test_kinds_add_up_to_all(con: duckdb.DuckDBPyConnection) -> None:
    kinds = journeys_by_kind(con, "j", "t").values()
    assert sum(kind.found for kind in kinds) == len(FOUND)
    assert sum(kind.planted for kind in kinds) == len(TRUTH)


def test_joined_and_split_cases(con: duckdb.DuckDBPyConnection) -> None:
    assert journeys_by_shape(con, "j", "t") == {
        "one to one": (3, 2),
        "one to several": (2, 1),
        "several to one": (2, 1),
    }


def test_a_case_that_is_joined_and_split_is_both(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO t VALUES ('m2', 'c4', 'for trial')")
    assert journeys_by_shape(con, "j", "t")["several to several"] == (1, 0)
