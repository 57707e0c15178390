"""What would another threshold do? Pairs, records and people at each match weight."""

from collections.abc import Iterator

import duckdb
import numpy as np
from numpy.typing import NDArray

from datafirst.link.forest import forest
from datafirst.spec import LinkModel

from .charts import FOR, Chart, Row, chart, number
from .distribution import limits, marked
from .section import Section

HEADER = ("Model", "From match weight", "Pairs", "Records linked", "People of several records")
BEYOND = 30.0
"""Bits above the strictest threshold up to which it is told what one there would do."""
TALL, WIDE = 170, 270
PANELS = {
    "pairs": "Pairs of records",
    "records": "Records linked to another",
    "people": "People of several records",
}


def tradeoff(con: duckdb.DuckDBPyConnection, model: LinkModel, edges: str = "edges") -> Section:
    """By match weight, bit by bit: how many pairs reach it, how many records they link, and into
    how many people, were it the threshold and this the only model.

    Joined in order of their weights, only the edges of a maximum spanning forest join two groups,
    so that one sort tells all thresholds at once.
    """
    found = list(_steps(con, model, edges))
    return Section(
        name=f"If the threshold were another: {model.id}",
        says="What this model alone would link if two records were one person from each match "
        "weight on. A lower threshold finds more, and more of it is wrong.",
        header=HEADER,
        rows=tuple((model.id, f"{at:g}", *counts) for at, *counts in found),
        chart=_drawn(model, found) if found else None,
        published=True,
    )


def _steps(
    con: duckdb.DuckDBPyConnection, model: LinkModel, edges: str
) -> Iterator[tuple[float, int, int, int]]:
    left, right, weight = _numbered(con, model.id, edges)
    if not weight.size:
        return
    records = int(max(left.max(), right.max())) + 1
    joins = np.sort(weight[forest(records, left, right, weight).chosen])
    first = np.full(records, -np.inf)
    for ends in (left, right):
        np.maximum.at(first, ends, weight)
    first, ordered = np.sort(first), np.sort(weight)
    top = min(max(limits(model).values()) + BEYOND, float(ordered[-1]))
    for at in np.arange(np.ceil(ordered[0]), top + 1):
        pairs, linked, joined = (
            int(each.size - np.searchsorted(each, at)) for each in (ordered, first, joins)
        )
        yield float(at), pairs, linked, linked - joined


def _numbered(
    con: duckdb.DuckDBPyConnection, model: str, edges: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """The model's edges, between records numbered from nought."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE tradeoff_nodes AS SELECT dataset, _row, "
        "(row_number() OVER (ORDER BY dataset, _row) - 1)::INTEGER AS node FROM "
        f"(SELECT dataset_l AS dataset, _row_l AS _row FROM {edges} WHERE model = $model UNION "
        f"SELECT dataset_r, _row_r FROM {edges} WHERE model = $model)",
        {"model": model},
    )
    found = con.execute(
        f"SELECT l.node AS l, r.node AS r, match_weight FROM {edges} "
        "JOIN tradeoff_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN tradeoff_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r "
        "WHERE model = ?",
        [model],
    ).fetchnumpy()
    con.execute("DROP TABLE tradeoff_nodes")
    return found["l"], found["r"], found["match_weight"]


def _drawn(model: LinkModel, found: list[tuple[float, int, int, int]]) -> Chart:
    keys = ("at", *PANELS)
    values: list[Row] = [
        {"model": model.id, **dict(zip(keys, step, strict=True))} for step in found
    ]
    return chart(
        f"If the threshold were another: {model.id}",
        "What the model alone would link from each match weight on. Dashed: its thresholds.",
        values,
        hconcat=[_panel(model, field, title) for field, title in PANELS.items()],
        spacing=30,
    )


def _panel(model: LinkModel, field: str, title: str) -> Chart:
    whole = {"nice": False, "zero": False, "padding": 4}
    x = number("at", "Match weight", axis={"grid": False, "tickMinStep": 1}, scale=whole)
    short = {"tickCount": 4, "labelExpr": "datum.value < 1 ? '0' : format(datum.value, '~s')"}
    y = number(field, None, axis=short)
    line = {"type": "line", "interpolate": "step-before", "color": FOR, "strokeWidth": 2}
    return {
        "title": {"text": title, "fontSize": 12, "fontWeight": "bold", "offset": 8},
        "width": WIDE,
        "height": TALL,
        "layer": [
            {"mark": line, "encoding": {"x": x, "y": y}},
            *marked(model.id, limits(model), "at"),
        ],
    }
