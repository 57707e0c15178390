"""How do the match weights of pairs fall, and where do the thresholds stand among them?"""

from collections.abc import Iterator

import duckdb

from datafirst.spec import LinkModel
from datafirst.spec.linkage import LEVELS

from .charts import AGAINST, FOR, SOFT, Chart, chart, number
from .section import Section

HEADER = ("Model", "Match weight", "Pairs", "Counts as")
TALL, WIDE = 230, 620
HIGHER = 13
"""Pixels by which each looser threshold stands above the stricter one, whose name it would cross
where they are near each other."""


def limits(model: LinkModel) -> dict[str, float]:
    """By name, the match weights from which a model's pairs count."""
    if model.thresholds is None:
        return {"journey": model.above or 0.0}
    return {level: getattr(model.thresholds, level) for level in LEVELS}


def distribution(con: duckdb.DuckDBPyConnection, model: LinkModel, edges: str = "edges") -> Section:
    """How many pairs of a model have each match weight, in steps of one bit.

    Weights far below the loosest threshold are not kept, so that the left end is cut.
    """
    counted = con.execute(
        f"SELECT floor(match_weight)::BIGINT AS bin, count(*) FROM {edges} WHERE model = ? "
        "GROUP BY bin ORDER BY bin",
        [model.id],
    ).fetchall()
    steps = [(int(low), int(pairs)) for low, pairs in counted]
    at = limits(model)
    return Section(
        name=f"Pairs by match weight: {model.id}",
        says="How many pairs of records have each match weight, in steps of one bit: with each "
        "step the odds that they are of one person double. Pairs far below the loosest threshold "
        "are not kept.",
        header=HEADER,
        rows=tuple(
            (model.id, f"{low} to {low + 1}", pairs, counts_as(low, at)) for low, pairs in steps
        ),
        chart=_drawn(model, steps, at) if steps else None,
        published=True,
    )


def counts_as(weight: float, at: dict[str, float]) -> str:
    """The strictest threshold that a weight reaches."""
    return next((level for level, from_ in at.items() if weight >= from_), "weaker")


def _drawn(model: LinkModel, steps: list[tuple[int, int]], at: dict[str, float]) -> Chart:
    values = [
        {"model": model.id, "from": float(low), "to": float(low + 1), "pairs": pairs}
        for low, pairs in steps
    ]
    one = "person" if model.produces == "people" else "case"
    counted = {"test": f"datum.from >= {min(at.values())}", "value": FOR}
    axis = {"format": "d", "grid": False, "tickMinStep": 1}
    whole = {"nice": False, "zero": False, "padding": 6}
    bar = {
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 0.8, "orient": "vertical"},
        "encoding": {
            "x": number("from", f"Match weight (log2 odds of one {one})", axis=axis, scale=whole),
            "x2": {"field": "to"},
            "y": number("pairs", "Pairs (square-root scale)", scale={"type": "sqrt"}, stack=None),
            "y2": {"datum": 0},
            "color": {"condition": counted, "value": SOFT},
        },
    }
    return chart(
        f"How match weights fall: {model.id}",
        "Pairs of records by match weight, one bit a bar. Grey: below every threshold.",
        values,
        width=WIDE,
        height=TALL,
        layer=[bar, *marked(model.id, at)],
    )


def marked(model: str, at: dict[str, float], field: str = "from") -> Iterator[Chart]:
    """Layers with a line at each threshold of a model, named above its head."""
    x = {"field": field, "type": "quantitative"}
    for n, (level, weight) in enumerate(sorted(at.items(), key=lambda each: -each[1])):
        data = {"values": [{"model": model, "level": level, field: float(weight)}]}
        line = {"type": "rule", "color": AGAINST, "strokeDash": [5, 3], "strokeWidth": 1.5}
        name = {"type": "text", "align": "left", "baseline": "bottom", "dx": -1, "color": AGAINST}
        yield {
            "data": data,
            "mark": {**line, "yOffset": -HIGHER * n},
            "encoding": {"x": x},
        }
        yield {
            "data": data,
            "mark": {**name, "dy": -3 - HIGHER * n},
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "level"}},
        }
