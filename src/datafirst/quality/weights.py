"""What does each degree of agreement weigh, and from which m and u?"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from datafirst.spec import LinkModel

from .charts import AGAINST, FOR, SOFT, STEP, Chart, Row, category, chart, number
from .section import Cell, Section
from .wording import together

HEADER = ("Model", "Comparison", "Level", "m probability", "u probability", "Match weight")
ROW_OF = "|"
"""Between the number of a comparison and what its line in the chart says."""
MIDDLE, SIDE = 300, 250
"""Widths of the two panels, in pixels."""
DIGITS = 4


def weights(model: LinkModel, trained: Mapping[str, Any]) -> Section:
    """The levels of a model as it was trained, and what each adds to a pair's weight: log2 of m,
    how often two records of one person agree so far, over u, how often two of different people do
    (Fellegi and Sunter 1969)."""
    lines = list(levels(model, trained))
    first = (model.id, "Before anything is compared", "two records at random", None, None)
    rows: list[tuple[Cell, ...]] = [(*first, round(odds_of(trained), 2))]
    rows += [
        (model.id, comparison, level, _significant(m), _significant(u), round(math.log2(m / u), 2))
        for comparison, level, m, u in lines
    ]
    return Section(
        name=f"Match weights: {model.id}",
        says="What each degree of agreement adds to the match weight of two records (log2 of m/u), "
        "where m and u are how often it is found among records of one person and of two. Where "
        "term frequencies count, agreement on a rare value adds more and on a common one less.",
        header=HEADER,
        rows=tuple(rows),
        chart=_drawn(model, lines),
        published=True,
    )


def odds_of(trained: Mapping[str, Any]) -> float:
    """The match weight of two of the training records of whom nothing is known."""
    prior = trained["splink"]["probability_two_random_records_match"]
    return math.log2(prior / (1 - prior))


def levels(model: LinkModel, trained: Mapping[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    """(comparison, level, m, u) of every level that says something, in order."""
    for comparison, found in zip(model.comparisons, trained["splink"]["comparisons"], strict=True):
        name = together(f for f in (comparison.field, comparison.against) if f)
        for level, (m, u) in told(found).items():
            yield name, level, m, u


def told(comparison: Mapping[str, Any]) -> dict[str, list[float]]:
    """m and u of each level of a trained comparison that says something, in order."""
    return {
        level["label_for_charts"]: [level["m_probability"], level["u_probability"]]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }


def _significant(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _drawn(model: LinkModel, lines: list[tuple[str, str, float, float]]) -> Chart:
    """Two panels over the same lines: the weight, and m and u on a scale of powers of ten, on
    which their distance is the weight."""
    values = list(_lines(model.id, lines))
    order = [row["line"] for row in values]
    one, two = ("person", "people") if model.produces == "people" else ("case", "cases")
    return chart(
        f"What agreement weighs: {model.id}",
        f"Left: bars to the right speak for one {one}, to the left for two {two}.\n"
        f"Right: how often each degree of agreement is found among records of one {one} (m, "
        "circles) and of two (u, squares).",
        values,
        spacing=24,
        hconcat=[_weights(order), _chances(order, min(u for *_, u in lines))],
    )


def _lines(model: str, lines: list[tuple[str, str, float, float]]) -> Iterator[Row]:
    """A line for each comparison, as a heading, and one for each of its levels."""
    last, n = None, 0
    for comparison, level, m, u in lines:
        if comparison != last:
            last, n = comparison, n + 1
            yield {"model": model, "line": f"{n}{ROW_OF}{ROW_OF}{comparison}"}
        yield {
            "model": model,
            "line": f"{n}{ROW_OF}{level}",
            "weight": round(math.log2(m / u), 2),
            "m": _significant(m),
            "u": _significant(u),
        }


def _axis(order: list[str], axis: Chart | None) -> Chart:
    """The lines, those included on which nothing is drawn."""
    return category("line", axis=axis, scale={"domain": order})


def _weights(order: list[str]) -> Chart:
    heading = f"indexof(datum.value, '{ROW_OF}{ROW_OF}') >= 0"
    axis = {
        "labelExpr": f"slice(datum.value, lastindexof(datum.value, '{ROW_OF}') + 1)",
        "labelFontWeight": {"condition": {"test": heading, "value": "bold"}, "value": "normal"},
        "domain": False,
        "ticks": False,
    }
    room = {"nice": False, "padding": 40}
    x = number("weight", "Match weight (log2 m/u)", axis={"tickCount": 6}, scale=room)
    colour = {"condition": {"test": "datum.weight >= 0", "value": FOR}, "value": AGAINST}
    ends = (("datum.weight >= 0", "left", 4), ("datum.weight < 0", "right", -4))
    return {
        "width": MIDDLE,
        "height": {"step": STEP},
        "encoding": {"y": _axis(order, axis), "x": x},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.weight)"}],
                "mark": {"type": "bar", "height": {"band": 0.66}},
                "encoding": {"color": colour},
            },
            *(
                {
                    "transform": [{"filter": f"isValid(datum.weight) && {test}"}],
                    "mark": {"type": "text", "align": align, "dx": dx},
                    "encoding": {"text": {"field": "weight", "format": "+.1f"}},
                }
                for test, align, dx in ends
            ),
        ],
    }


def _chances(order: list[str], least: float) -> Chart:
    powers = range(math.floor(math.log10(least)), 1)
    scale = {"type": "log", "domain": [10.0 ** powers[0], 1], "nice": False}
    axis = {
        "labelExpr": "datum.value == 1 ? 'always' : '1 in ' + format(1 / datum.value, '~s')",
        "values": [10.0**power for power in powers],
        "labelFlush": False,
        "labelOverlap": "parity",
    }

    def x(field: str) -> Chart:
        return number(field, "How often", scale=scale, axis=axis)

    dot = {"type": "point", "size": 52, "opacity": 1, "strokeWidth": 1.6}
    return {
        "transform": [{"filter": "isValid(datum.m)"}],
        "width": SIDE,
        "height": {"step": STEP},
        "encoding": {"y": _axis(order, None)},
        "layer": [
            {
                "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1.2},
                "encoding": {"x": x("u"), "x2": {"field": "m"}},
            },
            {
                "mark": {**dot, "shape": "square", "color": AGAINST, "fill": "#ffffff"},
                "encoding": {"x": x("u")},
            },
            {
                "mark": {**dot, "shape": "circle", "color": FOR, "fill": FOR},
                "encoding": {"x": x("m")},
            },
        ],
    }
