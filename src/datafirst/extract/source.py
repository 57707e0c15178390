"""Where is a source, and how is it opened?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from datafirst.errors import SourceError
from datafirst.settings import Settings, source_dsn_variable
from datafirst.spec import System

from .file import Files
from .postgresql import PostgreSQL, connected

Source = PostgreSQL | Files


@contextmanager
def opened(system: System, settings: Settings) -> Iterator[Source]:
    """The source as it was at one moment."""
    if system.connection.kind == "file":
        yield Files(system, settings.config / (system.connection.path or "."))
        return
    with connected(system, address(system.id), source_dsn_variable(system.id)) as source:
        yield source


def address(system: str) -> str:
    """The DSN of a source's database. SourceError where none is named."""
    variable = source_dsn_variable(system)
    if dsn := os.environ.get(variable):
        return dsn
    raise SourceError(
        f"no address of {system}: set {variable}, or start the embedded server (`make up`)"
    )
