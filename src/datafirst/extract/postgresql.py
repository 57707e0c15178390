"""How is a PostgreSQL source read? In one transaction, by streamed Arrow batches."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from datafirst.errors import SourceError
from datafirst.spec import System, Table

from .query import BEGIN, COLUMNS, select

CUT = (adbc.Error, OSError)
"""What a connection that breaks while rows stream raises."""


@dataclass(frozen=True)
class PostgreSQL:
    """A source as it was at one moment."""

    system: System
    cursor: Any

    @property
    def schema_name(self) -> str:
        return self.system.connection.schema_name or "public"

    def columns(self) -> dict[str, dict[str, str]]:
        """Of each table that this account may see: column -> type."""
        with _reading(f"{self.system.id}: its list of columns"):
            self.cursor.execute(COLUMNS, parameters=(self.schema_name,))
            listed = self.cursor.fetchall()
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in listed:
            tables.setdefault(table, {})[column] = kind
        return tables

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """The rows of a table."""
        with _reading(table.id):
            self.cursor.execute(select(table, self.schema_name))
            reader = self.cursor.fetch_record_batch()
        while True:
            with _reading(table.id):
                batch = next(reader, None)
            if batch is None:
                return
            yield batch


@contextmanager
def connected(system: System, dsn: str, named: str) -> Iterator[PostgreSQL]:
    """The source at one moment: what others change meanwhile is not seen.

    `named` says where the DSN came from: the DSN itself, which may hold a password, is never
    in a message.
    """
    try:
        connection = adbc.connect(dsn, autocommit=True)
    except adbc.Error as error:
        raise SourceError(f"{system.id}: {_refusal(str(error))}; check {named}") from None
    try:
        with connection.cursor() as cursor:
            with _reading(system.id):
                cursor.execute(BEGIN)
            yield PostgreSQL(system, cursor)
    finally:
        connection.close()


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """The driver's own message may quote the data, so it is never passed on."""
    try:
        yield
    except CUT as error:
        raise SourceError(
            f"{what}: {_reason(error)}; nothing of this snapshot is visible: correct it and run "
            "the extraction again"
        ) from None


def _reason(error: Exception) -> str:
    state = getattr(error, "sqlstate", None)
    if state == "42501":
        return "this account may not read it (grant SELECT)"
    if state:
        return f"PostgreSQL refused the query (SQLSTATE {state})"
    if "Execution error" in str(error) and "terminating connection" not in str(error):
        return "PostgreSQL failed while it gave the rows; its own log says why"
    return "the connection was lost while it was read"


def _refusal(message: str) -> str:
    if "password" in message or "authentication" in message or "role" in message:
        return "PostgreSQL refuses these credentials"
    if "does not exist" in message:
        return "PostgreSQL has no such database"
    if "connection info string" in message or "URI" in message:
        return "the address cannot be understood"
    return "no PostgreSQL server answers"
