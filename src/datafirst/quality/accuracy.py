"""What is known of accuracy? The thresholds, why they were chosen, and what reviewers found."""

from collections.abc import Iterable, Iterator, Sequence

from datafirst.spec import LinkModel
from datafirst.spec.evidence import Evidence, Within

from .charts import FOR, SOFT, STEP, Chart, Row, category, chart, number, small_multiples
from .distribution import limits
from .section import Cell, Section

ENDS = ("", ", from", ", to")
MEASURES = ("precision", "recall")
SHARES = tuple(f"{measure.capitalize()}{end}" for measure in MEASURES for end in ENDS)
PANEL = 270
NOT_REVIEWED = "The accuracy of its links has not been reviewed by clerks."

Line = tuple[str, str, int, Within | None, Within | None]
"""The model, of what, pairs decided, precision and recall."""


def thresholds(models: Sequence[LinkModel]) -> Iterator[Section]:
    """The thresholds of every model with the evidence that each has, and that evidence by group."""
    yield _chosen(models)
    if any(evidence_of(model) for model in models):
        yield _reviewed(models)
        yield _linked(models)
    for model in models:
        if (evidence := evidence_of(model)) and evidence.groups:
            yield _groups(model, evidence)


def evidence_of(model: LinkModel) -> Evidence | None:
    """What reviewers found of a model's pairs, if they were asked."""
    return model.thresholds.evidence if model.thresholds else None


def _chosen(models: Sequence[LinkModel]) -> Section:
    lines = [line for model in models for line in _levels(model)]
    weights = [weight for model in models for weight in limits(model).values()]
    said = [why for model in models for why in [_said(model)] for _ in limits(model)]
    return Section(
        name="Thresholds",
        says="From which match weight on two records are one person, or two cases one journey, and "
        "why. Precision is the share of edges from that weight on that are right, recall the "
        "share of matches that have one, each with its 95% interval: of edges, and not yet of "
        "people, whom edges join through others and rules take apart.",
        header=("Model", "Threshold", "Match weight", *SHARES, "Evidence", "Because"),
        rows=tuple(
            (model, level, f"{weight:g}", *_shares(precision, recall), *why)
            for (model, level, _, precision, recall), weight, why in zip(
                lines, weights, said, strict=True
            )
        ),
        chart=_dots("What reviewers found of each threshold", lines),
        published=True,
    )


def _said(model: LinkModel) -> tuple[str, str | None]:
    """On what the thresholds of a model stand, and why they were chosen."""
    evidence = evidence_of(model)
    reviewed = f"A reviewed sample of release {evidence.release}." if evidence else NOT_REVIEWED
    return reviewed, model.thresholds.because if model.thresholds else None


def _levels(model: LinkModel) -> Iterator[Line]:
    evidence = evidence_of(model)
    for level in limits(model):
        found = getattr(evidence, level) if evidence else None
        decided = evidence.decided if evidence else 0
        both = (found.precision, found.recall) if found else (None, None)
        yield model.id, level, decided, *both


def _shares(*estimates: Within | None) -> Iterator[Cell]:
    for each in estimates:
        yield from (each.value, each.low, each.high) if each else (None, None, None)


def _reviewed(models: Iterable[LinkModel]) -> Section:
    found = [(model, evidence) for model in models if (evidence := evidence_of(model))]
    return Section(
        name="Clerical review",
        says="The pairs of records that reviewers decided, drawn at random within strata of "
        "match weight, pair of data sets and group, pairs that were not linked included. Kappa "
        "is how far two reviewers agree beyond chance.",
        header=("Model", "Sample of release", "Pairs drawn", "Pairs decided", "Reviewers", "Kappa"),
        rows=tuple(
            (model.id, e.release, e.pairs, e.decided, str(e.reviewers), _or_not(e.kappa))
            for model, e in found
        ),
        published=True,
    )


def _linked(models: Iterable[LinkModel]) -> Section:
    """What became of the edges: the links of people, which are what a release has."""
    found = [(model.id, e) for model in models if (e := evidence_of(model)) and e.links]
    return Section(
        name="Accuracy of links",
        says="How right the links of the release were that the sample was drawn from: every two "
        "records of one person, by an edge or through others, after what was taken apart. "
        "Precision is the share of links that are right, recall the share of matches that are "
        "linked. It was linked by the thresholds of that time.",
        header=("Model", "Sample of release", *SHARES),
        rows=tuple(
            (model, e.release, *_shares(e.links.precision, e.links.recall))
            for model, e in found
            if e.links
        ),
        published=True,
    )


def _or_not(kappa: float | None) -> str:
    return "no pair was decided twice" if kappa is None else f"{kappa:.2f}"


def _groups(model: LinkModel, evidence: Evidence) -> Section:
    lines: list[Line] = [
        (model.id, f"{g.by.capitalize()}: {g.category}", g.decided, g.precision, g.recall)
        for g in evidence.groups
    ]
    return Section(
        name=f"Accuracy by group: {model.id}",
        says="Precision and recall of edges from the standard threshold on among the pairs of each "
        "group, as reviewers found them, with 95% intervals. Where two intervals overlap, the "
        "groups may be linked equally well.",
        header=("Model", "Group", "Pairs decided", *SHARES),
        rows=tuple(
            (of, group, decided, *_shares(precision, recall))
            for of, group, decided, precision, recall in lines
        ),
        chart=_dots(f"What reviewers found by group: {model.id}", lines),
        published=True,
    )


def _dots(title: str, lines: Sequence[Line]) -> Chart | None:
    """Estimates as dots on their intervals: precision on the left, recall on the right."""
    values = list(_dot(lines))
    if not values:
        return None
    order = list(dict.fromkeys(str(value["of"]) for value in values))
    least = min(float(str(value["low"])) for value in values)
    scale = {"domain": [max(0.0, round(least - 0.05, 1)), 1], "nice": False}
    how = {"scale": scale, "axis": {"format": ".0%", "tickCount": 5}}
    line = {"type": "rule", "color": SOFT, "strokeWidth": 2}
    dot = {"type": "point", "filled": True, "color": FOR, "size": 60, "opacity": 1}
    made = chart(
        title,
        "Dots: estimates. Lines: where the truth is with 95% confidence.",
        values,
        width=PANEL,
        height={"step": STEP - 2},
        encoding={"y": category("of", order, axis={"grid": True, "ticks": False, "domain": False})},
        layer=[
            {
                "mark": line,
                "encoding": {"x": number("low", None, **how), "x2": {"field": "high"}},
            },
            {"mark": dot, "encoding": {"x": number("value", None, **how)}},
        ],
    )
    return small_multiples(made, "measure", scales="shared")


def _dot(lines: Sequence[Line]) -> Iterator[Row]:
    """A row for each estimate that there is. Its model is named where there are several."""
    several = len({model for model, *_ in lines}) > 1
    for model, of, decided, *both in lines:
        for measure, each in zip(MEASURES, both, strict=True):
            if isinstance(each, Within):
                yield {
                    "model": model,
                    "of": f"{model}: {of}" if several else of,
                    "decided": decided,
                    "measure": measure.capitalize(),
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                }
