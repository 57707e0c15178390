"""Which pairs weigh enough, by the compiled engine? As a table like the one that Splink makes."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from .engine.columns import Columns
from .engine.edges import Engine, engine

FOUND = "found_by_the_engine"


def found(
    source: Columns,
    settings: Mapping[str, Any],
    shares: Mapping[str, str],
    least: float,
    threads: int = 2,
) -> str:
    """The table of pairs that weigh at least this: source_dataset and unique_id of both sides, and
    the match_weight. Pairs are written as they are found: none but these are ever held.

    What was read of the records is let go. NotUnderstood where the model asks what only SQL can
    answer.
    """
    made = _engine(source, settings, shares)
    batches = _batches(made, list(source.tables), least, threads)
    return _written(source.con, pa.RecordBatchReader.from_batches(_schema(made), batches))


def alone(
    source: Columns, settings: Mapping[str, Any], shares: Mapping[str, str], threads: int = 2
) -> str:
    """The table of all records compared with themselves: source_dataset_l, unique_id_l and the
    match_weight. As for found() in all else."""
    made = _engine(source, settings, shares)
    told = pa.array(list(source.tables), pa.string())
    table = pa.table(
        {
            "source_dataset_l": pa.DictionaryArray.from_arrays(pa.array(made.kept.dataset), told),
            "unique_id_l": made.kept.ids,
            "match_weight": made.alone(threads),
        }
    )
    return _written(source.con, table)


def _written(con: duckdb.DuckDBPyConnection, told: pa.Table | pa.RecordBatchReader) -> str:
    con.register("engine_tells", told)
    try:
        con.execute(f"CREATE OR REPLACE TABLE {FOUND} AS FROM engine_tells")
    finally:
        con.unregister("engine_tells")
    return FOUND


def _engine(source: Columns, settings: Mapping[str, Any], shares: Mapping[str, str]) -> Engine:
    made = engine(settings, source, shares)
    source.forget()
    return made


def _schema(made: Engine) -> pa.Schema:
    dataset, number = pa.dictionary(pa.int8(), pa.string()), made.kept.ids.type
    sides = [(f"source_dataset_{s}", dataset) for s in "lr"]
    return pa.schema(
        [*sides, ("unique_id_l", number), ("unique_id_r", number), ("match_weight", pa.float64())]
    )


def _batches(
    made: Engine, names: list[str], least: float, threads: int
) -> Iterator[pa.RecordBatch]:
    schema, ids, dataset = _schema(made), made.kept.ids, made.kept.dataset
    told = pa.array(names, pa.string())
    for each in made.edges(least, threads):
        sides = [each.left, each.right]
        yield pa.record_batch(
            [
                *(pa.DictionaryArray.from_arrays(pa.array(dataset[s]), told) for s in sides),
                *(ids.take(pa.array(s)) for s in sides),
                pa.array(each.weight),
            ],
            schema=schema,
        )
