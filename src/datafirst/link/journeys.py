"""Which magistrates' case did a Crown Court case come from?"""

import duckdb

from datafirst.spec import LinkModel

from .inputs import Records
from .standardise import literal


def journeys(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    records: Records,
    edges: str,
    into: str = "journeys",
) -> None:
    """Make the table `into`: left_dataset, left_record_id, left_row, right_dataset,
    right_record_id, right_row, match_weight, match_probability, best.

    `edges` is what score() made with the journeys model. Left is the model's first dataset (the
    court below), right its second. Every pair from the model's threshold up is a journey: cases are
    joined and split on their way up, so many to many is right. The best of each right-hand
    record is marked: the heaviest, and of equals the one with the smallest row.
    """
    left, right = (literal(dataset) for dataset in model.datasets)
    ends = " UNION ALL ".join(
        f"SELECT _row_{a} AS left_row, _row_{b} AS right_row, match_weight, match_probability "
        f"FROM {edges} WHERE strength > 0 "
        f"AND dataset_{a} = {left} AND dataset_{b} = {right}"
        for a, b in ("lr", "rl")
    )
    names = [
        f"SELECT _row, record_id FROM {records[dataset]} WHERE variant = 0"
        for dataset in model.datasets
    ]
    con.execute(
        f'CREATE OR REPLACE TABLE "{into}" AS SELECT {left} AS left_dataset, '
        "l.record_id AS left_record_id, left_row, "
        f"{right} AS right_dataset, r.record_id AS right_record_id, right_row, "
        "match_weight, match_probability, row_number() OVER (PARTITION BY right_row "
        "ORDER BY match_weight DESC, left_row) = 1 AS best "
        f"FROM ({ends}) JOIN ({names[0]}) l ON l._row = left_row "
        f"JOIN ({names[1]}) r ON r._row = right_row ORDER BY left_row, right_row"
    )
