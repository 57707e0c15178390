"""How do the pretend data get into the databases? Fills them in one transaction each.

While one chunk travels to PostgreSQL the next is being invented.
"""

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from adbc_driver_postgresql import dbapi

from datafirst.errors import SourceError
from datafirst.spec import Specification, System, Table, Type

POSTGRES_TYPES = {
    Type.STRING: "text",
    Type.INTEGER: "bigint",
    Type.NUMBER: "double precision",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
}
TRUTH = ("records", "journeys")
UNDER_WAY = 6
"""Tables that may wait for PostgreSQL: what bounds memory when it is the slower."""


def load(
    chunks: Iterable[tuple[str, pa.Table]], dsns: dict[str, str], truth: Path, spec: Specification
) -> dict[str, int]:
    """Replace the sources' tables and the truth; give the rows of each source table.

    A reader of a database sees what was there before or all of this, never a mixture.
    Raises SourceError where a database cannot be written.
    """
    rows: dict[str, int] = {}
    truth.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        incoming = Path(stack.enter_context(TemporaryDirectory(dir=truth, prefix=".incoming-")))
        connections = {
            name: stack.enter_context(_connected(name, dsn)) for name, dsn in dsns.items()
        }
        for system, connection in connections.items():
            _lay_out(connection, spec.systems[system])
        worker = stack.enter_context(ThreadPoolExecutor(1))
        for name, sent in _ahead(worker, _sources(chunks, incoming), connections, spec):
            rows[name] = rows.get(name, 0) + sent
        for connection in connections.values():
            connection.commit()
        for part in TRUTH:
            shutil.rmtree(truth / part, ignore_errors=True)
            (incoming / part).rename(truth / part)
    return rows


@contextmanager
def _connected(system: str, dsn: str) -> Iterator[dbapi.Connection]:
    # The driver's own message may quote a row, so it is not passed on.
    try:
        connection = dbapi.connect(dsn)
    except dbapi.Error:
        raise SourceError(
            f"{system}: cannot connect to its database; check its address and that it is running"
        ) from None
    try:
        yield connection
    except dbapi.Error:
        raise SourceError(
            f"{system}: cannot write its tables; check the account's rights and the space left"
        ) from None
    finally:
        connection.close()


def _sources(chunks: Iterable[tuple[str, pa.Table]], truth: Path) -> Iterator[tuple[str, pa.Table]]:
    """The source tables of the chunks; the truth is written on the way, a file a chunk."""
    parts = dict.fromkeys(TRUTH, 0)
    for name in TRUTH:
        (truth / name).mkdir()
    for name, table in chunks:
        group, _, own = name.partition(".")
        if group == "truth":
            parts[own] += 1
            pq.write_table(table, truth / own / f"{parts[own]:05}.parquet")
        else:
            yield name, table


def _ahead(
    worker: ThreadPoolExecutor,
    tables: Iterable[tuple[str, pa.Table]],
    connections: dict[str, dbapi.Connection],
    spec: Specification,
) -> Iterator[tuple[str, int]]:
    waiting: list[tuple[str, Future[int]]] = []
    for name, table in tables:
        system = name.split(".")[0]
        if system not in connections:
            continue
        schema = _schema(spec.systems[system])
        sent = worker.submit(_append, connections[system], schema, name.split(".")[1], table)
        waiting.append((name, sent))
        if len(waiting) > UNDER_WAY:
            first, done = waiting.pop(0)
            yield first, done.result()
    for first, done in waiting:
        yield first, done.result()


def _append(connection: dbapi.Connection, schema: str, name: str, table: pa.Table) -> int:
    with connection.cursor() as cursor:
        cursor.adbc_ingest(name, table, mode="append", db_schema_name=schema)
    return int(table.num_rows)


def _lay_out(connection: dbapi.Connection, system: System) -> None:
    """Empty tables as the specification has them. No keys: a source may break its own."""
    schema = _schema(system)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for table in system.tables.values():
            cursor.execute(f'DROP TABLE IF EXISTS "{schema}"."{table.name}"')
            cursor.execute(f'CREATE TABLE "{schema}"."{table.name}" ({_columns(table)})')


def _columns(table: Table) -> str:
    return ", ".join(f'"{v.name}" {"text" if v.format else POSTGRES_TYPES[v.type]}' for v in table)


def _schema(system: System) -> str:
    return system.connection.schema_name or system.id
