"""Of what are the report's charts made? A theme, and a few shapes, as plain Vega-Lite.

Nothing is told by colour alone: series have marks or strokes of their own, and bars are labelled
with what they stand for. Data stand in `data.values` as rows in which an int is a count, so that
whoever publishes a chart can round them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Chart = dict[str, Any]

INK, SOFT, LINE, DEEP, PALE = "#14212b", "#4a5963", "#d5dce1", "#12344d", "#dbe7f0"
FOR, AGAINST = "#0072b2", "#b3450a"
SERIES = (FOR, AGAINST, "#00785a", "#8a4a7d", "#4d4d4d")
"""Colours that the colour-blind tell apart (Okabe and Ito), dark enough for text on white."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
DASHES = ([1, 0], [7, 3], [2, 2], [10, 3, 2, 3], [4, 4])
STEP = 22
"""Height of a bar with its gap, in pixels: room for a label of the size that is used."""
WIDTH = 560
CELL = 92
"""Width of a cell of a matrix, in pixels: room for a number of millions, or a model's name."""
SHADES = ["#ffffff", "#74a7cc"]
"""From none to all. Text in INK is legible on the darkest (contrast 6 to 1)."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""Liberation Sans comes with the renderer; Arial has the same widths."""

CONFIG: Chart = {
    "aria": False,  # the page describes the picture, and the table below it holds its numbers
    "background": "#ffffff",
    "font": FONT,
    "padding": {"left": 16, "right": 16, "top": 8, "bottom": 8},
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 12,
        "titleColor": SOFT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": LINE,
        "domainColor": SOFT,
        "tickColor": SOFT,
        "labelLimit": 340,
        "labelPadding": 5,
    },
    "header": {
        "labelColor": INK,
        "labelFontSize": 13,
        "labelFontWeight": "bold",
        "labelAnchor": "start",
        "title": None,
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "titleColor": SOFT, "symbolSize": 90},
    "title": {
        "color": INK,
        "fontSize": 15,
        "subtitleColor": SOFT,
        "subtitleFontSize": 12,
        "subtitlePadding": 5,
        "anchor": "start",
        "frame": "bounds",
        "offset": 14,
    },
    "text": {"color": INK, "fontSize": 11},
    "range": {"category": list(SERIES), "symbol": list(SHAPES)},
}


def chart(title: str, subtitle: str, values: Sequence[Row], **shape: Any) -> Chart:
    """A whole chart: what it shows, how to read it, its rows, and its shape."""
    said = {"text": title, "subtitle": subtitle.split("\n")}
    return {"title": said, "data": {"values": [dict(row) for row in values]}, **shape}


def number(field: str, title: str | None, **how: Any) -> Chart:
    """A field on a scale of numbers."""
    return {"field": field, "type": "quantitative", "title": title, **how}


def category(field: str, order: Sequence[str] | None = None, **how: Any) -> Chart:
    """A field of labels, in the order of the data or in the one given."""
    return {
        "field": field,
        "type": "nominal",
        "sort": list(order) if order else None,
        "title": None,
        **how,
    }


def bars(
    title: str, subtitle: str, values: Sequence[Row], of: str, size: Chart, shown: str
) -> Chart:
    """A bar for each row, in their order, with its number at its end. `shown`: the number's
    format; what it is of stands in the field `of`."""
    y = category(of, axis={"domain": False, "ticks": False, "grid": False})
    label = {**size, "type": "quantitative", "format": shown}
    label = {k: label[k] for k in ("field", "type", "format")}
    return chart(
        title,
        subtitle,
        values,
        width=WIDTH,
        height={"step": STEP},
        encoding={"y": y, "x": size},
        layer=[
            {"mark": {"type": "bar", "color": FOR, "height": {"band": 0.72}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"text": label},
            },
        ],
    )


def matrix(
    title: str,
    subtitle: str,
    values: Sequence[Row],
    down: str,
    across: str,
    label: str,
    level: str,
) -> Chart:
    """A cell for each row, in which its label stands and whose shade is its level between nought
    and one (both Vega expressions): what is told is in print, and the shade only leads the eye."""
    quiet = {"domain": False, "ticks": False}
    lines = list(dict.fromkeys(str(row[down]) for row in values))
    columns = list(dict.fromkeys(str(row[across]) for row in values))
    shade = number(
        "level", None, scale={"domain": [0, 1], "range": SHADES, "interpolate": "rgb"}, legend=None
    )
    return chart(
        title,
        subtitle,
        values,
        width={"step": CELL},
        height={"step": STEP + 4},
        transform=[{"calculate": label, "as": "label"}, {"calculate": level, "as": "level"}],
        encoding={
            "x": category(across, columns, axis={"orient": "top", "labelAngle": 0, **quiet}),
            "y": category(down, lines, axis={**quiet, "labelLimit": 520}),
        },
        layer=[
            {"mark": {"type": "rect", "stroke": "#ffffff"}, "encoding": {"color": shade}},
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    )


def small_multiples(
    made: Chart, by: str, columns: int = 2, scales: str = "independent", axes: str = "x"
) -> Chart:
    """The same chart once for each value of a field, each with a scale of its own."""
    inner = {k: v for k, v in made.items() if k not in ("title", "data")}
    free = dict.fromkeys(axes, scales)
    return {
        "title": made["title"],
        "data": made["data"],
        "facet": category(by, header={"labelPadding": 6}),
        "columns": columns,
        "spec": inner,
        "resolve": {"scale": free},
        "spacing": {"row": 28, "column": 36},
    }
