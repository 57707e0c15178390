"""What did reviewers find of this release's links? For the report, where a sample was reviewed."""

from collections.abc import Iterator

from .accuracy import SHARES
from .choose import Review
from .estimate import Contrast, Estimate, Estimates
from .section import Cell, Section
from .settled import Agreement


def reviewed(review: Review, agree: Agreement, found: Estimates) -> Iterator[Section]:
    """The sample and its reviewers; accuracy as they found it, by group; and groups compared."""
    yield _sample(review, agree, found)
    yield _measured(found)
    if found.contrasts:
        yield _compared(found)


def _sample(review: Review, agree: Agreement, found: Estimates) -> Section:
    facts: tuple[tuple[str, Cell], ...] = (
        ("Sample", review.sample),
        ("Seed", str(review.seed)),
        ("Pairs drawn", found.pairs),
        ("Pairs decided", found.decided),
        ("Strata", found.strata),
        ("Strata in which nothing is decided", found.silent),
        ("Reviewers", review.reviewers),
        ("Pairs that two decided", agree.pairs),
        ("Of those, pairs on which they agreed at first", agree.agreed),
        ("Kappa", agree.kappa),
        ("Kappa, from", agree.low),
        ("Kappa, to", agree.high),
    )
    return Section(
        name="Review of this release",
        says="A sample of the links of this very run, and of pairs that were not linked. Kappa is "
        "how far two reviewers agree beyond chance, by what each said first. Of strata in "
        "which nothing is decided the estimates say nothing.",
        header=("Item", "Detail"),
        rows=facts,
    )


def _measured(found: Estimates) -> Section:
    lines: list[tuple[Cell, ...]] = [
        (m.by, m.category, m.decided, m.undecided, *_share(m.precision), *_share(m.recall))
        for m in found.measured
    ]
    if found.beyond:
        told: tuple[Cell, ...] = ("all", "matches that no search found too", None, None)
        lines.append((*told, *_share(None), *_share(found.beyond)))
    return Section(
        name="Links as reviewed",
        says="Precision is the share of links that are right, recall the share of matches that are "
        "linked: of records of one person, by an edge or through others. Each with its 95% "
        "interval, as wide as undecided pairs can make it. Recall with the matches that no search "
        "found takes it that to be found by one search did not depend on the other.",
        header=("By", "Category", "Pairs decided", "Pairs open", *SHARES),
        rows=tuple(lines),
    )


def _share(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (estimate.value, estimate.least, estimate.most) if estimate else (None, None, None)


def _compared(found: Estimates) -> Section:
    return Section(
        name="Groups compared, as reviewed",
        says="How much better a group is linked than the group of which most pairs are decided, "
        "with the 95% interval, and the smallest difference that this sample would show. Of "
        "groups that do not differ one in twenty would seem to all the same, and here are "
        f"{len(found.contrasts)} comparisons: a difference by itself is a question, and no answer.",
        header=("By", "Category", "Less", "Of", "Difference", "From", "To", "Detectable", "Told"),
        rows=tuple(_line(each) for each in found.contrasts),
    )


def _line(each: Contrast) -> tuple[Cell, ...]:
    who = (each.by, each.category, each.reference, each.measure)
    return (*who, each.value, each.low, each.high, each.detectable, "*" if each.told else "")
