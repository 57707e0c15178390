"""What is wrong with some rows? Faults planted on purpose, for validation to find.

Each is rare (its table's share stays well under quarantine_up_to) and is drawn by row, so it does
not depend on anything else. Dirt that standardisation copes with is in sql/identity.sql instead.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PLANTED = Path(__file__).parent / "faults"
"""One file a system: its faults, and the share of rows of some tables that are sent again."""


@dataclass(frozen=True)
class Fault:
    """A value that breaks a rule, put into a column of some rows."""

    table: str
    column: str
    breaks: str
    """The kind of rule that it breaks."""
    share: float
    value: str
    """An SQL expression over the row."""


@cache
def faults() -> tuple[Fault, ...]:
    """Every fault of every system; a table is named `system.table`."""
    return tuple(
        Fault(**{**each, "table": f"{system}.{each['table']}"})
        for system, told in _files()
        for each in told.get("faults", ())
    )


@cache
def sent_again() -> dict[str, float]:
    """The share of rows that arrive twice, so that the key of `system.table` does not hold."""
    return {
        f"{system}.{table}": share
        for system, told in _files()
        for table, share in told.get("sent_again", {}).items()
    }


def faulty(table: str, rows: str) -> str:
    """The query for a table's rows with its faults, and with some rows sent again."""
    values = ", ".join(f"{value} AS {column}" for column, value in _columns(table))
    replaced = f"SELECT * REPLACE ({values}) FROM ({rows})" if values else f"FROM ({rows})"
    if not (share := sent_again().get(table)):
        return replaced
    return f"""WITH sent AS ({replaced})
        FROM sent UNION ALL FROM sent WHERE u('sent again', row_key) < {share}"""


def _files() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(PLANTED.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


def _columns(table: str) -> Iterator[tuple[str, str]]:
    planted = [fault for fault in faults() if fault.table == table]
    for column in dict.fromkeys(fault.column for fault in planted):
        cases, upto = "", 0.0
        for fault in planted:
            if fault.column == column:
                upto += fault.share
                # What is missing stays missing: a placeholder where nothing was is another fault.
                cases += (
                    f" WHEN u('fault {column}', row_key) < {upto} AND {column} IS NOT NULL"
                    f" THEN {fault.value}"
                )
        yield column, f"CASE{cases} ELSE {column} END"
