"""What compares the pairs of a model? The compiled engine, the same on Spark, or Splink's SQL."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import duckdb
from splink import DuckDBAPI

from . import compiled_edges, frequencies, guards
from .engine.columns import columns
from .engine.conditions import NotUnderstood
from .spark import edges as spark_edges
from .spark.session import Place, session

PAIRS_AT_ONCE = 40_000_000
"""Candidate pairs that Splink holds at once: 40 million take about 2 GB."""


@dataclass(frozen=True)
class Asked:
    """A model, ready to be applied to tables of inputs."""

    settings: dict[str, Any]
    """Splink's, with even odds before any comparison."""
    tables: Mapping[str, str]
    shares: Mapping[str, str]
    """By column, the table of how frequent its values are."""
    least: float
    """What a pair must weigh."""
    pairs: int
    """Candidate pairs."""


@dataclass(frozen=True)
class By:
    """What compares. All come to the same pairs and weights."""

    engine: str = "compiled"
    """compiled, spark or splink."""
    threads: int = 2
    place: Place | None = None
    """Where Spark works, if it does."""

    def __post_init__(self) -> None:
        if self.engine == "spark" and self.place is None:
            raise ValueError("Spark compares at a place: none is named")


HERE = By()
"""The engine on this machine."""


def workers(by: By) -> AbstractContextManager[Any]:
    """Spark's workers, if Spark compares, for one model after another: else each begins anew."""
    if by.engine == "spark" and by.place is not None:
        return session(by.place)
    return nullcontext()


def found(con: duckdb.DuckDBPyConnection, db: DuckDBAPI, by: By, asked: Asked) -> tuple[str, str]:
    """The table of pairs that weigh enough, and what found them: Splink too, where the engine does
    not understand the model, and then why."""
    said = by.engine
    try:
        if by.engine == "compiled":
            return _compiled(con, by, asked), said
        if by.engine == "spark" and by.place is not None:
            return _on_spark(con, by.place, asked), said
    except NotUnderstood as error:
        said = f"splink, as the compiled engine does not know: {error.what}"
    return _predicted(db, asked), said


def _compiled(con: duckdb.DuckDBPyConnection, by: By, asked: Asked) -> str:
    source = columns(con, asked.tables)
    return compiled_edges.found(source, asked.settings, asked.shares, asked.least, by.threads)


def _on_spark(con: duckdb.DuckDBPyConnection, place: Place, asked: Asked) -> str:
    shares, least = asked.shares, asked.least
    return spark_edges.found(con, asked.settings, asked.tables, shares, least, place)


def _predicted(db: DuckDBAPI, asked: Asked) -> str:
    """Splink, told how frequent values were when the model was trained."""
    linker = guards.linker(guards.frames(db, asked.tables), asked.settings)
    frequencies.register(linker, db, asked.shares)
    predicted = linker.inference.predict(
        threshold_match_weight=asked.least,
        num_chunks_left=1,
        num_chunks_right=1 + asked.pairs // PAIRS_AT_ONCE,
        warning_mode="never",
    )
    return str(predicted.physical_name)
