"""What would workers find, were they all here? Every piece in this process, without Spark."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from datafirst.link.compiled_edges import found as by_the_engine
from datafirst.link.engine.columns import columns
from datafirst.link.engine.plan import plan
from datafirst.link.spark.pieces import DATASET, PIECE, PIECES, Cut, Size, cut
from datafirst.link.spark.worker import Task, compared

Rows = list[tuple[Any, ...]]


def piecewise(
    con: duckdb.DuckDBPyConnection,
    settings: Mapping[str, Any],
    tables: Mapping[str, str],
    shares: Mapping[str, str],
    least: float,
    size: Size,
    folder: Path,
) -> tuple[Rows, Cut]:
    """The pairs that the pieces give, in order, and what was cut."""
    asked = plan(settings)
    made = cut(con, asked, tables, shares, folder, size)
    task = pickle.loads(pickle.dumps(Task(asked, made, least)))
    told: list[pa.RecordBatch] = []
    for number in range(len(made.pieces)):
        own = con.sql(
            f"SELECT * EXCLUDE ({PIECES}), {number}::INTEGER AS {PIECE} "
            f"FROM read_parquet('{folder}/*') WHERE list_contains({PIECES}, {number})"
        ).to_arrow_table()
        assert own.column_names[0] == DATASET
        told += compared(task, iter(own.to_batches(max_chunksize=3)))
    names = made.datasets
    found = [
        (names[a], x, names[b], y, weight)
        for batch in told
        for a, x, b, y, weight in zip(*batch.to_pydict().values(), strict=True)
    ]
    return sorted(found), made


def whole(
    con: duckdb.DuckDBPyConnection,
    settings: Mapping[str, Any],
    tables: Mapping[str, str],
    shares: Mapping[str, str],
    least: float,
) -> Rows:
    """The pairs that the engine finds on this machine, in order."""
    table = by_the_engine(columns(con, tables), settings, shares, least)
    found: Rows = con.execute(
        "SELECT source_dataset_l::VARCHAR, unique_id_l, source_dataset_r::VARCHAR, unique_id_r, "
        f"match_weight FROM {table}"
    ).fetchall()
    return sorted(found)
