"""What is a person called throughout the datasets of a release's ladders?"""

from collections.abc import Sequence

import duckdb

from datafirst.spec import Ladder

from .inputs import Records
from .ladder import once_each
from .standardise import literal


def individuals(
    con: duckdb.DuckDBPyConnection,
    ladders: Sequence[Ladder],
    records: Records,
    matches: str = "matches",
    into: str = "individuals",
) -> None:
    """Make the table `into` (dataset, record_id, _row, individual, rule): every record of every
    dataset of the ladders once, in order of dataset and _row.

    An individual is '<dataset>/<record_id>': of the left-hand record that a ladder matched it
    with, and the rule says how; otherwise its own, and there is no rule.
    """
    datasets = sorted({name for ladder in ladders for name in ladder.datasets})
    each = " UNION ALL ".join(
        f"SELECT {literal(name)} AS dataset, record_id, _row FROM {once_each(records[name])}"
        for name in datasets
    )
    con.execute(
        f'CREATE OR REPLACE TABLE "{into}" AS SELECT dataset, record_id, _row, '
        "coalesce(left_dataset || '/' || left_record_id, dataset || '/' || record_id) "
        f"AS individual, rule FROM ({each}) LEFT JOIN {matches} "
        "ON right_dataset = dataset AND right_row = _row ORDER BY dataset, _row"
    )
