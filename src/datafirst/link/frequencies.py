"""How frequent is a value? Counted when a model is trained, and the same ever after.

Agreement on a rare name weighs more (term frequency adjustment). Frequencies that were counted
anew for each release would change the weight of pairs whose records did not change; kept with the
model, a weight says the same in every release, and pairs that were scored once stay scored.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb

from datafirst.spec import LinkModel

from .comparisons import way


def table_of(model: LinkModel) -> str:
    """The relation of field, value, share that holds a model's frequencies."""
    return f"frequencies_{model.id}"


def weighed(model: LinkModel) -> list[str]:
    """The columns whose rare values weigh more."""
    levels = (level for comparison in model.comparisons for level in way(comparison).levels)
    return sorted({level.frequency for level in levels if level.frequency})


def counted(
    con: duckdb.DuckDBPyConnection, model: LinkModel, tables: Mapping[str, str]
) -> dict[str, int]:
    """Makes the relation of the model's frequencies from tables of inputs; returns how many
    records have a value of each field."""
    known: dict[str, int] = {}
    con.execute(
        f'CREATE OR REPLACE TABLE "{table_of(model)}" (field VARCHAR, value VARCHAR, share DOUBLE)'
    )
    for column in weighed(model):
        each = _values(tables, column)
        known[column] = n = int(con.execute(f"SELECT count(*) FROM ({each})").fetchall()[0][0])
        con.execute(
            f"INSERT INTO \"{table_of(model)}\" SELECT '{column}', value, "
            f"count(*) / {max(n, 1)}::DOUBLE FROM ({each}) GROUP BY value ORDER BY value"
        )
    return known


@contextmanager
def looked_up(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    tables: Mapping[str, str],
    trained: Mapping[str, Any],
) -> Iterator[dict[str, str]]:
    """lookups(), whose tables are gone afterwards."""
    made = lookups(con, model, tables, trained["known"])
    try:
        yield made
    finally:
        for table in made.values():
            con.execute(f'DROP TABLE IF EXISTS "{table}"')


def lookups(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    tables: Mapping[str, str],
    known: Mapping[str, int],
) -> dict[str, str]:
    """By column, a table with the frequency of each of its values that is in `tables`.

    A value that was not there in training counts as seen once.
    """
    made = {}
    for column in weighed(model):
        each = " UNION ".join(
            # A lone table has no other that UNION would make its values distinct with.
            f'SELECT DISTINCT "{column}" FROM "{t}" WHERE "{column}" IS NOT NULL'
            for t in tables.values()
        )
        once = 1 / max(known[column], 1)
        made[column] = name = f"share_of_{model.id}_{column}"
        con.execute(
            f'CREATE OR REPLACE TABLE "{name}" AS SELECT here."{column}", '
            f'coalesce(share, {once!r})::DOUBLE AS "tf_{column}" FROM ({each}) AS here '
            f"LEFT JOIN \"{table_of(model)}\" AS f ON f.field = '{column}' "
            f'AND f.value = CAST(here."{column}" AS VARCHAR)'
        )
    return made


def register(linker: Any, db: Any, made: Mapping[str, str]) -> None:
    """Lets Splink use these frequencies instead of counting its own."""
    for column, name in made.items():
        linker.table_management.register_term_frequency_lookup(db.register(name), column)


def _values(tables: Mapping[str, str], column: str) -> str:
    return " UNION ALL ".join(
        f'SELECT CAST("{column}" AS VARCHAR) AS value FROM "{t}" WHERE "{column}" IS NOT NULL'
        for t in tables.values()
    )
