"""How is a source read that comes as files? One Parquet or CSV file for each table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from datafirst.errors import SourceError
from datafirst.spec import System, Table

from .columns import arrow_schema

BATCH_ROWS = 16_384
SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class Files:
    """A folder of files that do not change while they are read."""

    system: System
    folder: Path

    def columns(self) -> dict[str, dict[str, str]]:
        """Of each table of the system: column -> type. SourceError where a file is absent."""
        return {name: self._columns(table) for name, table in self.system.tables.items()}

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """The rows of a table in the file's own order: the same file gives the same bytes."""
        schema, path = arrow_schema(table), self._path(table)
        with _reading(table, path):
            if path.suffix == ".csv":
                yield from _csv(path, schema)
            else:
                for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=schema.names):
                    yield batch.select(schema.names).cast(schema)

    def _columns(self, table: Table) -> dict[str, str]:
        path = self._path(table)
        with _reading(table, path):
            if path.suffix == ".parquet":
                return {field.name: str(_plain(field.type)) for field in pq.read_schema(path)}
            with pc.open_csv(path) as reader:
                named = set(reader.schema.names)
        # A CSV file has no types: its text is parsed as what is specified.
        specified = {f.name: str(f.type) for f in arrow_schema(table) if f.name in named}
        return dict.fromkeys(named, "string") | specified

    def _path(self, table: Table) -> Path:
        for suffix in SUFFIXES:
            if (path := self.folder / f"{table.name}{suffix}").is_file():
                return path
        raise SourceError(
            f"{table.id}: no file {(self.folder / table.name).resolve()}.parquet (nor .csv); "
            f"obtain it from {self.system.owner} ({self.system.title}) and put it there"
        )


def _csv(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """An empty field is a missing value; a quoted empty field is empty text."""
    options = pc.ConvertOptions(
        column_types=schema,
        include_columns=schema.names,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        timestamp_parsers=["%Y-%m-%d"],
    )
    parse = pc.ParseOptions(newlines_in_values=True)
    with pc.open_csv(path, convert_options=options, parse_options=parse) as reader:
        yield from reader


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@contextmanager
def _reading(table: Table, path: Path) -> Iterator[None]:
    """Arrow's own message may quote the data."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{table.id}: {path} cannot be read as it is specified ({type(error).__name__}); "
            f"check the file, and the types in config/sources/{table.group}/{table.name}.toml"
        ) from None
