"""Which pairs weigh enough, by the engine on Spark's workers? As a table like Splink's own."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from datafirst.errors import UnforeseenFailure
from datafirst.link.compiled_edges import FOUND as TABLE
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.plan import plan

from .pieces import PIECE, PIECES, Cut, Size, cut
from .session import Place, session
from .worker import FOUND, Task, compared


def found(
    con: duckdb.DuckDBPyConnection,
    settings: Mapping[str, Any],
    tables: Mapping[str, str],
    shares: Mapping[str, str],
    least: float,
    place: Place,
    size: Size | None = None,
) -> str:
    """The table of pairs that weigh at least this: source_dataset and unique_id of both sides, and
    the match_weight.

    `tables` of records by dataset, each with a unique_id; `shares` names, by column, a table of how
    frequent its values are. NotUnderstood where the model asks what only SQL can answer.
    """
    asked = plan(settings)
    with tempfile.TemporaryDirectory(prefix="spark-", dir=place.folder) as folder:
        own = Path(folder).resolve()
        records, edges = own / "records", own / "edges"
        made = cut(con, asked, tables, shares, records, size or Size())
        if made.pieces:
            task = Task(asked, made, least)
            _distributed(task, records, edges, Place(place.master, own))
        con.execute(f"CREATE OR REPLACE TABLE {TABLE} AS {_told(con, made, tables, edges)}")
    return TABLE


def _distributed(task: Task, records: Path, edges: Path, place: Place) -> None:
    """Spark brings each piece's records together, and a worker writes down what it finds."""
    number = task.cut.number
    schema = ", ".join(
        f"{name} {kind}"
        for name, kind in zip(FOUND, ("tinyint", number, "tinyint", number, "double"), strict=True)
    )
    with session(place) as spark:
        from pyspark.errors import PySparkException
        from pyspark.sql import functions as f

        sent = spark.read.parquet(records.as_uri())
        gone = sent.withColumn(PIECE, f.explode(PIECES)).drop(PIECES)
        gathered = gone.repartitionById(len(task.cut.pieces), PIECE)
        try:
            gathered.mapInArrow(lambda batches: compared(task, batches), schema).write.parquet(
                edges.as_uri()
            )
        except PySparkException as error:
            raise _why(str(error)) from None


def _why(said: str) -> Exception:
    """What went wrong with a worker, and none of the data: Spark tells all that it knows."""
    known = re.search(r"\bNotUnderstood: (.+)", said)
    if known:
        return NotUnderstood(known[1])
    known = re.search(r"\bUnforeseenFailure: (piece \d+: \w+)", said)
    return UnforeseenFailure(known[1] if known else "Spark failed; its own log tells more")


def _told(con: duckdb.DuckDBPyConnection, made: Cut, tables: Mapping[str, str], edges: Path) -> str:
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in made.datasets)
    sides = ", ".join(f"[{names}][dataset_{s} + 1] AS source_dataset_{s}" for s in "lr")
    columns = f"{sides}, unique_id_l, unique_id_r, match_weight"
    if made.pieces:
        return f"SELECT {columns} FROM read_parquet('{edges}/*.parquet')"
    of = tables[made.datasets[0]]
    return (
        f"SELECT {columns} FROM (SELECT 0 AS dataset_l, 0 AS dataset_r, unique_id AS unique_id_l, "
        f'unique_id AS unique_id_r, 0.0::DOUBLE AS match_weight FROM "{of}" LIMIT 0)'
    )
