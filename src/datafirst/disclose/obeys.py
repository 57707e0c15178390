"""Does a released table obey the released specification exactly?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.errors import DataFirstError, DisclosureRefused
from datafirst.spec import Table, Type
from datafirst.validate.examine import examine
from datafirst.validate.report import Report, excesses

from .closed import closed

COLUMN_TYPES = {
    Type.STRING: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
}


def obeys(
    con: DuckDBPyConnection, tables: Mapping[str, Table], parts: Mapping[str, Sequence[Path]]
) -> dict[str, Report]:
    """Compares the released files of each table with its released specification, every value.

    Returns the counts. Raises DisclosureRefused, in counts, for anything that is not declared.
    """
    if set(tables) != set(parts):
        raise DisclosureRefused("the tables to be released are not those that are declared")
    closed(tables.values())
    faults = [f for name, table in tables.items() for f in _columns(con, table, parts[name])]
    if faults:
        raise DisclosureRefused("\n".join(faults))
    try:
        reports = examine(con, tables.values(), lambda table: parts[table.name])
    except DataFirstError as error:
        raise DisclosureRefused(str(error)) from None
    faults = [f for table in tables.values() for f in _values(table, reports[table.id])]
    if faults:
        raise DisclosureRefused("\n".join(faults))
    return reports


def _columns(con: DuckDBPyConnection, table: Table, parts: Sequence[Path]) -> Iterator[str]:
    """The columns of every file are those declared, in their order and of their types."""
    declared = [(v.name, COLUMN_TYPES[v.type]) for v in table]
    if not parts:
        yield f"{table.id}: no file holds it"
    for number, part in enumerate(parts, 1):
        found = con.execute("DESCRIBE FROM read_parquet(?)", [str(part)]).fetchall()
        if [(name, kind) for name, kind, *_ in found] != declared:
            yield (
                f"{table.id}: the columns of part {number} of {len(parts)} are not those declared, "
                "in their order and of their types"
            )


def _values(table: Table, report: Report) -> Iterator[str]:
    """No value breaks what is declared of it, and no more are missing than declared."""
    for rule, rows in report.broken.items():
        yield f"{table.id}: {rows:,} of {report.rows:,} rows break {rule}"
    yield from excesses(table.model_copy(update={"quarantine_up_to": 1.0}), report)
