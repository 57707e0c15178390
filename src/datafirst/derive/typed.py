"""How do landed rows become typed rows? Text dates are parsed, quarantined rows left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from datafirst.spec import Table, Variable


@dataclass(frozen=True)
class Landed:
    """A source table in a snapshot, brought here."""

    table: Table
    parts: tuple[Path, ...]
    rows: int
    """How many rows extraction counted: the ledger must account for each."""
    quarantine: tuple[Path, ...] = ()
    """`_row`, `rule` and `first`: a row stands once for every rule that it breaks."""


def typed(landed: Landed) -> str:
    """The SELECT of a table's sound rows, each with its `_row`."""
    columns = ", ".join(["_row", *(column(v) for v in landed.table)])
    sound = f"SELECT {columns} FROM {files(landed.parts)}"
    if landed.quarantine:
        sound += f" ANTI JOIN {files(landed.quarantine)} AS broken USING (_row)"
    return sound


def column(variable: Variable) -> str:
    """A column as its specification types it. A date that does not parse is NULL."""
    if variable.format is None:
        return f'"{variable.name}"'
    pattern = variable.format.replace("'", "''")
    return f'try_strptime("{variable.name}", \'{pattern}\')::DATE AS "{variable.name}"'


def files(paths: Iterable[Path]) -> str:
    """Parquet files as a relation."""
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{names}])"
