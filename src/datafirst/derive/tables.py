"""Does a share's query yield exactly the table that is declared?"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.errors import SpecificationError
from datafirst.link.lasting import ID_CHANGES
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
    "flag": "VARCHAR",
    "band": "VARCHAR",
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
INDIVIDUALS = {
    "dataset": "VARCHAR",
    "record_id": "VARCHAR",
    "_row": "BIGINT",
    "individual": "VARCHAR",
    "rule": "VARCHAR",
}


def cover(con: DuckDBPyConnection, window: Window | None) -> None:
    """Lets SQL ask for the coverage; it is NULL for a share that has none of its own."""
    for name, day in (
        ("coverage_start", window and window.start),
        ("coverage_end", window and window.end),
    ):
        con.execute(f"SET VARIABLE {name} = CAST(? AS DATE)", [day])


def link(
    con: DuckDBPyConnection,
    people: Sequence[Path],
    journeys: Sequence[Path],
    individuals: Sequence[Path] = (),
    id_changes: Sequence[Path] = (),
) -> None:
    """Lets queries ask who is who; the relations are empty in a release without linkage."""
    for name, columns, paths in (
        ("people", PEOPLE, people),
        ("journeys", JOURNEYS, journeys),
        ("individuals", INDIVIDUALS, individuals),
        ("id_changes", ID_CHANGES, id_changes),
    ):
        made = ", ".join(f'CAST("{c}" AS {t}) AS "{c}"' for c, t in columns.items())
        nothing = ", ".join(f'NULL AS "{c}"' for c in columns)
        source = files(paths) if paths else f"(SELECT {nothing} WHERE false)"
        con.execute(f"CREATE VIEW {name} AS SELECT {made} FROM {source}")


RECORD = "_record"
"""The column that says which linkage record a row belongs to: the `_row` of that record."""


def rows_of(share: Share, table: Table) -> tuple[str, ...]:
    """The columns, beside its variables, by which a query says which source rows it gives.

    A table made of the rows of several source tables says of each row which one it is from; one
    that source rows are merged into gives a list of them.
    """
    if any(account.merged_into == table.name for account in share.accounts):
        return ("_rows",)
    if sources := sources_of(share, table.name):
        return ("_row",) if len(sources) == 1 else ("_table", "_row")
    return ()


def sources_of(share: Share, table: str) -> tuple[str, ...]:
    """The source tables, each as `system.table`, whose kept rows are the rows of a table."""
    return tuple(account.table for account in share.accounts if account.rows_of == table)


def merged(share: Share, table: str) -> str:
    """The relation of the source rows that the rows of a derived table are made of, as `_row`."""
    return f'(SELECT unnest(_rows) AS _row FROM "{share.id}"."{table}")'


def given(share: Share, table: str, source: str) -> str:
    """The relation of those rows of a derived table that are rows of this source table."""
    relation = f'"{share.id}"."{table}"'
    if len(sources_of(share, table)) == 1:
        return relation
    return f"(FROM {relation} WHERE _table = '{source}')"


def step(con: DuckDBPyConnection, share: Share, name: str) -> None:
    """Makes `<share>.<name>` by a query that no table is declared for: other queries read it.

    It never leaves, for only declared tables do.
    """
    query = share.queries[name].strip().rstrip(";")
    con.execute(f'CREATE SCHEMA IF NOT EXISTS "{share.id}"')
    with asking(f"shares/{share.id}/{name}.sql"):
        con.execute(f'CREATE TABLE "{share.id}"."{name}" AS\n{query}\n')


def make(con: DuckDBPyConnection, share: Share, table: Table, beside: tuple[str, ...] = ()) -> int:
    """Makes the table `<share>.<table>` by its query; returns its rows.

    `beside` are columns that it yields beside its variables and those of the ledger. Raises
    SpecificationError where the query yields other columns or types than declared.
    """
    query = share.queries[table.name].strip().rstrip(";")
    what = f"shares/{share.id}/{table.name}.sql"
    con.execute(f'CREATE SCHEMA IF NOT EXISTS "{share.id}"')
    with asking(what):
        yielded = {
            name: kind.split("(")[0]
            for name, kind, *_ in con.execute(f"DESCRIBE\n{query}\n").fetchall()
        }
        origin = dict.fromkeys((*rows_of(share, table), *beside))
        if faults := _faults(table, origin, yielded):
            raise SpecificationError("\n".join(f"{what}: {fault}" for fault in faults))
        columns = [f'"{name}"' for name in origin]
        columns += [f'CAST("{v.name}" AS {TYPES[v.type][0]}) AS "{v.name}"' for v in table]
        con.execute(
            f'CREATE TABLE "{share.id}"."{table.name}" AS '
            f"SELECT {', '.join(columns)} FROM (\n{query}\n)"
        )
    return count(con, f'"{share.id}"."{table.name}"')


def _faults(table: Table, origin: Iterable[str], yielded: dict[str, str]) -> list[str]:
    declared = set(table.variables)
    faults = []
    if missing := sorted(declared - set(yielded)):
        faults.append(f"{table.id} declares {', '.join(missing)}, which the query does not yield")
    if extra := sorted(set(yielded) - declared - set(origin)):
        faults.append(f"the query yields {', '.join(extra)}, which {table.id} does not declare")
    if absent := sorted(set(origin) - set(yielded)):
        named = ", ".join(absent)
        faults.append(f"the query must yield {named}, by which the rows it gives are known")
    for variable in table:
        kind = yielded.get(variable.name)
        if kind is not None and kind not in TYPES[variable.type]:
            faults.append(f"{variable.name} is declared {variable.type}, the query yields {kind}")
    return faults


def count(con: DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    row = con.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0
