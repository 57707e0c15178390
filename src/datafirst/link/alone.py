"""How much would a record weigh if it were compared with itself?

A record that is known by too little reaches no threshold even so: it cannot be linked, whoever
else there is (Splink's `unlinkables`).
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from datafirst.spec import Specification

from . import compiled_edges, frequencies, guards
from .edges import DECIMALS
from .engine.columns import columns
from .engine.conditions import NotUnderstood
from .inputs import RECORD_OF, Records, inputs
from .score import fitting, prior_weight, settings_now
from .standardise import literal


def alone(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    trained: Mapping[str, Any],
    records: Records,
    into: str = "alone",
) -> None:
    """Make the table `into`: dataset, _row, match_weight, of every record of the model's datasets
    compared with itself as it is mainly written.

    The relation frequencies.table_of(model) must be there.
    """
    model = fitting(spec, trained)
    with inputs(con, model, records) as tables:
        prior = prior_weight(trained, guards.records_of(con, model, tables))
        shares = frequencies.lookups(con, model, tables, trained["known"])
        with guards.engine(con) as db:
            asked = settings_now(model, trained, False)
            try:
                found = compiled_edges.alone(columns(con, tables), asked, shares)
            except NotUnderstood:
                linker = guards.linker(guards.frames(db, tables), asked)
                frequencies.register(linker, db, shares)
                found = linker._self_link().physical_name
            only = literal(next(iter(tables)))
            dataset = only if len(tables) == 1 else "source_dataset_l"
            con.execute(
                f'CREATE OR REPLACE TABLE "{into}" AS SELECT {dataset} AS dataset, '
                f"unique_id_l {RECORD_OF} AS _row, "
                f"round(round(match_weight, {DECIMALS}) + {prior!r}, {DECIMALS}) AS match_weight "
                f"FROM {found} ORDER BY ALL"
            )
            con.execute(f"DROP TABLE IF EXISTS {compiled_edges.FOUND}")
        for table in shares.values():
            con.execute(f'DROP TABLE "{table}"')
