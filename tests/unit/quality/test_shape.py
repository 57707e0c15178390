"""Are the signs by which wrong links give themselves away counted as they are?"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.quality.contradictions import contradictions
from datafirst.quality.drawing import svg
from datafirst.quality.section import Section
from datafirst.quality.shape import shape
from datafirst.spec import Bridges, load

CONFIG = Path(__file__).parents[3] / "config"
RULE = Bridges(
    id="half", title="Half", says="Half.", few=3, share=0.5, certain=24.0, records_up_to=99
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Records 0 to 3 are one person and 4 to 7 another, whom a bridge joined; 8 to 10 are a chain;
    11 is alone, but for a weak link to the chain."""
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE courts AS SELECT 'court' AS dataset, i AS _row, 0 AS variant, "
        "chr(97 + i::INTEGER) AS record_id, CASE WHEN i IN (0, 9) THEN 'F' ELSE 'M' END AS sex, "
        "CASE WHEN i < 2 THEN i::VARCHAR ELSE '' END AS pnc, "
        "DATE '1960-01-01' + INTERVAL (i * 5) YEAR AS date_of_birth FROM range(12) t(i)"
    )
    made.execute("INSERT INTO courts SELECT * REPLACE (1 AS variant, 'Z' AS pnc) FROM courts")
    made.execute(
        "CREATE TABLE edges AS SELECT 'court' AS dataset_l, l::BIGINT AS _row_l, 'court' AS "
        "dataset_r, r::BIGINT AS _row_r, 16.0 AS match_weight, s::TINYINT AS strength "
        "FROM (SELECT a, b, 3 FROM range(8) t(a), range(8) u(b) WHERE a < b AND a // 4 = b // 4 "
        "UNION ALL VALUES (3, 4, 2), (8, 9, 3), (9, 10, 2), (10, 11, 1)) t(l, r, s)"
    )
    cluster(made, {"court": "courts"}, "edges")
    cut_at_bridges(made, "people", "edges", RULE)
    yield made
    made.close()


@pytest.fixture
def told(con: duckdb.DuckDBPyConnection) -> dict[str, Section]:
    return {section.name: section for section in shape(con)}


def test_people_are_counted_at_each_level(told: dict[str, Section]) -> None:
    assert told["People found"].rows == (
        ("strict", 12, 5, 3, 10, 4),
        ("standard", 12, 4, 3, 11, 4),
        ("loose", 12, 3, 3, 12, 4),
    )


def test_people_are_counted_by_their_records(told: dict[str, Section]) -> None:
    sizes = told["Sizes of people"]
    assert sizes.rows == (("1", 2, 1, 0), ("2", 1, 0, 0), ("3", 0, 1, 0), ("4", 2, 2, 3))
    assert sizes.published
    assert sizes.chart
    assert {"strength": "loose", "records": "4", "people": 3} in sizes.chart["data"]["values"]
    assert "How many records people have" in svg(sizes.chart)


def test_a_chain_is_less_dense_than_a_person_whose_records_all_agree(
    told: dict[str, Section],
) -> None:
    assert told["How densely people are linked"].rows == (
        ("3", 1, 0, 1, 0, 0.6667),
        ("4", 2, 2, 0, 0, 1.0),
    )


def test_bridges_are_counted_by_strength_and_by_what_hangs_on_them(
    con: duckdb.DuckDBPyConnection, told: dict[str, Section]
) -> None:
    assert told["Bridges"].rows == (("strict", 13, 1, 0, 0), ("standard", 1, 1, 0, 0))
    cluster(con, {"court": "courts"}, "edges")  # as they were before they were cut
    con.execute("ALTER TABLE people ADD COLUMN flag VARCHAR")
    uncut = {section.name: section for section in shape(con)}
    assert uncut["Bridges"].rows == (("strict", 13, 1, 0, 0), ("standard", 2, 2, 1, 1))
    assert uncut["People taken apart"].rows == ()


def test_who_was_taken_apart_is_counted_by_the_rule(told: dict[str, Section]) -> None:
    assert told["People taken apart"].rows == (("bridge", 8, 2, 2, 2),)


def test_people_who_contradict_themselves_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    """By the main way in which each record is written: an alias contradicts nobody."""
    spec = load(CONFIG)
    found = contradictions(con, spec, [spec.linkage.models["magistrates"]], {"court": "courts"})
    assert found.rows == (
        ("pnc", 1, 1, 1.0),
        ("sex", 3, 2, 0.666667),
        ("date_of_birth, 10 years apart", 3, 3, 1.0),
    )


def test_nobody_found_is_no_fault() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE edges (dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT, "
        "match_weight DOUBLE, strength TINYINT)"
    )
    cluster(con, {}, "edges")
    assert cut_at_bridges(con, "people", "edges", RULE) == {"strict": 0, "standard": 0, "loose": 0}
    assert [section.rows for section in shape(con)][1:3] == [(), ()]
    con.close()
