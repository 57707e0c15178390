"""Are people taken apart where little connects them, and refused where they are too many?"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.apart import cut
from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.spec import Bridges, Specification

RULE = Bridges(
    id="majority", title="Half", says="Half of the pairs.",
    few=3, share=0.5, certain=24.0, records_up_to=9,
)  # fmt: skip
LEVELS = ("person_strict", "person_standard", "person_loose")
Edge = tuple[int, int, float, int]


def clique(first: int, records: int, weight: float = 16.0) -> list[Edge]:
    """Records that agree in every pair."""
    return [(a, b, weight, 3) for a in range(first, first + records)
            for b in range(a + 1, first + records)]  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Twelve records, of which the first eight are of the courts and the others of the prisons."""
    made = duckdb.connect()
    for dataset, first, last in (("court", 0, 8), ("prison", 8, 12)):
        made.execute(
            f"CREATE TABLE {dataset}s AS SELECT '{dataset}' AS dataset, i AS _row, 0 AS variant, "
            f"chr(97 + i::INTEGER) AS record_id FROM range({first}, {last}) t(i)"
        )
    yield made
    made.close()


def linked(con: duckdb.DuckDBPyConnection, edges: list[Edge]) -> None:
    con.execute(
        "CREATE TABLE edges (l BIGINT, r BIGINT, match_weight DOUBLE, strength TINYINT, "
        "model VARCHAR DEFAULT 'courts')"
    )
    if edges:
        con.executemany("INSERT INTO edges (l, r, match_weight, strength) VALUES (?,?,?,?)", edges)
    con.execute(
        "CREATE OR REPLACE TABLE edges AS SELECT l AS _row_l, r AS _row_r, match_weight, strength, "
        "model, CASE WHEN l < 8 THEN 'court' ELSE 'prison' END AS dataset_l, "
        "CASE WHEN r < 8 THEN 'court' ELSE 'prison' END AS dataset_r FROM edges"
    )
    cluster(con, {"court": "courts", "prison": "prisons"}, "edges")


def said(con: duckdb.DuckDBPyConnection, column: str) -> list[Any]:
    rows = con.execute(f"SELECT {column} FROM people ORDER BY _row").fetchall()
    return [value for (value,) in rows]


def test_a_lone_bridge_between_two_groups_is_cut(con: duckdb.DuckDBPyConnection) -> None:
    linked(con, [*clique(0, 4), *clique(4, 4), (3, 4, 9.0, 2)])
    counts = cut_at_bridges(con, "people", "edges", RULE)
    assert counts == {"strict": 0, "standard": 1, "loose": 1}
    for level in LEVELS:
        assert said(con, level)[:8] == ["court/a"] * 4 + ["court/e"] * 4
    assert said(con, "flag") == ["bridge"] * 8 + [None] * 4


def test_a_group_of_few_records_stays(con: duckdb.DuckDBPyConnection) -> None:
    linked(con, [*clique(0, 5), *clique(5, 3), (4, 5, 9.0, 2)])
    assert not any(cut_at_bridges(con, "people", "edges", RULE).values())
    assert said(con, "person_standard")[:8] == ["court/a"] * 8
    assert said(con, "flag") == [None] * 12


@pytest.mark.parametrize(("weight", "cut"), [(23.9, 1), (24.0, 0)])
def test_a_link_that_is_certain_stays(
    con: duckdb.DuckDBPyConnection, weight: float, cut: int
) -> None:
    linked(con, [*clique(0, 4, 30.0), *clique(4, 4, 30.0), (3, 4, weight, 3)])
    assert cut_at_bridges(con, "people", "edges", RULE)["strict"] == cut


def test_a_dataset_s_own_people_are_cut_with_their_person(con: duckdb.DuckDBPyConnection) -> None:
    across = [(3, 8, 9.0, 2)]
    linked(con, [*clique(0, 4), *clique(8, 4), *across, *clique(4, 4), (0, 4, 9.0, 2)])
    cut_at_bridges(con, "people", "edges", RULE)
    assert said(con, "dataset_person") == ["court/a"] * 4 + ["court/e"] * 4 + ["prison/i"] * 4
    assert said(con, "person_standard") == said(con, "dataset_person")


@pytest.mark.parametrize("first", ["impossible", "bridges"])
def test_what_one_rule_took_apart_another_leaves_apart(
    con: duckdb.DuckDBPyConnection, first: str
) -> None:
    linked(con, [*clique(0, 8), (3, 8, 15.0, 3), *clique(8, 4)])
    con.execute(
        "CREATE TABLE impossible AS SELECT 'overlap' AS rule, 'court' AS dataset_l, "
        "0::BIGINT AS _row_l, 'court' AS dataset_r, 7::BIGINT AS _row_r"
    )
    rule = RULE.model_copy(update={"records_up_to": 12})
    for name in ("impossible", "bridges", "impossible") if first == "impossible" else (
        "bridges", "impossible", "bridges"
    ):  # fmt: skip
        if name == "impossible":
            cut(con, "people", "edges", "impossible")
        else:
            cut_at_bridges(con, "people", "edges", rule)
    for column in (*LEVELS, "dataset_person"):
        assert said(con, column) == ["court/a"] * 7 + ["court/h"] + ["prison/i"] * 4
    flags = {"impossible": ["overlap"] * 12, "bridges": ["bridge"] * 12}
    assert said(con, "flag") == flags[first]


def test_whom_the_rule_does_not_cure_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    """A chain and a star have no two groups that could say no: they are not passed over."""
    linked(con, [(0, n, 9.0, 2) for n in range(1, 11)])
    with pytest.raises(LinkageRefused) as refused:
        cut_at_bridges(con, "people", "edges", RULE)
    told = str(refused.value)
    assert "1 people have more than 9 records, the largest 11" in told
    assert "courts (10)" in told
    assert "court/a" not in told


def test_without_large_people_nothing_changes(con: duckdb.DuckDBPyConnection) -> None:
    linked(con, [])
    before = con.execute("FROM people").fetchall()
    assert cut_at_bridges(con, "people", "edges", RULE) == dict.fromkeys(
        ("strict", "standard", "loose"), 0
    )
    assert con.execute("SELECT * EXCLUDE (flag) FROM people").fetchall() == before


MANY = {"civil": 4, "crown": 1, "magistrates": 3, "prison": 1, "probation": 2}
"""Records of one person, by dataset. Civil records are compared with those of magistrates only."""


@pytest.mark.parametrize(("agree", "people"), [(1.0, 1), (0.5, 1), (0.4, 2)])
def test_datasets_that_nothing_compares_do_not_vote(
    con: duckdb.DuckDBPyConnection, spec: Specification, agree: float, people: int
) -> None:
    """Of the 28 pairs of a civil and a criminal record 12 are compared: half of those decide."""
    release = spec.releases["2024-06-iteration-2"]
    models = [spec.linkage.models[name] for name in release.models]
    by = {pair: m.id for m in models if m.produces == "people" for pair in m.pairs}
    rows = [(dataset, n) for dataset, count in MANY.items() for n in range(count)]
    edges = [(*a, *b, by[a[0], b[0]]) for a, b in combinations(rows, 2) if (a[0], b[0]) in by]
    across = [edge for edge in edges if edge[0] == "civil" != edge[2]]
    assert len(across) == 12
    lost = across[round(agree * len(across)) :]
    con.execute(
        "CREATE TABLE edges (dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT, "
        "model VARCHAR, match_weight DOUBLE, strength TINYINT)"
    )
    con.executemany(
        "INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?, 3)",
        [(*edge, 16.0 if edge in across else 21.0) for edge in edges if edge not in lost],
    )
    for dataset, count in MANY.items():
        con.execute(
            f"CREATE TABLE records_{dataset} AS SELECT '{dataset}' AS dataset, i AS _row, "
            f"0 AS variant, i::VARCHAR AS record_id FROM range({count}) t(i)"
        )
    cluster(con, {dataset: f"records_{dataset}" for dataset in MANY}, "edges")
    rule = RULE.model_copy(update={"records_up_to": 11})
    cut_at_bridges(con, "people", "edges", rule, models)
    assert len({person for (person,) in con.execute(
        "SELECT person_standard FROM people").fetchall()}) == people  # fmt: skip
