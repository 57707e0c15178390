"""What does a worker do with a piece? The engine encodes its records and compares them.

A worker knows nothing but the model and the piece: no table, no database, no other worker. What it
finds is what the engine finds of the same records anywhere, to the bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from datafirst.errors import UnforeseenFailure
from datafirst.link.engine.columns import columns
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.edges import Engine, planned
from datafirst.link.engine.plan import Plan

from .pieces import DATASET, PIECE, Cut, Piece

FOUND = ("dataset_l", "unique_id_l", "dataset_r", "unique_id_r", "match_weight")
"""The columns of what is found. A dataset is its place among those of the cut."""


@dataclass(frozen=True)
class Task:
    """What every worker is told."""

    plan: Plan
    cut: Cut
    least: float


def compared(task: Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pairs that weigh enough (FOUND), of whole pieces of records."""
    held = list(batches)
    if not held:
        return
    records = pa.Table.from_batches(held)
    for number in sorted(pc.unique(records.column(PIECE)).to_pylist()):
        own = records.filter(pc.equal(records.column(PIECE), number))
        try:
            yield from _found(task, task.cut.pieces[number], own)
        except NotUnderstood:
            raise
        except Exception as error:
            raise UnforeseenFailure(f"piece {number}: {type(error).__name__}") from None


def _found(task: Task, piece: Piece, records: pa.Table) -> Iterator[pa.RecordBatch]:
    with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as con:
        made = _engine(con, task, records)
        ids, dataset = made.kept.ids, made.kept.dataset
        for each in made.of_rule(piece.rule, task.least, piece.share, piece.shares):
            columns: list[pa.Array] = []
            for side in (each.left, each.right):
                columns += [pa.array(dataset[side]), ids.take(pa.array(side))]
            yield pa.record_batch([*columns, pa.array(each.weight)], names=list(FOUND))


def _engine(con: duckdb.DuckDBPyConnection, task: Task, records: pa.Table) -> Engine:
    cut = task.cut
    tables = {}
    for n, dataset in enumerate(cut.datasets):
        own = records.filter(pc.equal(records.column(DATASET), n))
        named = own.select([f"c{k}" for k in range(len(cut.columns))]).rename_columns(cut.columns)
        tables[dataset] = f"records_{n}"
        con.register(tables[dataset], named)
    con.register("all_records", records)
    at = {name.lower(): n for n, name in enumerate(cut.columns)}
    shares = {}
    for n, column in enumerate(cut.frequencies):
        shares[column] = f"shares_{n}"
        con.execute(
            f'CREATE TABLE shares_{n} AS SELECT DISTINCT c{at[column.lower()]} AS "{column}", '
            f't{n} AS "tf_{column}" FROM all_records WHERE c{at[column.lower()]} IS NOT NULL'
        )
    return planned(task.plan, columns(con, tables), shares)
