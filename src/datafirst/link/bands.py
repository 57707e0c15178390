"""How sure is it that a record's links are right? A band from A to D, the same rule for all.

By the confidence of confidence.py: D is what would be below the standard threshold, C begins at
it, B and A each 64 times the odds above. In A every single link of the record is so sure.
Whatever makes the person ambiguous takes a band away.
"""

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa

from datafirst.spec import FieldKind, LinkModel, Specification

from .compared import compared
from .confidence import confidence
from .inputs import Records
from .settings import fields_of
from .standardise import literal

BANDS = "DCBA"
"""From the least sure to the surest."""

STEP = 6.0
"""Bits from band to band."""

AT_ONCE = 2_000_000
"""Records whose edges are held in memory at once."""

DECIMALS = 6
"""Of a confidence, so that a band is the same on any machine."""


def band(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    models: Iterable[LinkModel],
    records: Records,
    people: str = "people",
    edges: str = "edges",
) -> None:
    """Adds the column `band` to the table `people`: A, B, C or D at the standard threshold, null
    for a record that is linked to nobody.

    A person is ambiguous whose records bear different official numbers, or two dates of birth that
    each stand in two of them and more (once may be a slip), who was cut (`flag`), or who would be
    more than these records at the loose threshold.
    """
    models = [model for model in models if model.thresholds]
    con.execute("CREATE TEMP TABLE band_sure (part INT, node BIGINT, sure DOUBLE, least DOUBLE)")
    try:
        parts = _nodes(con, people)
        if models and records:
            _edges(con, models, edges)
            for part in range(parts):
                _sure(con, models, part)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE band_doubted AS "
            + _ambiguous(numbers(spec, models), births(models), records, people)
        )
        con.execute(f'CREATE OR REPLACE TABLE "{people}" AS {_banded(people)}')
    finally:
        for table in ("nodes", "edges", "sure", "doubted"):
            con.execute(f"DROP TABLE IF EXISTS band_{table}")


def numbers(spec: Specification, models: Iterable[LinkModel]) -> list[str]:
    """The fields that hold official numbers, of which a person has one: what some model compares
    as an identifier, and numbers of the police and of criminal records that it blocks on."""
    found = set()
    for model in models:
        for c in model.comparisons:
            if c.compare in ("identifier", "identifiers"):
                found |= {c.field, c.against or c.field}
        read = fields_of(spec, [column for columns in model.block_on for column in columns])
        kinds = (FieldKind.PNC, FieldKind.CRO)
        found |= {name for name in read if spec.linkage.fields[name].kind in kinds}
    return sorted(found)


def births(models: Iterable[LinkModel]) -> list[str]:
    """The fields that hold dates of birth."""
    each = (c for model in models for c in model.comparisons)
    return sorted({c.field for c in each if c.compare == "date_of_birth"})


def _nodes(con: duckdb.DuckDBPyConnection, people: str) -> int:
    """The records of people of two and more, numbered within parts that divide no person."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE band_nodes AS SELECT dataset, _row, person_standard AS "
        "person, count(*) OVER (PARTITION BY person_standard) AS records "
        f'FROM "{people}" QUALIFY records > 1'
    )
    parts = 1 + int(con.execute("SELECT count(*) FROM band_nodes").fetchall()[0][0]) // AT_ONCE
    con.execute(
        "CREATE OR REPLACE TEMP TABLE band_nodes AS SELECT *, row_number() OVER (PARTITION BY part "
        "ORDER BY person, dataset, _row) - 1 AS node "
        f"FROM (SELECT *, (hash(person) % {parts})::INTEGER AS part FROM band_nodes)"
    )
    return parts


def _edges(con: duckdb.DuckDBPyConnection, models: Iterable[LinkModel], edges: str) -> None:
    """The edges inside people, in bits above the standard threshold of their model."""
    standard = [f"({literal(m.id)}, {m.thresholds.standard!r})" for m in models if m.thresholds]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE band_edges AS SELECT l.part, l.node AS l, r.node AS r, "
        f"match_weight - standard AS bits FROM {edges} "
        f"JOIN (VALUES {', '.join(standard)}) AS model (model, standard) USING (model) "
        "JOIN band_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN band_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r "
        "WHERE strength >= 2 AND l.person = r.person"
    )


def _sure(con: duckdb.DuckDBPyConnection, models: Iterable[LinkModel], part: int) -> None:
    """The confidence of the records of one part."""
    nodes, edges = (
        con.execute(f"{query} WHERE part = {part} ORDER BY {order}").fetchnumpy()
        for query, order in (
            ("SELECT records FROM band_nodes", "node"),
            ("SELECT l, r, bits FROM band_edges", "bits DESC, l, r"),
        )
    )
    within = compared(con, f"(FROM band_nodes WHERE part = {part})", models)
    sure, least = confidence(edges["l"], edges["r"], edges["bits"], nodes["records"], *within)
    found = {"node": np.arange(sure.size), "sure": sure, "least": least}
    con.register("band_found", pa.table(found))
    con.execute(f"INSERT INTO band_sure SELECT {part}, * FROM band_found")
    con.unregister("band_found")


def _ambiguous(fields: list[str], born: list[str], records: Records, people: str) -> str:
    """The people, as they are at the standard threshold, that could be more than one or others."""
    columns = ", ".join(f'"{name}"' for name in ("dataset", "_row", *fields, *born))
    each = (
        " UNION ALL ".join(
            f"SELECT {columns} FROM {table} WHERE variant = 0" for table in records.values()
        )
        or f'SELECT dataset, _row FROM "{people}" WHERE false'
    )
    known = f'(SELECT * FROM "{people}" JOIN ({each}) USING (dataset, _row))'
    differs = " OR ".join(
        ("bool_or(flag IS NOT NULL)", *(f'min("{field}") <> max("{field}")' for field in fields))
    )
    doubted = [f"SELECT person_standard FROM {known} GROUP BY person_standard HAVING {differs}"]
    doubted += [
        f'SELECT person_standard FROM (SELECT person_standard, "{field}" FROM {known} '
        f'WHERE "{field}" IS NOT NULL GROUP BY person_standard, "{field}" HAVING count(*) > 1) '
        "GROUP BY person_standard HAVING count(*) > 1"
        for field in born
    ]
    doubted.append(
        f'SELECT person_standard FROM "{people}" SEMI JOIN (SELECT person_loose FROM "{people}" '
        "GROUP BY person_loose HAVING min(person_standard) <> max(person_standard)) "
        "USING (person_loose)"
    )
    return f"SELECT DISTINCT person_standard AS person FROM ({' UNION ALL '.join(doubted)})"


def _banded(people: str) -> str:
    sure = f"floor(round(sure, {DECIMALS}) / {STEP}) + 1"
    level = f"least({sure}, CASE WHEN round(s.least, {DECIMALS}) >= {2 * STEP} THEN 3 ELSE 2 END)"
    doubted = "(d.person IS NOT NULL)::INTEGER"
    return (
        f"SELECT p.*, CASE WHEN sure IS NOT NULL THEN substr('{BANDS}', "
        f"1 + greatest(0, {level} - {doubted})::INTEGER, 1) END AS band "
        f'FROM "{people}" AS p LEFT JOIN band_nodes AS n USING (dataset, _row) '
        "LEFT JOIN band_sure AS s ON s.part = n.part AND s.node = n.node "
        "LEFT JOIN band_doubted AS d ON d.person = p.person_standard ORDER BY dataset, _row"
    )
