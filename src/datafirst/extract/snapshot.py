"""What is a snapshot? Every table of a system at one moment, as Parquet parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datafirst.errors import SourceError
from datafirst.spec import System, Table

from .columns import arrow_schema
from .drift import differences, unspecified
from .land import Landing, land
from .source import Source


@dataclass(frozen=True)
class Landed:
    """One table in its parts."""

    table: str
    parts: tuple[tuple[Path, int], ...]
    """Each file and its rows."""
    unspecified_columns: int

    @property
    def rows(self) -> int:
        return sum(rows for _, rows in self.parts)


def take(system: System, source: Source, folder: Path) -> Iterator[Landed]:
    """Reads every table that is specified, after all have been seen to be as specified.

    Raises SourceError naming every difference at once, or a table that holds nothing.
    """
    found = source.columns()
    faults = [
        fault
        for table in system.tables.values()
        for fault in differences(table, found.get(table.name))
    ]
    if faults:
        raise SourceError("\n".join(faults))
    for table in system.tables.values():
        yield _landed(table, source, folder, unspecified(table, found[table.name]))


def _landed(table: Table, source: Source, folder: Path, extra: int) -> Landed:
    parts = land(source.batches(table), Landing(folder / table.name, arrow_schema(table)))
    if not parts:
        # A source that answers with nothing looks like success: it is the fault that empties
        # every later table without an error.
        raise SourceError(
            f"{table.id}: the source holds no rows; fill it, or take its file out of "
            f"config/sources/{table.group}"
        )
    return Landed(table.name, tuple(parts), extra)
