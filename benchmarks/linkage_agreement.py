"""Did a way of the linkage benchmark find what plain Splink found, and the right people?"""

import json
from pathlib import Path
from typing import Any

import duckdb

from linkage_model import THRESHOLD_WEIGHT, largest_difference
from linkage_ways import FIRST, Task, database

TOLERATED = 1e-9
"""Bits. The order of an addition may move a weight, and a pair across the threshold, so far."""

EDGES = """
SELECT least(unique_id_l, unique_id_r) AS a, greatest(unique_id_l, unique_id_r) AS b, match_weight
FROM '{}'"""

COMPARED = f"""
SELECT count(mine.match_weight),
       count(*) FILTER (first.match_weight IS NULL AND mine.match_weight > {{least}}),
       count(*) FILTER (mine.match_weight IS NULL AND first.match_weight > {{least}}),
       coalesce(max(abs(mine.match_weight - first.match_weight)), 0)
FROM ({EDGES}) AS mine FULL JOIN ({EDGES}) AS first USING (a, b)"""

CUTS = """
WITH cells AS (SELECT m.cluster_id AS mine, f.cluster_id AS first
               FROM '{}' AS m FULL JOIN '{}' AS f USING (unique_id) GROUP BY ALL)
SELECT count(*), count(DISTINCT mine), count(DISTINCT first) FROM cells"""
"""How the clusters of two ways cut each other: there are as many cuts as clusters where they are
the same. A record that one way lacks makes a cut that belongs to none of its clusters."""

RIGHT = """
WITH cells AS (SELECT cluster_id, person, count(*)::DOUBLE AS n
               FROM '{}' JOIN '{}' USING (unique_id) GROUP BY ALL),
found AS (SELECT sum(n) AS n FROM cells GROUP BY cluster_id),
really AS (SELECT sum(n) AS n FROM cells GROUP BY person)
SELECT (SELECT sum(n * (n - 1)) FROM cells), (SELECT sum(n * (n - 1)) FROM found),
       (SELECT sum(n * (n - 1)) FROM really), (SELECT max(n) FROM found)"""
"""Pairs of records (each twice) put together rightly, put together, and of one person."""


def compared(way: str, records: str, into: str, memory: str) -> dict[str, Any]:
    """Edges, clusters and how right they are; `agrees` only where nothing differs from the first
    way's."""
    task = Task(Path(records), Path(into), 1, memory)
    with database(task) as con:
        edges = _edges(con, task, way)
        clusters = _clusters(con, task, way)
        right = _right(con, task, way)
    agrees = (
        edges["only_here"] == edges["only_there"] == 0
        and edges["largest_difference"] <= TOLERATED
        and clusters["same_clusters"]
    )
    return {**edges, **clusters, **right, "trained_within": _trained(task, way), "agrees": agrees}


def _trained(task: Task, way: str) -> float:
    """How far the way's own training came from the first way's, in bits."""
    mine, first = (
        json.loads(task.model(name).read_text(encoding="utf-8")) for name in (way, FIRST)
    )
    return largest_difference(mine, first)


def _edges(con: duckdb.DuckDBPyConnection, task: Task, way: str) -> dict[str, Any]:
    files = [task.into / f"{name}-edges.parquet" for name in (way, FIRST)]
    query = COMPARED.format(*files, least=THRESHOLD_WEIGHT + TOLERATED)
    row = con.execute(query).fetchall()[0]
    names = ("edges", "only_here", "only_there", "largest_difference")
    return dict(zip(names, row, strict=True))


def _clusters(con: duckdb.DuckDBPyConnection, task: Task, way: str) -> dict[str, Any]:
    files = [task.into / f"{name}-clusters.parquet" for name in (way, FIRST)]
    cuts, mine, first = con.execute(CUTS.format(*files)).fetchall()[0]
    return {"clusters": mine, "same_clusters": cuts == mine == first}


def _right(con: duckdb.DuckDBPyConnection, task: Task, way: str) -> dict[str, Any]:
    query = RIGHT.format(task.into / f"{way}-clusters.parquet", task.records)
    both, found, really, largest = con.execute(query).fetchall()[0]
    return {
        "precision": both / found,
        "recall": both / really,
        "f1": 2 * both / (found + really),
        "largest_cluster": round(largest),
    }
