"""Are the counts right by which the next release tells what has moved?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.quality.profile import profile
from datafirst.spec import load

CONFIG = Path(__file__).parents[3] / "config"

LEVELS = [
    {"label_for_charts": "missing", "is_null_level": True},
    {"label_for_charts": "same", "m_probability": 0.9, "u_probability": 0.1},
]
TRAINED = {
    "records": {"crown": 9},
    "splink": {
        "probability_two_random_records_match": 0.01,
        "comparisons": [{"output_column_name": "sex", "comparison_levels": LEVELS}],
    },
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE crown AS FROM (VALUES (0, 0, 'A', NULL), (1, 0, NULL, 'x'), "
        "(1, 1, 'B', NULL), (2, 0, NULL, NULL)) AS t (_row, variant, surname, pnc)"
    )
    made.execute("CREATE TABLE prison AS FROM crown WHERE _row = 0")
    made.execute(
        "CREATE TABLE people AS FROM (VALUES ('crown', 0, 'p', 'A'), ('crown', 1, 'p', 'B'), "
        "('prison', 0, 'p', 'A'), ('crown', 2, 'q', NULL)) "
        "AS t (dataset, _row, person_standard, band)"
    )
    made.execute(
        "CREATE TABLE edges AS FROM (VALUES ('crown', 9.5, 2), ('crown', 9.1, 2), "
        "('crown', -30.0, 0), ('criminal', 99.0, 3)) AS t (model, match_weight, strength)"
    )
    made.execute(
        "CREATE TABLE journeys AS FROM (VALUES ('crown', 0), ('crown', 0), ('crown', 1)) "
        "AS t (right_dataset, right_row)"
    )
    yield made
    made.close()


def found(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    crown = load(CONFIG).linkage.models["crown"]
    records = {"prison": "prison", "crown": "crown"}
    pairs = {"crown": {"pnc": 3}}
    return profile(con, [crown], {"crown": TRAINED}, records, pairs, ["surname", "pnc"])


def test_records_count_once_however_they_are_written(con: duckdb.DuckDBPyConnection) -> None:
    told = found(con)
    assert told["records"] == {"crown": 3, "prison": 1}
    assert told["known"] == {
        "crown": {"pnc": 1, "surname": 2},
        "prison": {"pnc": 0, "surname": 1},
    }


def test_a_model_is_told_by_its_estimates_and_its_edges(con: duckdb.DuckDBPyConnection) -> None:
    assert found(con)["models"] == {
        "crown": {
            "datasets": ["crown"],
            "produces": "people",
            "trained_on": {"crown": 9},
            "prior": 0.01,
            "levels": {"sex": {"same": [0.9, 0.1]}},
            "pairs": {"pnc": 3},
            "edges": {"0": 1, "2": 2},
            "weights": {"-10": 1, "9": 2},
        }
    }


def test_people_are_told_by_dataset(con: duckdb.DuckDBPyConnection) -> None:
    told = found(con)
    assert told["people"] == {
        "crown": {
            "sizes": {"1": 1, "2": 1},
            "linked": {"other": 2, "own": 2},
            "bands": {"A": 1, "B": 1, "none": 1},
        },
        "prison": {"sizes": {"1": 1}, "linked": {"other": 1, "own": 0}, "bands": {"A": 1}},
    }
    assert told["journeys"] == {"crown": 2}


def test_it_comes_back_from_the_record_as_it_was(con: duckdb.DuckDBPyConnection) -> None:
    assert json.loads(json.dumps(found(con))) == found(con)
