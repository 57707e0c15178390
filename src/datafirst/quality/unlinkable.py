"""How many records could not be linked, whoever else there were?"""

from collections.abc import Mapping

import duckdb

from datafirst.spec import LinkModel

from .charts import SERIES, STEP, WIDTH, Chart, Row, category, chart, share
from .distribution import limits
from .section import Section

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
    )


def _drawn(rows: list[tuple[str, str, str, int, int, float]]) -> Chart:
    keys = ("model", "dataset", "threshold", "records", "few", "share")
    values: list[Row] = [dict(zip(keys, row, strict=True)) for row in rows]
    levels = list(dict.fromkeys(row["threshold"] for row in values))
    lines = list(dict.fromkeys(f"{row['model']}: {row['dataset']}" for row in values))
    of = {"calculate": "datum.model + ': ' + datum.dataset", "as": "of"}
    mark = category("threshold", levels, legend={"title": "Threshold", "orient": "top"})
    return chart(
        "Records that could not be linked whoever else there were",
        "Share of the records of each data set that reach a threshold of the model not even by "
        "themselves.",
        values,
        width=WIDTH,
        height={"step": STEP},
        transform=[of],
        mark={"type": "point", "filled": True, "size": 80, "opacity": 1},
        encoding={
            "y": category("of", lines, axis={"grid": True, "domain": False, "ticks": False}),
            "x": share("share", "Share of records", top=None),
            "shape": mark,
            "color": {**mark, "scale": {"domain": levels, "range": list(SERIES)}},
        },
    )
