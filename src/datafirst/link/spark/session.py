"""How is Spark reached? By one address; what it writes on the way is encrypted, and goes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datafirst.errors import LinkageRefused

REMEDY = "or compare on this machine: DATAFIRST_ENGINE=compiled"


@dataclass(frozen=True)
class Place:
    """Where does Spark run, and where is what it reads and writes?"""

    master: str
    """Spark's address: local[*], spark://host:7077, yarn, k8s://..."""
    folder: Path
    """Private; destroyed with what is in it by whoever made it. All workers see it."""


@contextmanager
def session(place: Place) -> Iterator[Any]:
    """A session of Spark, or the one that there is, which stays."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise LinkageRefused(
            f"Spark is not installed here: pip install 'datafirst[spark]', {REMEDY}"
        ) from None
    there = SparkSession.getActiveSession()
    if there is not None:
        yield there
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(place.master).appName("datafirst")
    for name, value in _asked(place).items():
        builder = builder.config(name, value)
    try:
        made = builder.getOrCreate()
    except Exception as error:
        raise LinkageRefused(
            f"Spark does not start ({type(error).__name__}): it needs Java 17 or later, and a "
            f"master that answers at DATAFIRST_SPARK_MASTER; see to it, {REMEDY}"
        ) from None
    try:
        yield made
    finally:
        made.stop()


def _asked(place: Place) -> dict[str, str]:
    """What is not left to Spark's own configuration (spark-defaults.conf)."""
    asked = {
        "spark.local.dir": str(place.folder / "spark"),
        "spark.sql.warehouse.dir": (place.folder / "warehouse").as_uri(),
        "spark.io.encryption.enabled": "true",  # names and addresses pass through its files
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if place.master.startswith("local"):
        asked |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return asked
