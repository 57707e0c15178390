"""How is it shown why two records were joined? A page of waterfalls, for the index store alone.

The page shows what is written in the records. The pictures show weights and degrees of agreement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datafirst.link.explain import MISSING, Explained, Part
from datafirst.spec import LinkModel

from .charts import AGAINST, DEEP, FOR, SOFT, STEP, WIDTH, Chart, Row, category, chart, number
from .distribution import limits, marked
from .drawing import svg
from .page import environment, pictured
from .wording import said, together


@dataclass(frozen=True)
class Written:
    """A record as it was compared: its name, and what is written in each field."""

    name: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Joined:
    """One link of the way between two records."""

    model: LinkModel
    explained: Explained
    left: Written
    right: Written

    @property
    def level(self) -> str:
        """The strictest threshold that the link reaches."""
        reached = (name for name, at in limits(self.model).items() if self.explained.weight >= at)
        return next(reached, "none")


def waterfall(joined: Joined) -> Chart:
    """How a pair's match weight comes about, from the prior down to the sum."""
    values = list(_bars(joined.explained))
    order = [str(row["of"]) for row in values]
    colour = {
        "condition": [
            {"test": "datum.kind == 'sum'", "value": DEEP},
            {"test": "datum.change >= 0", "value": FOR},
        ],
        "value": AGAINST,
    }
    axis = {"domain": False, "ticks": False, "labelLimit": 420}
    room = {"nice": False, "padding": 40}
    x = number("from", "Match weight (log2 odds of one person)", scale=room)
    bar = {"type": "bar", "height": {"band": 0.66}}
    y = category("of", order, axis=axis)
    label = {
        "y": y,
        "x": {"field": "right", "type": "quantitative"},
        "text": {"field": "change", "format": "+.2f"},
    }
    text = {"type": "text", "align": "left", "dx": 4}
    around = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return chart(
        f"How the weight comes about: model {joined.model.id}",
        "Each bar goes on from where the one above it ended. Dashed: the model's thresholds.",
        values,
        width=WIDTH,
        height={"step": STEP},
        layer=[
            {"mark": bar, "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": colour}},
            *marked(joined.model.id, limits(joined.model)),
            {"mark": {**text, **around}, "encoding": label},
            {"mark": {**text, "color": SOFT}, "encoding": label},
        ],
    )


def _bars(explained: Explained) -> Iterator[Row]:
    at = 0.0
    for of, change in _changes(explained):
        yield {**_bar(of, at, at + change), "kind": "part"}
        at += change
    yield {**_bar("Match weight", 0.0, explained.weight), "kind": "sum"}


def _bar(of: str, start: float, end: float) -> dict[str, Any]:
    return {
        "of": of,
        "from": round(start, 4),
        "to": round(end, 4),
        "right": round(max(start, end), 4),
        "change": round(end - start, 4),
    }


def _changes(explained: Explained) -> Iterator[tuple[str, float]]:
    yield "Two records at random", explained.prior
    for part in explained.parts:
        yield f"{named(part)}: {part.level}", part.weight
        if part.frequency:
            yield (
                f"{named(part)}: {'rarer' if part.frequency > 0 else 'more common'} than most",
                (part.frequency),
            )


def named(part: Part) -> str:
    """What a comparison compares, in words."""
    return together(part.fields)


def explanation(
    over: str, title: str, says: str, way: Sequence[Joined], facts: Sequence[tuple[str, str]]
) -> str:
    """The page: what is known of the two records, and every link between them."""
    return (
        environment()
        .get_template("explained.html.j2")
        .render(over=over, title=title, says=says, facts=facts, links=list(_links(way)))
        + "\n"
    )


def _links(way: Sequence[Joined]) -> Iterator[dict[str, Any]]:
    for n, joined in enumerate(way, start=1):
        name = f"link-{n}"
        yield {
            "name": name,
            "title": f"{joined.left.name} and {joined.right.name}",
            "weight": f"{joined.explained.weight:.2f}",
            "level": joined.level,
            "model": f"{joined.model.title}, version {joined.model.version}",
            "picture": pictured(svg(waterfall(joined)), name, "How the match weight comes about"),
            "left": joined.left,
            "right": joined.right,
            "rows": [
                (
                    said(field),
                    joined.left.values.get(field, ""),
                    joined.right.values.get(field, ""),
                    part.level if part.level != MISSING else "not known in one of them",
                )
                for part in joined.explained.parts
                for field in part.fields
            ],
        }
