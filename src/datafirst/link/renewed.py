"""Which records are new or changed since the last release, and what need not be scored again?

A pair of unchanged records was scored then: its weight without the prior is the same, because a
model's parameters, its frequencies and its way of standardising are fixed. Only pairs of which one
record is new or changed are compared, with whatever it shares a blocking key with.
"""

from collections.abc import Iterable, Mapping

import duckdb

from datafirst.spec import LinkModel

from .edges import DECIMALS, floor, weighed
from .inputs import RECORD_OF, Records

FINGERPRINTS = (
    "(model VARCHAR, dataset VARCHAR, record_id VARCHAR, _row BIGINT, fingerprint VARCHAR)"
)
"""The columns of the table of fingerprints."""


def fingerprints(
    con: duckdb.DuckDBPyConnection,
    model: str,
    fields: Iterable[str],
    records: Records,
    into: str,
) -> None:
    """Add to the table `into` (FINGERPRINTS) the fingerprint of each record as a model reads it:
    of these fields, in all the ways in which its person is written.

    A field more that another model reads changes nothing for this one.
    """
    # What is not known differs from what is empty, and no value runs into the next.
    text = " || ".join(
        f"coalesce(length(\"{name}\"::VARCHAR) || ':' || \"{name}\"::VARCHAR, '-')"
        for name in (*sorted(fields), "variant")
    )
    for table in records.values():
        con.execute(
            f"INSERT INTO \"{into}\" SELECT '{model}', dataset, any_value(record_id), _row, "
            f"md5(string_agg(md5({text}), '/' ORDER BY variant)) FROM {table} "
            "GROUP BY dataset, _row ORDER BY dataset, _row"
        )


def compared_with(
    con: duckdb.DuckDBPyConnection, model: str, before: str, now: str, changed: str, same: str
) -> tuple[int, int]:
    """Make the table `changed` (dataset, _row) of records that are new or not as the model read
    them, and `same` (dataset, _row_before, _row) of the others; returns how many of each.

    `before` and `now` are what fingerprints() made. Records are known again by their record_id:
    a snapshot numbers its rows anew.
    """
    then, here = (f"(FROM {prints} WHERE model = '{model}')" for prints in (before, now))
    con.execute(
        f'CREATE OR REPLACE TABLE "{same}" AS SELECT n.dataset, b._row AS _row_before, n._row '
        f"FROM {here} AS n JOIN {then} AS b USING (dataset, record_id, fingerprint)"
    )
    con.execute(
        f'CREATE OR REPLACE TABLE "{changed}" AS SELECT dataset, _row FROM {here} '
        f'ANTI JOIN "{same}" USING (dataset, _row)'
    )
    counts = con.execute(
        f'SELECT (SELECT count(*) FROM "{changed}"), (SELECT count(*) FROM "{same}")'
    ).fetchall()[0]
    return int(counts[0]), int(counts[1])


def reused(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    edges: str,
    same: str,
    prior: tuple[float, float],
    into: str,
) -> None:
    """Make the table `into` of those edges of the model that are between records which are as
    they were, weighed with today's prior instead of theirs (`prior` is theirs and today's).

    They are all of today's edges between such records only where the prior has not risen.
    """
    shifted = f"round(match_weight - {prior[0]!r} + {prior[1]!r}, {DECIMALS})"
    one, other = (f"{{dataset: dataset_{side}, n: {side}._row}}" for side in "lr")
    con.execute(
        f'CREATE OR REPLACE TABLE "{into}" AS SELECT a.dataset AS dataset_l, a.n AS _row_l, '
        f"b.dataset AS dataset_r, b.n AS _row_r, {weighed(model)} FROM (SELECT "
        f"least({one}, {other}) AS a, greatest({one}, {other}) AS b, {shifted} AS match_weight "
        f"FROM {edges} JOIN {same} AS l ON l.dataset = dataset_l AND l._row_before = _row_l "
        f"JOIN {same} AS r ON r.dataset = dataset_r AND r._row_before = _row_r "
        f"WHERE model = '{model.id}') WHERE match_weight >= {floor(model)!r}"
    )


def restricted(
    con: duckdb.DuckDBPyConnection, model: LinkModel, tables: Mapping[str, str], changed: str
) -> None:
    """Marks the changed records in tables of inputs, and leaves out those that share no blocking
    key with any of them."""
    for dataset, table in tables.items():
        con.execute(
            f'CREATE OR REPLACE TABLE "{table}" AS SELECT i.*, c._row IS NOT NULL AS changed '
            f'FROM "{table}" AS i LEFT JOIN (SELECT _row FROM {changed} '
            f"WHERE dataset = '{dataset}') AS c ON c._row = i.unique_id {RECORD_OF} "
            "ORDER BY unique_id"
        )
    met = [
        _keys_of_changed(con, number, columns, tables)
        for number, columns in enumerate(model.block_on)
    ]
    for table in tables.values():
        near = " OR ".join(
            f"EXISTS (FROM {keys} AS k WHERE "
            + " AND ".join(f'k."{c}" = i."{c}"' for c in columns)
            + ")"
            for keys, columns in met
        )
        con.execute(
            f'CREATE OR REPLACE TABLE "{table}" AS FROM "{table}" AS i '
            f"WHERE i.changed OR {near} ORDER BY unique_id"
        )
    for keys, _ in met:
        con.execute(f"DROP TABLE {keys}")


def _keys_of_changed(
    con: duckdb.DuckDBPyConnection,
    number: int,
    columns: tuple[str, ...],
    tables: Mapping[str, str],
) -> tuple[str, tuple[str, ...]]:
    listed = ", ".join(f'"{c}"' for c in columns)
    each = " UNION ".join(
        f'SELECT DISTINCT {listed} FROM "{t}" WHERE changed AND '
        + " AND ".join(f'"{c}" IS NOT NULL' for c in columns)
        for t in tables.values()
    )
    name = f"keys_of_changed_{number}"
    con.execute(f"CREATE OR REPLACE TABLE {name} AS {each}")
    return name, columns
