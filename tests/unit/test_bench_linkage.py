"""Does the linkage benchmark compare like with like, and see where ways disagree?"""

import importlib
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RECORDS = 20_000


def _module(name: str) -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    def make(seed: int, threads: int) -> Path:
        path = tmp_path_factory.mktemp("people") / "people.parquet"
        with duckdb.connect() as con:
            con.execute(f"SET threads = {threads}")
            _module("linkage_people").people(con, path, RECORDS, seed)
        return path

    return make


@pytest.fixture(scope="module")
def people(invented: Callable[[int, int], Path]) -> Path:
    return invented(1, 2)


def test_the_seed_alone_decides_what_is_invented(
    invented: Callable[[int, int], Path], people: Path
) -> None:
    assert invented(1, 1).read_bytes() == people.read_bytes()
    other = invented(2, 2)
    columns = ("forename", "surname", "dob", "postcode", "pnc")
    same = ", ".join(f"avg((l.{column} = r.{column})::INTEGER)" for column in columns)
    query = f"SELECT {same} FROM '{people}' AS l JOIN '{other}' AS r USING (unique_id)"
    assert max(duckdb.sql(query).fetchall()[0]) < 0.05


def test_every_person_has_one_to_ten_records_with_gaps_and_errors(people: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE people AS FROM '{people}'")
        (found,) = con.execute(
            "SELECT count(*), count(DISTINCT unique_id), min(unique_id), max(unique_id), "
            "count(DISTINCT person), count(pnc) / count(*), count(dob) / count(*), "
            "count(postcode) / count(*), count(*) - count(surname) FROM people"
        ).fetchall()
        (kept,) = con.execute(
            "SELECT avg((l.surname = r.surname)::INTEGER), avg((l.dob = r.dob)::INTEGER) "
            "FROM people l JOIN people r ON l.person = r.person AND l.unique_id < r.unique_id"
        ).fetchall()
        (sizes,) = con.execute(
            "SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM people GROUP BY person)"
        ).fetchall()
    assert found[:4] == (RECORDS, RECORDS, 0, RECORDS - 1) and sizes == (1, 10)
    assert found[4] == pytest.approx(RECORDS / 2.06, rel=0.02)
    assert found[5:8] == pytest.approx((0.28, 0.98, 0.92), abs=0.03) and found[8] == 0
    assert kept == pytest.approx((0.83, 0.83), abs=0.04)


def test_derived_columns_put_every_pair_at_the_level_that_parsing_does(people: Path) -> None:
    """Dates and postcodes that cannot be read among them."""
    model = _module("linkage_model")
    columns = ", ".join(f"{sql} AS {name}" for name, sql in model.DERIVED.items())
    broken = "VALUES ('2001-13-45', 'B1'), ('2001-02', '1AA 2BB'), ('', ''), (NULL, 'bd9 4x')"
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE known AS SELECT *, {columns} FROM (FROM ({broken}) AS b(dob, postcode) "
            f"UNION ALL (SELECT dob, postcode FROM '{people}' ORDER BY unique_id LIMIT 200))"
        )
        each = (model.plain(), model.from_columns(model.plain()))
        levels = [", ".join(f"({_level(c)})" for c in _parsed(settings)) for settings in each]
        apart, met = con.execute(
            f"SELECT count(*) FILTER (a <> b), count(DISTINCT a) FROM (SELECT [{levels[0]}] AS a, "
            f"[{levels[1]}] AS b FROM (SELECT {_sides()} FROM known AS l, known AS r))"
        ).fetchall()[0]
    assert apart == 0 and met > 15
    assert not any(word in levels[1] for word in ("strptime", "regexp"))


def _parsed(settings: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in settings["comparisons"] if c["output_column_name"] in ("dob", "postcode")]


def _level(comparison: dict[str, Any]) -> str:
    *asked, _ = [level["sql_condition"] for level in comparison["comparison_levels"]]
    when = " ".join(f"WHEN {condition} THEN {n}" for n, condition in enumerate(asked))
    return f"CASE {when} ELSE -1 END"


def _sides() -> str:
    columns = ("dob", "postcode", *_module("linkage_model").DERIVED)
    return ", ".join(f"{side}.{name} AS {name}_{side}" for name in columns for side in "lr")


EDGES = [(1, 2, 9.0), (2, 3, 8.0), (4, 5, -4.0)]
CLUSTERS = {1: 1, 2: 1, 3: 1, 4: 4, 5: 5}


@pytest.mark.parametrize(
    ("edges", "clusters", "agrees"),
    [
        ([(2, 1, 9.0), (2, 3, 8.0 + 1e-12), (4, 5, -4.0)], CLUSTERS, True),
        ([*EDGES, (3, 5, -5.0 + 1e-12)], CLUSTERS, True),
        (EDGES, {1: 3, 2: 3, 3: 3, 4: 4, 5: 5}, True),
        ([*EDGES, (3, 5, -4.9)], CLUSTERS, False),
        (EDGES[:2], CLUSTERS, False),
        ([*EDGES[:2], (4, 5, -4.001)], CLUSTERS, False),
        (EDGES, CLUSTERS | {5: 4}, False),
        (EDGES, CLUSTERS | {3: 3}, False),
        (EDGES, CLUSTERS | {3: 4, 4: 1}, False),
        (EDGES, {n: c for n, c in CLUSTERS.items() if n != 5}, False),
    ],
    ids=[
        "sides swapped, last digit",
        "rounded over the threshold",
        "another name",
        "an edge too many",
        "an edge missing",
        "another weight",
        "two people as one",
        "one person as two",
        "as many, other people",
        "a record missing",
    ],
)
def test_ways_agree_on_edges_and_people_or_it_is_told(
    tmp_path: Path, edges: list[tuple[int, int, float]], clusters: dict[int, int], agrees: bool
) -> None:
    _written(tmp_path, "splink", EDGES, CLUSTERS)
    _written(tmp_path, "ours", edges, clusters)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT range AS unique_id, range // 4 AS person FROM range(1, 6)) "
            f"TO '{tmp_path}/people.parquet'"
        )
    compared = _module("linkage_agreement").compared
    found = compared("ours", f"{tmp_path}/people.parquet", str(tmp_path), "1GB")
    assert found["agrees"] is agrees
    if clusters == CLUSTERS:
        assert (found["precision"], found["recall"]) == pytest.approx((1.0, 0.75))


def _written(
    folder: Path, way: str, edges: list[tuple[int, int, float]], clusters: dict[int, int]
) -> None:
    model = {"probability_two_random_records_match": 0.1, "comparisons": []}
    (folder / f"{way}-model.json").write_text(json.dumps(model))
    with duckdb.connect() as con:
        con.execute(
            f"COPY (FROM (VALUES {str(edges)[1:-1]}) AS e(unique_id_l, unique_id_r, match_weight)) "
            f"TO '{folder}/{way}-edges.parquet'"
        )
        con.execute(
            f"COPY (FROM (VALUES {str(list(clusters.items()))[1:-1]}) AS c(unique_id, cluster_id)) "
            f"TO '{folder}/{way}-clusters.parquet'"
        )


def test_models_are_as_far_apart_as_their_farthest_weight() -> None:
    model = _module("linkage_model")

    def trained(**levels: float) -> dict[str, Any]:
        comparison = {"comparison_levels": [{"is_null_level": True}, levels]}
        return {"probability_two_random_records_match": 0.5, "comparisons": [comparison]}

    one = trained(m_probability=0.8, u_probability=0.1)
    assert model.largest_difference(one, one) == 0
    assert model.largest_difference(one, trained(m_probability=0.8, u_probability=0.4)) == 2
    assert model.largest_difference(one, trained(m_probability=0.8)) == math.inf
    settings = model.plain()
    weighed = model.weighed_as(model.from_columns(settings), settings | {"comparisons": [
        c | {"comparison_levels": [level | {"m_probability": 0.25} for level in levels]}
        for c in settings["comparisons"] if (levels := c["comparison_levels"])
    ]})  # fmt: skip
    for mine, own in zip(weighed["comparisons"], settings["comparisons"], strict=True):
        assert {level["m_probability"] for level in mine["comparison_levels"]} == {0.25}
        assert mine["output_column_name"] == own["output_column_name"]


def test_growth_is_the_exponent_of_a_power() -> None:
    exponent = _module("linkage").exponent
    assert exponent((n, 3 * n**1.1) for n in (1e6, 5e6, 15e6)) == pytest.approx(1.1)
