"""How do streamed record batches become Parquet parts?

The same rows give the same bytes, however the source cut them into batches: they are cut
anew into pieces of a fixed number of rows, each a row group.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .columns import ROW

PIECE_ROWS = 16_384
PART_BYTES = 32_000_000
"""S3 services handle objects of this size well; none is larger."""


@dataclass
class Landing:
    """A table's parts so far."""

    folder: Path
    schema: pa.Schema
    part_bytes: int = PART_BYTES
    piece_rows: int = PIECE_ROWS
    parts: list[tuple[Path, int]] = field(default_factory=list)
    """Each finished part and its rows."""
    rows: int = 0


def land(batches: Iterable[pa.RecordBatch], landing: Landing) -> list[tuple[Path, int]]:
    """Writes every row, numbered from 0 in `_row`, to parts; returns them with their rows."""
    landing.folder.mkdir(parents=True, exist_ok=True)
    pieces = _numbered(_pieces(_ahead(iter(batches)), landing), landing)
    piece = next(pieces, None)
    while piece is not None:
        piece = _part(piece, pieces, landing)
    return landing.parts


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches: while one is written the source sends the next."""
    with ThreadPoolExecutor(1, "source") as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _part(piece: pa.Table | None, rest: Iterator[pa.Table], landing: Landing) -> pa.Table | None:
    """Writes pieces while the part is certain to stay small enough; returns the next piece."""
    path = landing.folder / f"part-{len(landing.parts):05d}.parquet"
    rows = 0
    with pa.OSFile(str(path), "wb") as sink, _writer(sink, piece.schema) as writer:  # type: ignore[union-attr]
        while piece is not None and (rows == 0 or sink.tell() + piece.nbytes < landing.part_bytes):
            writer.write_table(piece, row_group_size=piece.num_rows)
            rows += piece.num_rows
            piece = next(rest, None)
    landing.parts.append((path, rows))
    return piece


def _writer(sink: pa.OSFile, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        sink,
        schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        data_page_version="1.0",
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,  # Arrow's copy of the schema would depend on the reader's version
    )


def _pieces(batches: Iterable[pa.RecordBatch], landing: Landing) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(pa.RecordBatch.from_arrays(batch.columns, schema=landing.schema))
        rows += batch.num_rows
        if rows >= landing.piece_rows:
            table = pa.Table.from_batches(waiting)
            whole = rows - rows % landing.piece_rows
            for start in range(0, whole, landing.piece_rows):
                yield from _halved(table.slice(start, landing.piece_rows), landing.part_bytes)
            waiting = table.slice(whole).to_batches()
            rows -= whole
    if rows:
        yield from _halved(pa.Table.from_batches(waiting), landing.part_bytes)


def _halved(piece: pa.Table, limit: int) -> Iterator[pa.Table]:
    """The piece, or where its rows are so wide that it might not fit a part, its halves."""
    if piece.nbytes < limit * 0.9 or piece.num_rows == 1:
        yield piece.combine_chunks()
        return
    half = piece.num_rows // 2
    yield from _halved(piece.slice(0, half), limit)
    yield from _halved(piece.slice(half), limit)


def _numbered(pieces: Iterator[pa.Table], landing: Landing) -> Iterator[pa.Table]:
    for piece in pieces:
        numbers = pa.array(np.arange(landing.rows, landing.rows + piece.num_rows, dtype=np.int64))
        landing.rows += piece.num_rows
        yield piece.append_column(pa.field(ROW, pa.int64()), numbers)
