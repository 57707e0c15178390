"""Which thresholds do reviewers' decisions speak for? The least weight that is right often enough.

Only what reviewers decided is read here, never a truth. What a threshold is held to is the lower
end of its interval, taken as if every pair that nobody could decide were wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import duckdb

from datafirst.errors import LinkageRefused, SpecificationError
from datafirst.spec import LinkModel, Thresholds
from datafirst.spec.evidence import Evidence, Found, OfGroup, Within

from .curve import Point, curve, from_weight
from .estimate import CATEGORIES, UNTOLD, Estimate, measured, reviewed_pairs
from .groups import GROUPS
from .intervals import TAILS
from .possible import Possible, own, possible
from .tally import Drawn, counted, drawn

KEPT_BY_LOOSE = 0.99
"""The loose threshold keeps this share of the matches that the model gave an edge."""
FEWEST = 100
"""Decided pairs of a group that evidence tells of: of fewer an interval says little, and no share
of fewer is published (catalogue/publishable.py)."""
REVIEWED = reviewed_pairs()


@dataclass(frozen=True)
class Review:
    """Which sample, and who decided it."""

    release: str
    run: str
    sample: str
    seed: int
    reviewers: int
    kappa: float | None


@dataclass(frozen=True)
class Targets:
    """The precision that thresholds are held to."""

    standard: float
    strict: float

    @classmethod
    def of(cls, standard: float, strict: float | None = None) -> "Targets":
        """The strict one, where it is not said, errs half as often. SpecificationError where a
        target is no share that a sample could show, or strict asks for less than standard."""
        strict = 1 - (1 - standard) / 2 if strict is None else strict
        if not 0 < standard <= strict < 1:
            raise SpecificationError(
                "precision is asked for as a share between 0 and 1, such as 0.99, and the strict "
                "threshold's is not below the standard one's"
            )
        return cls(standard, strict)


def choose(
    con: duckdb.DuckDBPyConnection, model: LinkModel, targets: Targets, review: Review
) -> Thresholds:
    """The thresholds of a model, with their evidence, from the tables `sample`, `sample_known`
    and `settled`.

    Standard and strict are the least weights from which on precision reaches their targets. Loose
    is the greatest that keeps KEPT_BY_LOOSE of the matches that have an edge. LinkageRefused where
    reviewers found too many errors, or the sample is too small to tell.
    """
    points = list(curve(con, [model]))
    standard = least(model.id, points, targets.standard)
    strict = least(model.id, [p for p in points if p.weight >= standard.weight], targets.strict)
    loose = _loose(points, standard)
    found = {"strict": strict, "standard": standard, "loose": loose}
    strata = drawn(con, REVIEWED)
    there = possible(con, model, strata, "sample", "sample_known")
    query = f"SELECT count(*), count(decision) FROM {REVIEWED} WHERE {own(model)}"
    pairs, decided = con.execute(query).fetchall()[0]
    evidence = Evidence(
        release=review.release,
        run=review.run,
        sample=review.sample,
        pairs=pairs,
        decided=decided,
        seed=review.seed,
        reviewers=review.reviewers,
        kappa=review.kappa,
        **{name: _found(point) for name, point in found.items()},
        links=_links(con, model, strata, there),
        groups=tuple(_groups(con, model, standard.weight, strata, there)),
    )
    weights = {name: point.weight for name, point in found.items()}
    return Thresholds(**weights, because=_because(targets, evidence), evidence=evidence)


def least(model: str, points: Sequence[Point], target: float) -> Point:
    """The least weight from which on precision is at least the target, undecided pairs against."""
    known = [(p, p.links.precision) for p in points if p.links.precision and p.links.recall]
    reaching = [p for p, precision in known if precision.least >= target]
    if reaching:
        return min(reaching, key=lambda p: p.weight)
    if not known:
        raise LinkageRefused(f"model {model}: no pair that it gave an edge has been decided yet")
    best, precision = max(known, key=lambda each: (each[1].least, each[0].weight))
    needed = ceil(log(TAILS[0]) / log(target))
    why = (
        "the sample is too small to tell"
        if precision.high >= target
        else "reviewers found more errors than that"
    )
    raise LinkageRefused(
        f"model {model}: no match weight is right {target:.4g} of the time with "
        f"{1 - 2 * TAILS[0]:.0%} confidence: {why}. The best, {best.weight:g}, has precision "
        f"{precision.value:.4f}, at least {precision.least:.4f}, by {best.links.decided:,} decided "
        f"pairs of its datasets ({best.links.undecided:,} are open); even without any error "
        f"{needed:,} pairs above the threshold must be decided. Review more pairs (`datafirst "
        "sample --pairs`), or ask for less"
    )


def _loose(points: Sequence[Point], standard: Point) -> Point:
    """Never above the standard one. The curve begins with the weakest edge that was kept."""
    told = [(p, p.links.recall.value) for p in points if p.links.recall]
    kept = KEPT_BY_LOOSE * told[0][1]
    able = [p for p, recall in told if recall >= kept and p.weight <= standard.weight]
    return max(able, key=lambda p: p.weight) if able else standard


def _found(point: Point) -> Found:
    precision, recall = point.links.precision, point.links.recall
    if precision is None or recall is None:
        raise LinkageRefused(f"model {point.model}: nothing is decided from {point.weight:g} on")
    return Found(precision=_within(precision), recall=_within(recall))


def _within(estimate: Estimate) -> Within:
    """With what reviewers' doubt can do to it."""
    return Within(value=estimate.value, low=estimate.least, high=estimate.most)


def _links(
    con: duckdb.DuckDBPyConnection, model: LinkModel, strata: Drawn, there: Possible
) -> Found | None:
    """Of the people as they were linked when the sample was drawn, through others too."""
    category = f"CASE WHEN {own(model)} THEN 'links' END"
    for _, pairs in counted(con, REVIEWED, strata, f"{model.id} links", category):
        links = measured("model", model.id, there.as_linked(pairs))
        if links.precision and links.recall:
            return Found(precision=_within(links.precision), recall=_within(links.recall))
    return None


def _groups(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    weight: float,
    strata: Drawn,
    there: Possible,
) -> list[OfGroup]:
    told = []
    for by in GROUPS:
        category = f"CASE WHEN {own(model)} THEN {CATEGORIES[by]} END"
        name = f"{model.id} by {by}"
        for group, pairs in counted(con, REVIEWED, strata, name, category, from_weight(weight)):
            if group not in UNTOLD and pairs.decided >= FEWEST:
                links = measured(by, group, there.by_weight(pairs, weight, (by, group)))
                shares = {
                    measure: _within(estimate)
                    for measure, estimate in (
                        ("precision", links.precision),
                        ("recall", links.recall),
                    )
                    if estimate
                }
                told.append(OfGroup(by=by, category=group, decided=pairs.decided, **shares))
    return told


def _because(targets: Targets, evidence: Evidence) -> str:
    return (
        f"Chosen by about {round(evidence.decided, -1):,} pairs of release {evidence.release} that "
        "reviewers decided: standard and strict are the least match weights from which on at "
        f"least {targets.standard:.4g} and {targets.strict:.4g} of the edges are right, with 95% "
        f"confidence and pairs that nobody could decide taken for wrong; loose is the greatest "
        f"that keeps {KEPT_BY_LOOSE:.0%} of the matches that have an edge."
    )
