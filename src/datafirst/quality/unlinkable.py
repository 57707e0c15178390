"""How many records could not be linked, whoever else there were?"""

from collections.abc import Mapping

import duckdb

from datafirst.spec import LinkModel

from .charts import Chart, Row, matrix
from .distribution import limits
from .section import Section

PERCENT = "datum.few == 0 ? 'none' : datum.share < 0.0005 ? '<0.1%' : format(datum.share, '.1%')"
HEADER = ("Model", "Data set", "Threshold", "Records", "Could not reach it", "Share")


def unlinkable(
    con: duckdb.DuckDBPyConnection, models: Mapping[str, LinkModel], alone: Mapping[str, str]
) -> Section:
    """The records that do not reach a threshold of their model even compared with themselves.

    `alone` names by model the relation of dataset, _row, match_weight that link.alone made.
    """
    rows = [
        (name, dataset, level, records, few, round(few / records, 5))
        for name, relation in alone.items()
        for level, weight in limits(models[name]).items()
        for dataset, records, few in con.execute(
            f"SELECT dataset, count(*), count(*) FILTER (match_weight < ?) FROM {relation} "
            "GROUP BY dataset ORDER BY dataset",
            [weight],
        ).fetchall()
    ]
    rows.sort(key=lambda row: (list(alone).index(row[0]), row[1]))
    return Section(
        name="Records that cannot be linked",
        says="The records in which so little is known that they would not reach a threshold even "
        "if they were compared with themselves. No other record can be found to be of the same "
        "person by that model.",
        header=HEADER,
        rows=tuple(rows),
        chart=_drawn(rows) if rows else None,
        published=True,
        shares={"Share": ("Could not reach it", "Records"), "share": ("few", "records")},
    )


def _drawn(rows: list[tuple[str, str, str, int, int, float]]) -> Chart:
    keys = ("model", "dataset", "threshold", "records", "few", "share")
    values: list[Row] = [
        {**dict(zip(keys, row, strict=True)), "of": f"{row[1]}, by model {row[0]}"} for row in rows
    ]
    return matrix(
        "Records that could not be linked whoever else there were",
        "Share of the records of each data set that would not reach a threshold of the model even "
        "by themselves.",
        values,
        down="of",
        across="threshold",
        label=PERCENT,
        level="datum.share",
    )
