"""How many people contradict themselves? Two official numbers, two sexes, ages far apart.

A person whose records cannot all be right is two people, or one of whom something false is written.
How many there are needs no truth to be counted.
"""

from collections.abc import Iterable

import duckdb

from datafirst.link.bands import numbers
from datafirst.link.inputs import Records
from datafirst.spec import FieldKind, LinkModel, Specification

from .section import Section

APART = 10
"""Years between two dates of birth that no slip of the pen explains."""

SEX = "sex"


def contradictions(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    models: Iterable[LinkModel],
    records: Records,
    people: str = "people",
) -> Section:
    """By field, the people at the standard threshold of whom two records or more have it, and
    those of them whose records contradict each other."""
    asked = [(name, name, _two(name)) for name in (*numbers(spec, models), SEX)]
    for name, field in spec.linkage.fields.items():
        if field.kind is FieldKind.DATE_OF_BIRTH:
            asked.append((f"{name}, {APART} years apart", name, _years_apart(name)))
    rows = [
        (said, could, do, round(do / could, 6))
        for said, field, differs in asked
        for could, do in [_contradicted(con, field, differs, records, people)]
        if could
    ]
    return Section(
        "People who contradict themselves",
        "People of whom two records or more have a field, and how many of them differ in it.",
        ("Field", "People", "Differ", "Share"),
        tuple(rows),
    )


def _two(field: str) -> str:
    return f'min("{field}") <> max("{field}")'


def _years_apart(field: str) -> str:
    return f'max("{field}") >= min("{field}") + INTERVAL {APART} YEAR'


def _contradicted(
    con: duckdb.DuckDBPyConnection, field: str, differs: str, records: Records, people: str
) -> tuple[int, int]:
    """How many people could contradict themselves in a field, and how many do."""
    each = " UNION ALL ".join(
        f'SELECT dataset, _row, "{field}" FROM {table} '
        f"WHERE variant = 0 AND nullif(\"{field}\"::VARCHAR, '') IS NOT NULL"
        for table in records.values()
        if any(name == field for name, *_ in con.execute(f"DESCRIBE {table}").fetchall())
    )
    if not each:
        return 0, 0
    could, do = con.execute(
        f"SELECT count(*), count(*) FILTER (differs) FROM (SELECT {differs} AS differs "
        f"FROM {people} JOIN ({each}) USING (dataset, _row) "
        "GROUP BY person_standard HAVING count(*) > 1)"
    ).fetchall()[0]
    return int(could), int(do)
