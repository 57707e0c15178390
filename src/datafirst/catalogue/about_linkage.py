"""What does a catalogue say about linkage? How it was done, and how well that is known to work."""

import json
from collections.abc import Iterator
from typing import Any

from datafirst.quality.accuracy import evidence_of
from datafirst.quality.distribution import limits
from datafirst.quality.section import Section
from datafirst.spec import Ladder, LinkModel
from datafirst.spec.evidence import Evidence, Found, Within

from .publishable import CONFIDENTIAL, DIGITS, NOT_APPLICABLE, PERCENTAGES_FROM, Cell
from .sheet import Sheet
from .subject import Subject

MACHINE = "linkage_quality.json"
"""The same for programs: beside the tables of a package."""

SILENT = (
    "Accuracy has not been measured by clerical review: how many links are wrong and how many are "
    "missing is not known"
)


def linkage(subject: Subject) -> Sheet:
    rows = tuple(_linkage(subject)) or (("No record of this share is linked", NOT_APPLICABLE),)
    says = "How records were judged to be the same person or case, and how well that works."
    return Sheet("Linkage quality", "Linkage quality", says, ("Item", "Detail"), rows)


def _linkage(subject: Subject) -> Iterator[tuple[Cell, ...]]:
    for model in subject.models:
        yield from _model(model)
    for ladder in subject.ladders:
        yield from _ladder(ladder)


def _model(model: LinkModel) -> Iterator[tuple[Cell, ...]]:
    name = f"Model {model.id}"
    yield name, f"{model.title}, version {model.version}"
    yield f"{name}: data sets", ", ".join(model.datasets)
    yield f"{name}: compares", ", ".join(c.field for c in model.comparisons)
    what = "people" if model.thresholds else "journeys"
    one = "Records are one person" if model.thresholds else "Cases are one journey"
    for level, weight in limits(model).items():
        item = f"{name}: {what}, {level}" if model.thresholds else f"{name}: {what}"
        yield item, f"{one} from a match weight (log2 scale) of {weight:g}"
    if model.thresholds:
        yield f"{name}: why these", model.thresholds.because
    evidence = evidence_of(model)
    yield from _accuracy(name, evidence) if evidence else ((f"{name}: accuracy", SILENT),)


def _accuracy(name: str, evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    yield (
        f"{name}: accuracy",
        f"Estimated from a sample of the pairs of release {evidence.release} that "
        f"{evidence.reviewers} reviewers decided, with 95% intervals",
    )
    if evidence.links:
        yield (
            f"{name}: accuracy of links",
            f"{_both(evidence.links)}, of that release's links: records of one person, by an edge "
            "or through others",
        )
    for level in ("strict", "standard", "loose"):
        found: Found = getattr(evidence, level)
        yield (
            f"{name}: accuracy of edges, {level}",
            f"{_both(found)}, of edges from that match weight on",
        )


def _both(found: Found) -> str:
    return f"Precision {_within(found.precision)}; recall {_within(found.recall)}"


def _within(found: Within) -> str:
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"


def _ladder(ladder: Ladder) -> Iterator[tuple[Cell, ...]]:
    name = f"Ladder {ladder.id}"
    yield name, f"{ladder.title}, version {ladder.version}"
    yield f"{name}: data sets", f"{ladder.left}, {ladder.right}"
    for place, rung in enumerate(ladder.rules, start=1):
        yield f"{name}: rule {place}, {rung.name}", rung.says
    yield f"{name}: accuracy", SILENT


def figures(subject: Subject) -> Sheet:
    """The published sections of the report on linkage, figure by figure."""
    rows = tuple(row for section in subject.quality for row in _long(section))
    none = ("Nothing is reported", *(NOT_APPLICABLE,) * 3)
    return Sheet(
        "Linkage figures",
        "Linkage figures",
        "What was linked by what, and how it turned out. Counts as in note 1, shares between 0 "
        "and 1, and as in note 2.",
        ("Part", "Of what", "Measure", "Figure"),
        rows or (none,),
    )


def _long(section: Section) -> Iterator[tuple[Cell, ...]]:
    """A row for each figure of a section."""
    columns = list(zip(*section.rows, strict=True))
    labels = [n for n, cells in enumerate(columns) if all(map(_is_label, cells))]
    for row in section.rows:
        of = "; ".join(str(row[n]) for n in labels)
        for n, cell in enumerate(row):
            if n not in labels:
                figure = NOT_APPLICABLE if cell is None else cell
                yield section.name, of or NOT_APPLICABLE, section.header[n], figure


def _is_label(cell: Cell | None) -> bool:
    """Whether a cell says what a row is about: a word or two, and no sentence."""
    return isinstance(cell, str) and cell != CONFIDENTIAL and not cell.endswith(".")


def machine(subject: Subject) -> str:
    """linkage_quality.json: what is known of linkage error, for analyses that allow for it."""
    content = {
        "release": subject.release.version,
        "share": subject.share.id,
        "says": "Of the edges of a group, 1 - precision are wrong; of its matches, 1 - recall are "
        "missing. Rates of a threshold are of edges from that match weight on; those of 'links' "
        "are of the links of the release that was reviewed, records of one person by an edge or "
        "through others. Intervals are of 95%. A model without error rates has not been reviewed.",
        "models": [_described(model) for model in subject.models],
        "ladders": [ladder.model_dump(mode="json") for ladder in subject.ladders],
        "error_rates": [rate for model in subject.models for rate in _rates(model)],
        "sections": [
            {"name": s.name, "says": s.says, "header": s.header, "rows": s.rows}
            for s in subject.quality
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _described(model: LinkModel) -> dict[str, Any]:
    return {
        "model": model.id,
        "title": model.title,
        "version": model.version,
        "datasets": model.datasets,
        "compares": [c.field for c in model.comparisons],
        "match_weights": limits(model),
        "because": model.thresholds.because if model.thresholds else None,
    }


def _rates(model: LinkModel) -> Iterator[dict[str, Any]]:
    """The precision and recall of a model's edges, at each threshold and by group, and of the
    links that came of them."""
    evidence = evidence_of(model)
    if evidence is None:
        return
    for level in limits(model):
        found: Found = getattr(evidence, level)
        yield _rate(model, level, "all", "all", found.precision, found.recall)
    if evidence.links:
        links = evidence.links
        yield _rate(model, "links", "all", "all", links.precision, links.recall)
    for group in evidence.groups:
        # As in the report, which tells no share of so few pairs.
        if group.decided >= PERCENTAGES_FROM:
            both = group.precision, group.recall
            yield _rate(model, "standard", group.by, group.category, *both)


def _rate(
    model: LinkModel,
    threshold: str,
    by: str,
    group: str,
    precision: Within | None,
    recall: Within | None,
) -> dict[str, Any]:
    said: dict[str, Any] = {"model": model.id, "threshold": threshold, "by": by, "group": group}
    for name, found in (("precision", precision), ("recall", recall)):
        for part in ("value", "low", "high"):
            figure = round(getattr(found, part), DIGITS) if found else None
            said[name if part == "value" else f"{name}_{part}"] = figure
    return said
