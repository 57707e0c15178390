"""Is a cluster cut between records that cannot be one person, where its evidence is weakest?"""

from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datafirst.link.apart import cut, separated
from datafirst.link.cluster import COLUMNS, STRENGTHS, cluster

LEVELS = ("person_strict", "person_standard", "person_loose")
records = st.integers(0, 7)
pairs = st.tuples(records, records).filter(lambda p: p[0] < p[1])
edges = st.lists(
    st.tuples(pairs, st.integers(0, 3), st.booleans()), max_size=20, unique_by=lambda e: e[0]
).map(lambda es: sorted(((*p, s, own) for p, s, own in es), key=lambda e: -e[2]))


def both_ways(forbidden: list[tuple[int, int]]) -> dict[int, set[int]]:
    apart: dict[int, set[int]] = {}
    for a, b in forbidden:
        apart.setdefault(a, set()).add(b)
        apart.setdefault(b, set()).add(a)
    return apart


@given(edges, st.lists(pairs, max_size=4))
def test_nobody_is_two_people_at_once(
    edges: list[tuple[int, int, int, bool]], forbidden: list[tuple[int, int]]
) -> None:
    found = separated(edges, range(8), both_ways(forbidden))
    for column in COLUMNS:
        assert all(found[column][a] != found[column][b] for a, b in forbidden)


@given(edges, st.lists(pairs, max_size=4))
def test_the_thresholds_stay_nested(
    edges: list[tuple[int, int, int, bool]], forbidden: list[tuple[int, int]]
) -> None:
    found = separated(edges, range(8), both_ways(forbidden))
    for inner, outer in (*pairwise(LEVELS), ("dataset_person", LEVELS[1])):
        for a in range(8):
            together = [b for b in range(8) if found[inner][a] == found[inner][b]]
            assert len({found[outer][b] for b in together}) == 1


@given(edges)
def test_without_impossible_pairs_people_are_connected_components(
    edges: list[tuple[int, int, int, bool]],
) -> None:
    found = separated(edges, range(8), {})
    near = [(a, b) for a, b, strength, _ in edges if strength >= STRENGTHS["standard"]]
    component = list(range(8))
    for _ in component:
        for a, b in near:
            component[a] = component[b] = min(component[a], component[b])
    assert [found["person_standard"][r] for r in range(8)] == component


def test_the_weakest_link_between_the_two_gives_way() -> None:
    chain = [(0, 1, 3, True), (2, 3, 3, True), (1, 2, 2, False)]
    found = separated(chain, range(4), both_ways([(0, 3)]))
    assert found["person_loose"] == {0: 0, 1: 0, 2: 2, 3: 2}


@pytest.fixture
def found() -> duckdb.DuckDBPyConnection:
    """Six prisoners: three are chained together, of whom the ends cannot be one; two are one."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE prisoners AS SELECT 'prison' AS dataset, i::BIGINT AS _row, 0 AS variant, "
        "chr(97 + i::INTEGER) AS record_id FROM range(6) t(i)"
    )
    con.execute(
        "CREATE TABLE edges AS SELECT 'prison' AS dataset_l, l::BIGINT AS _row_l, 'prison' AS "
        "dataset_r, r::BIGINT AS _row_r, w::DOUBLE AS match_weight, s::TINYINT AS strength "
        "FROM (VALUES (0, 1, 18, 3), (1, 2, 12, 2), (3, 4, 16, 3)) t(l, r, w, s)"
    )
    con.execute(
        "CREATE TABLE impossible AS SELECT 'overlap' AS rule, 'prison' AS dataset_l, "
        "'prison' AS dataset_r, 0::BIGINT AS _row_l, 2::BIGINT AS _row_r"
    )
    cluster(con, {"prison": "prisoners"}, "edges")
    return con


def test_only_people_who_hold_an_impossible_pair_are_cut(found: duckdb.DuckDBPyConnection) -> None:
    assert cut(found, "people", "edges", "impossible") == 1
    found.execute("SELECT record_id, person_standard, dataset_person, flag FROM people")
    assert found.fetchall() == [
        ("a", "prison/a", "prison/a", "overlap"),
        ("b", "prison/a", "prison/a", "overlap"),
        ("c", "prison/c", "prison/c", "overlap"),
        ("d", "prison/d", "prison/d", None),
        ("e", "prison/d", "prison/d", None),
        ("f", "prison/f", "prison/f", None),
    ]


def test_a_stronger_edge_goes_before_a_heavier_one(found: duckdb.DuckDBPyConnection) -> None:
    """Thresholds are those of the model: a weight that is strict in one is standard in another."""
    found.execute("UPDATE edges SET strength = 1, match_weight = 19 WHERE _row_l = 0")
    cluster(found, {"prison": "prisoners"}, "edges")
    cut(found, "people", "edges", "impossible")
    found.execute("SELECT person_loose FROM people WHERE _row < 3 ORDER BY _row")
    assert found.fetchall() == [("prison/a",), ("prison/b",), ("prison/b",)]


def test_where_nothing_is_impossible_nothing_changes(found: duckdb.DuckDBPyConnection) -> None:
    before = found.execute("FROM people").fetchall()
    found.execute("DELETE FROM impossible")
    assert cut(found, "people", "edges", "impossible") == 0
    assert found.execute("SELECT * EXCLUDE (flag) FROM people").fetchall() == before


def test_a_pair_may_be_of_two_datasets() -> None:
    with duckdb.connect() as con:
        for dataset in ("court", "prison"):
            con.execute(
                f"CREATE TABLE {dataset} AS SELECT '{dataset}' AS dataset, 0 AS variant, "
                "n AS _row, n::VARCHAR AS record_id FROM range(2) t(n)"
            )
        con.execute(
            "CREATE TABLE edges AS SELECT 'court' AS dataset_l, l::BIGINT AS _row_l, 'prison' AS "
            "dataset_r, r::BIGINT AS _row_r, w::DOUBLE AS match_weight, 3::TINYINT AS strength "
            "FROM (VALUES (0, 0, 20), (1, 0, 19), (1, 1, 18)) t(l, r, w)"
        )
        con.execute(
            "CREATE TABLE impossible AS SELECT 'ages_apart' AS rule, 'court' AS dataset_l, "
            "0::BIGINT AS _row_l, 'prison' AS dataset_r, 1::BIGINT AS _row_r"
        )
        cluster(con, {"court": "court", "prison": "prison"}, "edges")
        assert cut(con, "people", "edges", "impossible") == 1
        found = con.execute("SELECT person_strict FROM people ORDER BY dataset, _row").fetchall()
    assert [person for (person,) in found] == ["court/0", "court/0", "court/0", "prison/1"]
