"""Does a share's query yield exactly the table that is declared?"""

import json
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.errors import SpecificationError
from datafirst.spec import Share, Table, Type, Window

from .asking import asking
from .typed import files

TYPES = {
    Type.STRING: ("VARCHAR",),
    Type.INTEGER: ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "HUGEINT"),
    Type.NUMBER: ("DOUBLE", "FLOAT", "DECIMAL"),
    Type.BOOLEAN: ("BOOLEAN",),
    Type.DATE: ("DATE",),
}
"""What a query may give for each type; the first is what it becomes."""

PEOPLE = {
    "dataset": "VARCHAR",
    "record_id": "VARCHAR",
    "_row": "BIGINT",
    "person_strict": "VARCHAR",
    "person_standard": "VARCHAR",
    "person_loose": "VARCHAR",
    "dataset_person": "VARCHAR",
}
JOURNEYS = {
    "left_dataset": "VARCHAR",
    "left_record_id": "VARCHAR",
    "left_row": "BIGINT",
    "right_dataset": "VARCHAR",
    "right_record_id": "VARCHAR",
    "right_row": "BIGINT",
    "match_weight": "DOUBLE",
    "match_probability": "DOUBLE",
    "best": "BOOLEAN",
}


def cover(con: DuckDBPyConnection, window: Window | None) -> None:
    """Lets SQL ask for the coverage; it is NULL for a share that has none of its own."""
    for name, day in (
        ("coverage_start", window and window.start),
        ("coverage_end", window and window.end),
    ):
        con.execute(f"SET VARIABLE {name} = CAST(? AS DATE)", [day])


def link(con: DuckDBPyConnection, people: Sequence[Path], journeys: Sequence[Path]) -> None:
    """Lets queries ask who is who; both relations are empty in a release without linkage."""
    for name, columns, paths in (("people", PEOPLE, people), ("journeys", JOURNEYS, journeys)):
        made = ", ".join(f'CAST("{c}" AS {t}) AS "{c}"' for c, t in columns.items())
        nothing = ", ".join(f'NULL AS "{c}"' for c in columns)
        source = files(paths) if paths else f"(SELECT {nothing} WHERE false)"
        con.execute(f"CREATE VIEW {name} AS SELECT {made} FROM {source}")


def rows_of(share: Share, table: Table) -> tuple[str, ...]:
    """The columns, beside its variables, by which a query says which source rows it gives."""
    if any(account.rows_of == table.name for account in share.accounts):
        return ("_row",)
    return ("_table", "_row") if share.follows else ()


def in_order(con: DuckDBPyConnection, share: Share) -> tuple[str, ...]:
    """The share's queries, each after those whose relation `<share>.<name>` it reads.

    Raises SpecificationError naming the queries that wait for each other.
    """
    reads = {
        name: sorted(other for group, other in _read(con, query) if group == share.id)
        for name, query in sorted(share.queries.items())
    }
    known = {name: [o for o in others if o in reads] for name, others in reads.items()}
    try:
        return tuple(TopologicalSorter(known).static_order())
    except CycleError as error:
        circle = " reads ".join(f"{share.id}.{name}" for name in reversed(error.args[1]))
        raise SpecificationError(
            f"shares/{share.id}: {circle}: no table can be made before itself"
        ) from None


def _read(con: DuckDBPyConnection, query: str) -> set[tuple[str, str]]:
    """Schema and name of every relation that a query names; none where it cannot be parsed."""
    row = con.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    assert row is not None
    return set(_named(json.loads(row[0])))


def _named(parsed: Any) -> Iterator[tuple[str, str]]:
    if isinstance(parsed, dict):
        if parsed.get("type") == "BASE_TABLE":
            yield parsed["schema_name"].lower(), parsed["table_name"].lower()
        parsed = list(parsed.values())
    for part in parsed if isinstance(parsed, list) else ():
        yield from _named(part)


def step(con: DuckDBPyConnection, share: Share, name: str) -> None:
    """Makes `<share>.<name>` by a query that no table is declared for: other queries read it.

    It never leaves, for only declared tables do.
    """
    query = share.queries[name].strip().rstrip(";")
    con.execute(f'CREATE SCHEMA IF NOT EXISTS "{share.id}"')
    with asking(f"shares/{share.id}/{name}.sql"):
        con.execute(f'CREATE TABLE "{share.id}"."{name}" AS\n{query}\n')


def make(con: DuckDBPyConnection, share: Share, table: Table) -> int:
    """Makes the table `<share>.<table>` by its query; returns its rows.

    Raises SpecificationError where the query yields other columns or types than declared.
    """
    query = share.queries[table.name].strip().rstrip(";")
    what = f"shares/{share.id}/{table.name}.sql"
    con.execute(f'CREATE SCHEMA IF NOT EXISTS "{share.id}"')
    with asking(what):
        yielded = {
            name: kind.split("(")[0]
            for name, kind, *_ in con.execute(f"DESCRIBE\n{query}\n").fetchall()
        }
        if faults := list(_faults(table, rows_of(share, table), yielded, bool(share.follows))):
            raise SpecificationError("\n".join(f"{what}: {fault}" for fault in faults))
        origin = [f'"{c}"' for c in rows_of(share, table) if c in yielded]
        columns = [f'CAST("{v.name}" AS {TYPES[v.type][0]}) AS "{v.name}"' for v in table]
        con.execute(
            f'CREATE TABLE "{share.id}"."{table.name}" AS '
            f"SELECT {', '.join([*origin, *columns])} FROM (\n{query}\n)"
        )
    return count(con, f'"{share.id}"."{table.name}"')


def _faults(
    table: Table, origin: tuple[str, ...], yielded: dict[str, str], optional: bool
) -> list[str]:
    declared = set(table.variables)
    faults = []
    if missing := sorted(declared - set(yielded)):
        faults.append(f"{table.id} declares {', '.join(missing)}, which the query does not yield")
    if extra := sorted(set(yielded) - declared - set(origin)):
        faults.append(f"the query yields {', '.join(extra)}, which {table.id} does not declare")
    absent = set(origin) - set(yielded)
    if absent and not (optional and absent == set(origin)):
        named = ", ".join(sorted(absent))
        faults.append(f"the query must yield {named}, for the ledger of the rows it gives")
    for variable in table:
        kind = yielded.get(variable.name)
        if kind is not None and kind not in TYPES[variable.type]:
            faults.append(f"{variable.name} is declared {variable.type}, the query yields {kind}")
    return faults


def count(con: DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    row = con.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0
