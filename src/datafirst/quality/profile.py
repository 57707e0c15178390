"""What is linkage like in one run? Counts by which the next release can tell what has moved.

They are kept with the run, so that no old data are needed to compare. No value is among them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from datafirst.link.inputs import Records
from datafirst.spec import LinkModel

from .weights import told

Counts = dict[str, int]

SIZES = (1, 2, 3, 4, 5, 10, 20, 50)
"""The least sizes of classes of people by their number of records."""

PEOPLE = f"""
WITH sized AS (
    SELECT *, count(*) OVER (PARTITION BY person_standard) AS whole,
        count(*) OVER (PARTITION BY person_standard, dataset) AS own
    FROM people),
each AS (
    SELECT DISTINCT dataset, person_standard,
        list_max(list_filter({list(SIZES)}, lambda least: least <= own)) AS size
    FROM sized)
SELECT dataset, 'sizes' AS what, size::VARCHAR AS thing, count(*) FROM each GROUP BY ALL
UNION ALL SELECT dataset, 'linked', 'own', count(*) FILTER (own > 1) FROM sized GROUP BY ALL
UNION ALL SELECT dataset, 'linked', 'other', count(*) FILTER (whole > own) FROM sized GROUP BY ALL
UNION ALL SELECT dataset, 'bands', coalesce(band, 'none'), count(*) FROM sized GROUP BY ALL
ORDER BY ALL"""

LIGHT, HEAVY = -10, 60
"""Match weights beyond these are counted with them."""


def profile(
    con: duckdb.DuckDBPyConnection,
    models: Iterable[LinkModel],
    trained: Mapping[str, Mapping[str, Any]],
    records: Records,
    pairs: Mapping[str, Mapping[str, int]],
    fields: Iterable[str],
) -> dict[str, Any]:
    """Counts of the linkage records and of the relations `edges`, `people` and `journeys`.

    `trained` and `pairs` are by model; `fields` are those whose completeness is told.
    """
    fields = sorted(fields)
    return {
        "records": {d: _known(con, table, ())[""] for d, table in sorted(records.items())},
        "known": {d: _fields(con, table, fields) for d, table in sorted(records.items())},
        "models": {m.id: _model(con, m, trained[m.id], records, pairs[m.id]) for m in models},
        "people": _people(con),
        "journeys": _journeys(con),
    }


def _fields(con: duckdb.DuckDBPyConnection, table: str, fields: list[str]) -> Counts:
    found = _known(con, table, fields)
    return {field: found[field] for field in fields}


def _known(con: duckdb.DuckDBPyConnection, table: str, fields: Iterable[str]) -> Counts:
    """How many records have a value of each field, in whatever way they are written; of "", all."""
    fields = list(fields)
    each = "".join(f', bool_or("{field}" IS NOT NULL) AS "{field}"' for field in fields)
    sums = "".join(f', count(*) FILTER ("{field}")' for field in fields)
    row = con.execute(
        f"SELECT count(*){sums} FROM (SELECT _row{each} FROM {table} GROUP BY _row)"
    ).fetchall()[0]
    return dict(zip(("", *fields), row, strict=True))


def _model(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    trained: Mapping[str, Any],
    records: Records,
    pairs: Mapping[str, int],
) -> dict[str, Any]:
    made = trained["splink"]
    return {
        "datasets": [d for d in model.datasets if d in records],
        "produces": model.produces,
        "trained_on": dict(trained["records"]),
        "prior": made["probability_two_random_records_match"],
        "levels": {c["output_column_name"]: told(c) for c in made["comparisons"]},
        "pairs": dict(pairs),
        "edges": _grouped(con, "strength", f"edges WHERE model = '{model.id}'"),
        "weights": _grouped(
            con,
            f"greatest({LIGHT}, least({HEAVY}, floor(match_weight)::INTEGER))",
            f"edges WHERE model = '{model.id}'",
        ),
    }


def _people(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Counts]]:
    """By dataset: people by how many of its records they have, and records by what they are linked
    to and by band."""
    found: dict[str, dict[str, Counts]] = {}
    for dataset, what, thing, n in con.execute(PEOPLE).fetchall():
        found.setdefault(dataset, {"sizes": {}, "linked": {}, "bands": {}})[what][thing] = n
    return found


def _journeys(con: duckdb.DuckDBPyConnection) -> Counts:
    """By the dataset of the later case, how many cases have a journey."""
    query = (
        "SELECT right_dataset, count(DISTINCT right_row) FROM journeys GROUP BY ALL ORDER BY ALL"
    )
    return dict(con.execute(query).fetchall())


def _grouped(con: duckdb.DuckDBPyConnection, column: str, relation: str) -> Counts:
    query = f"SELECT {column} AS thing, count(*) FROM {relation} GROUP BY ALL ORDER BY thing"
    # Keys are text, as they come back from the run's record.
    return {str(thing): n for thing, n in con.execute(query).fetchall()}
