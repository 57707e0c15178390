"""Does a cell of a released table equal an identifier of the source?

The identifiers are known, so that membership is tested and nothing is guessed. Only columns that
could hold text nobody listed are scanned: pseudonyms and declared patterns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.deidentify.pseudonyms import PATTERN
from datafirst.derive.typed import files
from datafirst.errors import DisclosureRefused
from datafirst.spec import FieldKind, Role, Specification, Table, Type, Variable

from .closed import opens, pseudonymous

IDENTIFYING = (Role.DIRECT_IDENTIFIER, Role.INTERNAL_ID, Role.LINKAGE, Role.TRUTH)
WRITTEN = (Type.STRING, Type.INTEGER, Type.DATE)
SHORTEST = 5
"""A shorter identifier (a house number, `AL`) equals harmless codes by chance."""


@dataclass(frozen=True)
class Source:
    """A source table in the snapshot that a share was made from."""

    table: Table
    parts: Sequence[Path]


def scan(
    con: DuckDBPyConnection,
    spec: Specification,
    sources: Sequence[Source],
    tables: Mapping[str, Table],
    parts: Mapping[str, Sequence[Path]],
) -> int:
    """Returns how many columns were compared with every identifier of the sources.

    Raises DisclosureRefused naming, with counts, the columns that hold one.
    """
    columns = [(t, v, parts[name]) for name, t in tables.items() for v in t if opens(v)]
    con.execute("CREATE OR REPLACE TEMP TABLE suspects (source VARCHAR, cell VARCHAR)")
    con.execute("CREATE OR REPLACE TEMP TABLE listed (cell VARCHAR)")
    for _, variable, files_of in columns:
        if not pseudonymous(variable):
            con.execute(f"INSERT INTO listed {_cells(variable, files_of)}")
    listed = con.execute("FROM listed LIMIT 1").fetchone() is not None
    for source in sources:
        con.execute(_suspects(spec, source, listed))
    faults = [f for column in columns for f in _held(con, *column)]
    con.execute("DROP TABLE suspects")
    con.execute("DROP TABLE listed")
    if faults:
        raise DisclosureRefused("\n".join(faults))
    return len(columns)


def identifying(
    spec: Specification, table: Table, between: Sequence[str] = (" ", ", ", "")
) -> list[str]:
    """SQL for each identifier in a source table's row: the columns, and names put together."""
    columns = [v for v in table if v.role in IDENTIFYING and v.type in WRITTEN]
    names = [v for v in columns if _is_name(spec, v)]
    whole = [
        f'"{a.name}" || \'{gap}\' || "{b.name}"'
        for a, b in permutations(names, 2)
        for gap in between
    ]
    return [f'CAST("{v.name}" AS VARCHAR)' for v in columns] + whole


def _is_name(spec: Specification, variable: Variable) -> bool:
    field = spec.linkage.fields.get(variable.links_as or "")
    return field is not None and field.kind is FieldKind.NAME


def _cells(variable: Variable, parts: Sequence[Path]) -> str:
    return (
        f'SELECT DISTINCT upper(trim("{variable.name}")) AS cell FROM {files(parts)} '
        f'WHERE length(trim("{variable.name}")) >= {SHORTEST}'
    )


def _suspects(spec: Specification, source: Source, listed: bool) -> str:
    """Keeps the source's identifiers that look like a pseudonym or stand in another column.

    As a rule there are none, and the pseudonyms, which are many, need not be compared.
    """
    # Only another column could hold names with a space between them.
    sought = identifying(spec, source.table, (" ", ", ", "") if listed else ("",))
    sought = sought or ["NULL::VARCHAR"]
    # Rows without any are left out before their identifiers are taken apart: thrice as fast.
    alike = " OR ".join(f"regexp_full_match({each}, ' *(?i:{PATTERN}) *')" for each in sought)
    return (
        f"INSERT INTO suspects SELECT DISTINCT '{source.table.id}', cell FROM "
        f"(SELECT upper(trim(unnest([{', '.join(sought)}]))) AS cell FROM {files(source.parts)} "
        f"WHERE {'true' if listed else alike}) WHERE regexp_full_match(cell, '{PATTERN}')"
        f"{' OR cell IN (FROM listed)' if listed else ''}"
    )


def _held(
    con: DuckDBPyConnection, table: Table, variable: Variable, parts: Sequence[Path]
) -> Iterator[str]:
    query = (
        f"SELECT source, count(DISTINCT cell) FROM suspects SEMI JOIN ({_cells(variable, parts)}) "
        "AS cells USING (cell) GROUP BY source ORDER BY source"
    )
    if con.execute("FROM suspects LIMIT 1").fetchone():
        for source, hits in con.execute(query).fetchall():
            yield f"{table.id}.{variable.name}: {hits:,} of its values are identifiers in {source}"
