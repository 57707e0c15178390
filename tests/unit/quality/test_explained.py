"""Is the strongest way between two records found, and each of its links taken apart?"""

import duckdb
import pytest

from datafirst.errors import SpecificationError
from datafirst.link.explain import Explained, Part
from datafirst.quality.explained import Joined, Written, explanation, waterfall
from datafirst.quality.pair import between, two_records
from datafirst.quality.path import strongest

from .pretended import specification

A, B, C, D, E = (("crown", row) for row in range(5))


def test_the_way_is_the_one_whose_weakest_link_is_strongest() -> None:
    edges = [(A, B, 20.0), (B, C, 12.0), (A, C, 9.0), (C, D, 30.0), (A, D, 11.0)]
    assert strongest(edges, A, C) == [(A, B), (B, C)]
    assert strongest(edges, D, A) == [(D, C), (C, B), (B, A)]
    assert strongest(edges, A, E) == []
    assert strongest([*edges, (E, ("crown", 9), 40.0)], A, E) == []


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """0, 1 and 2 are one standard person, 3 joins them loosely, 4 is somebody else."""
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE people AS SELECT 'crown' AS dataset, chr(97 + i::INTEGER) AS record_id, "
        "i AS _row, CASE WHEN i < 2 THEN 'p' ELSE 's' || i END AS person_strict, "
        "CASE WHEN i < 3 THEN 'p' ELSE 's' || i END AS person_standard, "
        "CASE WHEN i < 4 THEN 'p' ELSE 's' || i END AS person_loose FROM range(5) t(i)"
    )
    made.execute(
        "CREATE TABLE edges AS SELECT 'crown' AS dataset_l, l::BIGINT AS _row_l, 'crown' AS "
        "dataset_r, r::BIGINT AS _row_r, w AS match_weight, s::TINYINT AS strength "
        "FROM (VALUES (0, 1, 15.0, 3), (1, 2, 9.0, 2), (0, 2, 5.0, 1), (2, 3, 4.5, 1), "
        "(3, 4, 2.0, 0)) t(l, r, w, s)"
    )
    return made


def test_two_records_are_one_person_from_the_strictest_level_they_share(
    con: duckdb.DuckDBPyConnection,
) -> None:
    levels = {
        other: two_records(con, ["crown/a", f"crown/{other}"]).level for other in ("b", "c", "d")
    }
    assert levels == {"b": "strict", "c": "standard", "d": "loose"}
    apart = two_records(con, ["crown/a", "crown/e"])
    assert apart.level is None and len(apart.people) == 2
    assert between(con, apart) == []


def test_only_links_of_that_level_and_person_are_gone(con: duckdb.DuckDBPyConnection) -> None:
    assert between(con, two_records(con, ["crown/a", "crown/c"])) == [(A, B), (B, C)]
    assert between(con, two_records(con, ["crown/a", "crown/d"])) == [(A, B), (B, C), (C, D)]


def test_a_record_that_is_not_there_is_refused_without_naming_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(SpecificationError) as refused:
        two_records(con, ["crown/a", "crown/DO-NOT-SAY"])
    assert "DO-NOT-SAY" not in str(refused.value) and "DATASET/RECORD_ID" in str(refused.value)
    with pytest.raises(SpecificationError):
        two_records(con, ["crown/a", "crown/a"])


PARTS = (
    Part("forename1_surname", ("forename1", "surname"), "both same", 11.0, 2.5),
    Part("date_of_birth", ("date_of_birth",), "different", -6.0, 0.0),
    Part("pnc", ("pnc",), "missing", 0.0, 0.0),
)


def joined() -> Joined:
    return Joined(
        specification().linkage.models["crown"],
        Explained(("crown", 0, "crown", 1), (0, 2), -12.0, PARTS),
        Written("crown/a", {"surname": "<b>ONLY ON THE PAGE</b>", "pnc": "2001/1"}),
        Written("crown/b", {"surname": "ELSE"}),
    )


def test_a_weight_is_the_sum_of_its_parts_each_going_on_where_the_last_ended() -> None:
    rows = waterfall(joined())["data"]["values"]
    assert [(row["of"], row["change"]) for row in rows] == [
        ("Two records at random", -12.0),
        ("Forename 1 and surname: both same", 11.0),
        ("Forename 1 and surname: rarer than most", 2.5),
        ("Date of birth: different", -6.0),
        ("PNC: missing", 0.0),
        ("Match weight", -4.5),
    ]
    assert [row["to"] for row in rows[:-2]] == [row["from"] for row in rows[1:-1]]
    assert (rows[-1]["from"], rows[-1]["to"]) == (0.0, -4.5) == (0.0, joined().explained.weight)
    assert joined().level == "none"


def test_values_stand_on_the_page_and_not_in_its_picture() -> None:
    page = explanation("Over", "Why", "Says.", [joined()], [("Records", "crown/a and crown/b")])
    assert "&lt;b&gt;ONLY ON THE PAGE&lt;/b&gt;" in page
    assert "<script" not in page and "http:" not in page and "https:" not in page
    assert "ONLY ON" not in str(waterfall(joined()))
    assert "not known in one of them" in page
