"""Are pairs counted by weight as they are, and is what another threshold would do worked out?"""

import duckdb
import pytest

from datafirst.quality.distribution import counts_as, distribution, limits
from datafirst.quality.tradeoff import tradeoff
from datafirst.spec import LinkModel

from .pretended import specification

EDGES = [
    # Four records in a ring whose lightest edge joins nobody, and two apart from them.
    ("crown", 1, "crown", 2, 20.0),
    ("crown", 2, "crown", 3, 14.0),
    ("crown", 1, "crown", 3, 8.5),
    ("crown", 3, "crown", 4, 8.0),
    ("crown", 7, "crown", 8, 3.25),
]


@pytest.fixture(scope="module")
def model() -> LinkModel:
    return specification().linkage.models["crown"]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE edges (dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT, "
        "match_weight DOUBLE, model VARCHAR)"
    )
    made.executemany("INSERT INTO edges VALUES (?, ?, ?, ?, ?, 'crown')", EDGES)
    made.execute("INSERT INTO edges VALUES ('prison', 1, 'prison', 2, 30.0, 'prison')")
    return made


def test_pairs_are_counted_bit_by_bit_and_named_by_the_threshold_they_reach(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    assert distribution(con, model).rows == (
        ("crown", "3 to 4", 1, "weaker"),
        ("crown", "8 to 9", 2, "standard"),
        ("crown", "14 to 15", 1, "strict"),
        ("crown", "20 to 21", 1, "strict"),
    )


def test_a_model_without_pairs_has_no_picture(model: LinkModel) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE edges (match_weight DOUBLE, model VARCHAR)")
    assert distribution(con, model).rows == ()
    assert distribution(con, model).chart is None


def test_from_each_weight_on_pairs_records_and_people_are_counted(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    found = {row[1]: row[2:] for row in tradeoff(con, model).rows}
    assert found["4"] == (4, 4, 1)  # the pair of 3.25 is below; one person of four records
    assert found["8"] == (4, 4, 1)
    assert found["9"] == (2, 3, 1)
    assert found["15"] == found["20"] == (1, 2, 1)
    assert list(found) == [str(bits) for bits in range(4, 21)]


def test_two_people_are_two_until_something_joins_them(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    con.execute("INSERT INTO edges VALUES ('crown', 5, 'crown', 6, 12, 'crown'), "
                "('crown', 6, 'crown', 4, 5, 'crown')")  # fmt: skip
    found = {row[1]: row[2:] for row in tradeoff(con, model).rows}
    assert found["6"] == (5, 6, 2)
    assert found["5"] == (6, 6, 1)


def test_a_journey_has_one_limit_and_a_person_three() -> None:
    models = specification().linkage.models
    assert list(limits(models["crown"])) == ["strict", "standard", "loose"]
    assert limits(models["journeys"]) == {"journey": models["journeys"].above}
    assert [counts_as(w, {"strict": 9, "loose": 4}) for w in (9, 8.9, 3)] == [
        "strict", "loose", "weaker",
    ]  # fmt: skip


def test_thresholds_are_marked_where_they_are(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    chart = distribution(con, model).chart
    assert chart is not None
    marks = [row for layer in chart["layer"] if "data" in layer for row in layer["data"]["values"]]
    assert {row["level"]: row["from"] for row in marks} == limits(model)
