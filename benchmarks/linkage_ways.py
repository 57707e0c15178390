"""In which ways is one file of records deduplicated, and what does each stage of a way cost?

Each way trains its own model and is timed doing so, then scores with the model that plain Splink
trained, for clusters can only be compared where the weights are one model's.
"""

import json
import math
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from splink import DuckDBAPI, Linker, block_on

import linkage_model
from datafirst.link import compiled_edges
from datafirst.link.engine.columns import Columns, columns
from datafirst.link.engine.learn import learn_m, learn_prior, learn_u
from datafirst.link.graph import STRONGEST, components
from linkage_model import Settings

FIRST = "splink"
"""The way whose model all score with."""


class NotThere(Exception):
    """This version of the project has no such way."""


@dataclass(frozen=True)
class Task:
    """One file of records to deduplicate."""

    records: Path
    into: Path
    """What the ways write: <way>-model.json, <way>-edges.parquet, <way>-clusters.parquet."""
    pieces: int
    """In how many pieces the pairs are scored, where a way makes them before it scores."""
    memory: str

    def model(self, way: str) -> Path:
        return self.into / f"{way}-model.json"


@dataclass
class Clock:
    """What each stage took: seconds, processor seconds, and the peak of memory until its end."""

    stages: dict[str, dict[str, float]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), _processor()
        yield
        self.stages[name] = {
            "wall": time.perf_counter() - wall,
            "cpu": _processor() - cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def splink(task: Task, clock: Clock) -> None:
    """Splink as it comes."""
    _with_splink("splink", task, clock, linkage_model.plain(), "")


def derived(task: Task, clock: Clock) -> None:
    """Splink, with what it would parse of every pair parsed once of every record."""
    columns = "".join(f", {sql} AS {name}" for name, sql in linkage_model.DERIVED.items())
    settings = linkage_model.from_columns(linkage_model.plain())
    _with_splink("derived", task, clock, settings, columns)


def ours(task: Task, clock: Clock) -> None:
    """The compiled engine, and Splink's EM over patterns that it counts."""
    with database(task) as con:
        with clock.stage("load"):
            con.execute(f"CREATE TABLE people AS SELECT * EXCLUDE (person) FROM '{task.records}'")
        read = columns(con, {"people": "people"})
        _learn(con, read, task, clock)
        with clock.stage("score"):
            shares = {column: _shares(con, column) for column in linkage_model.FREQUENT}
            model = linkage_model.weighed_as(linkage_model.plain(), _model_of_the_first(task))
            least = linkage_model.THRESHOLD_WEIGHT
            edges = compiled_edges.found(read, model, shares, least)
        with clock.stage("cluster"):
            clusters = _clustered(con, edges)
        _write(con, "ours", task, edges, clusters)


def _learn(con: duckdb.DuckDBPyConnection, read: Columns, task: Task, clock: Clock) -> None:
    with clock.stage("prior"):
        linker = Linker(DuckDBAPI(con).register("people"), linkage_model.plain(), log_level=None)
        certain = [block_on(*rule) for rule in linkage_model.CERTAIN]
        learn_prior(linker, read, certain, linkage_model.RECALL)
    with clock.stage("u"):
        learn_u(linker, read, linkage_model.U_PAIRS, seed=1)
    with clock.stage("em"):
        for rule in linkage_model.EM_ON:
            learn_m(linker, read, block_on(*rule), linkage_model.EM_PAIRS)
    trained = linker.misc.save_model_to_json()
    task.model("ours").write_text(json.dumps(trained, indent=1), encoding="utf-8")


def _shares(con: duckdb.DuckDBPyConnection, column: str) -> str:
    """A table of how frequent the values of a column are, as Splink counts them."""
    con.execute(
        f"CREATE TABLE share_of_{column} AS SELECT {column}, count(*) / (SELECT count({column}) "
        f"FROM people)::DOUBLE AS tf_{column} FROM people WHERE {column} IS NOT NULL GROUP BY ALL"
    )
    return f"share_of_{column}"


def _clustered(con: duckdb.DuckDBPyConnection, edges: str) -> str:
    """Connected components, by the kernel that releases use."""
    probability = linkage_model.THRESHOLD_PROBABILITY
    least = math.log2(probability / (1 - probability))
    con.execute(
        "CREATE TABLE nodes AS SELECT unique_id, (row_number() OVER (ORDER BY unique_id) - 1)::INT "
        "AS node FROM people ORDER BY node"
    )
    found = con.sql(
        f"SELECT l.node AS l, r.node AS r FROM {edges} "
        "JOIN nodes AS l ON l.unique_id = unique_id_l "
        f"JOIN nodes AS r ON r.unique_id = unique_id_r WHERE match_weight >= {least!r}"
    ).to_arrow_table()
    ids = con.sql("SELECT unique_id FROM nodes ORDER BY node").to_arrow_table()["unique_id"]
    ends = [found[side].to_numpy() for side in "lr"]
    one = components(len(ids), *ends, np.full(len(found), STRONGEST, np.int8))[0]
    con.register("told", pa.table({"unique_id": ids, "cluster_id": ids.to_numpy()[one]}))
    con.execute("CREATE TABLE clusters AS FROM told")
    return "clusters"


WAYS: dict[str, Callable[[Task, Clock], None]] = {
    "splink": splink,
    "derived": derived,
    "ours": ours,
}


def run(way: str, records: str, into: str, pieces: int, memory: str) -> dict[str, Any]:
    """What one way cost, stage by stage; or why it is not there."""
    clock = Clock()
    try:
        WAYS[way](Task(Path(records), Path(into), pieces, memory), clock)
    except NotThere as reason:
        return {"skipped": str(reason)}
    return {"stages": clock.stages}


def _with_splink(way: str, task: Task, clock: Clock, settings: Settings, columns: str) -> None:
    with database(task) as con:
        with clock.stage("load"):
            con.execute(
                f"CREATE TABLE people AS SELECT * EXCLUDE (person){columns} FROM '{task.records}'"
            )
        db = DuckDBAPI(con)
        trained = _train(db, clock, settings)
        task.model(way).write_text(json.dumps(trained, indent=1), encoding="utf-8")
        model = linkage_model.weighed_as(settings, _model_of_the_first(task))
        with clock.stage("score"):
            linker = Linker(db.register("people"), model, log_level=None)
            edges = linker.inference.predict(
                threshold_match_weight=linkage_model.THRESHOLD_WEIGHT,
                num_chunks_left=1,
                num_chunks_right=task.pieces,
                warning_mode="never",
            )
        with clock.stage("cluster"):
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
                edges, threshold_match_probability=linkage_model.THRESHOLD_PROBABILITY
            )
        _write(con, way, task, edges.physical_name, clusters.physical_name)


@contextmanager
def database(task: Task) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, lean: bounded, spilling, and free to mix the order of rows."""
    with duckdb.connect() as con:
        con.execute(f"SET threads = {os.cpu_count()}; SET memory_limit = '{task.memory}'")
        con.execute(f"SET temp_directory = '{task.into / 'spilled'}'")
        con.execute("SET preserve_insertion_order = false")
        yield con


def _train(db: DuckDBAPI, clock: Clock, settings: Settings) -> Settings:
    with clock.stage("prior"):
        linker = Linker(db.register("people"), settings, log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on(*rule) for rule in linkage_model.CERTAIN], recall=linkage_model.RECALL
        )
    with clock.stage("u"):
        training.estimate_u_using_random_sampling(max_pairs=linkage_model.U_PAIRS, seed=1)
    with clock.stage("em"):
        for rule in linkage_model.EM_ON:
            training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), max_pairs=linkage_model.EM_PAIRS
            )
    trained: Settings = linker.misc.save_model_to_json()
    return trained


def _model_of_the_first(task: Task) -> Settings:
    path = task.model(FIRST)
    if not path.exists():
        raise SystemExit(f"all ways score with the model that '{FIRST}' trains: run it first")
    model: Settings = json.loads(path.read_text(encoding="utf-8"))
    return model


def _write(con: duckdb.DuckDBPyConnection, way: str, task: Task, edges: str, clusters: str) -> None:
    """Edges and clusters as the comparison reads them; not part of the cost."""
    con.execute(
        "COPY (SELECT unique_id_l, unique_id_r, match_weight "
        f"FROM {edges}) TO '{task.into / way}-edges.parquet' (FORMAT parquet)"
    )
    con.execute(
        f"COPY (SELECT unique_id, cluster_id FROM {clusters}) "
        f"TO '{task.into / way}-clusters.parquet' (FORMAT parquet)"
    )
