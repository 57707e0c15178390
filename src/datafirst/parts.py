"""How is a table written in parts? In a total order, with the same bytes whatever the threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from datafirst.errors import ValidationFailed

PART_BYTES = 32_000_000
"""S3 services handle objects of this size well; no part is larger."""
SAMPLE_ROWS = 10_000

COPY = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440",
    "csv": "FORMAT csv, HEADER true, NULLSTR '', DATEFORMAT '%Y-%m-%d'",
}
"""How each format is written. In CSV a missing value is empty and empty text is quoted."""


@dataclass(frozen=True)
class Part:
    """One file of a table."""

    name: str
    """`offence-00001-of-00003.csv`, or `part-00000.parquet` inside the pipeline."""
    path: Path
    rows: int


def write(
    con: duckdb.DuckDBPyConnection,
    query: str,
    order_by: Sequence[str],
    folder: Path,
    *,
    name: str | None = None,
    formats: Sequence[str] = ("parquet",),
    part_rows: int = 1_000_000,
    part_bytes: int = PART_BYTES,
) -> list[Part]:
    """Writes what a query gives; every part has the same number of rows, give or take one.

    `order_by` must be a total order: ValidationFailed where two rows share it. `name` is the
    table's in a package; without it the folder is called like the table. No part has more than
    `part_rows` rows or `part_bytes` bytes in any format.
    """
    folder.mkdir(parents=True, exist_ok=True)
    total = _ordered(con, query, order_by, name or folder.name)
    try:
        rows = min(part_rows, _rows_that_fit(con, total, folder, formats, part_bytes))
        while not (parts := _written(con, total, rows, folder, name, formats, part_bytes)):
            rows = max(1, rows // 2)  # wider rows than the sample's
        return parts
    finally:
        con.execute("DROP TABLE _ordered")


def _written(
    con: duckdb.DuckDBPyConnection,
    total: int,
    rows: int,
    folder: Path,
    name: str | None,
    formats: Sequence[str],
    part_bytes: int,
) -> list[Part]:
    """Parts of about so many rows; none, where one of them is too large."""
    number = max(1, -(-total // rows))
    parts = [p for form in formats for p in _copied(con, total, number, folder, name, form)]
    if rows == 1 or all(part.path.stat().st_size <= part_bytes for part in parts):
        return parts
    for part in parts:
        part.path.unlink()
    return []


def _ordered(
    con: duckdb.DuckDBPyConnection, query: str, order_by: Sequence[str], table: str
) -> int:
    """Keeps the query's rows in their order, so that `rowid` numbers them; returns how many."""
    order = ", ".join(f'"{column}"' for column in order_by)
    con.execute(f"CREATE TEMP TABLE _ordered AS SELECT * FROM ({query}) ORDER BY {order}")
    total, twice = _one(
        con,
        f"SELECT coalesce(sum(n), 0)::BIGINT, count(*) FILTER (n > 1) FROM "
        f"(SELECT count(*) AS n FROM _ordered GROUP BY {order})",
    )
    if twice:
        con.execute("DROP TABLE _ordered")
        raise ValidationFailed(
            f"{table}: {order} does not order the rows: {twice:,} of its values recur; correct the "
            "key, or the query that makes the table"
        )
    return int(total)


def _rows_that_fit(
    con: duckdb.DuckDBPyConnection,
    total: int,
    folder: Path,
    formats: Sequence[str],
    part_bytes: int,
) -> int:
    """How many rows make a part, by the size of rows spread evenly over the table."""
    step = max(1, total // SAMPLE_ROWS)
    widest = 1.0
    for form in formats:
        path = folder / f".sample.{form}"
        sample = f"SELECT * FROM _ordered WHERE rowid % {step} = 0 ORDER BY rowid"
        con.execute(f"COPY ({sample}) TO '{path}' ({COPY[form]})")
        widest = max(widest, path.stat().st_size / max(1, -(-total // step)))
        path.unlink()
    return max(1, int(part_bytes * 0.9 / widest))


def _copied(
    con: duckdb.DuckDBPyConnection,
    total: int,
    number: int,
    folder: Path,
    name: str | None,
    form: str,
) -> list[Part]:
    parts = []
    for i in range(number):
        first, end = i * total // number, (i + 1) * total // number
        stem = f"{name}-{i + 1:05d}-of-{number:05d}" if name else f"part-{i:05d}"
        path = folder / f"{stem}.{form}"
        rows = f"SELECT * FROM _ordered WHERE rowid >= {first} AND rowid < {end} ORDER BY rowid"
        con.execute(f"COPY ({rows}) TO '{path}' ({COPY[form]})")
        parts.append(Part(path.name, path, end - first))
    return parts


def _one(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = con.execute(query).fetchone()
    assert row is not None
    return row
