"""How are linkage errors by group shown in a terminal? What reviewers found beside the truth."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from .report import decimal

SHARES = ("precision", "recall")
Lines = dict[tuple[str, str], dict[str, Any]]


def by_group(answer: dict[str, Any]) -> list[Table]:
    """Precision and recall of the links of each group: as reviewers found them with their 95%
    intervals, and by the truth, as far as there is either."""
    found = answer.get("estimates") or {"measured": ()}
    estimated: Lines = {(m["by"], m["category"]): m for m in found["measured"]}
    true: Lines = {(g["by"], g["category"]): g for g in answer["groups"]}
    if not estimated and not true:
        return []
    shown = Table(
        title=f"Links by group, release {answer['release']}",
        caption="\n".join(_about(found)) or None,
        expand=False,
    )
    for heading in ("by", "category", *_headings(bool(estimated), bool(true))):
        left = heading in ("by", "category")
        shown.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for key in dict.fromkeys((*estimated, *sorted(true))):
        shown.add_row(*key, *_cells(estimated, true, key))
    return [shown, *_differences(found)]


def _about(found: dict[str, Any]) -> Iterator[str]:
    """Whose links the estimates are of, on what they stand, and what they leave out."""
    if "sample" not in found:
        return
    whose = "of this run" if found["of_this_run"] else "OF AN EARLIER LINKAGE, not of these links"
    yield f"By review: sample {found['sample']} of run {found['run']}, {whose}."
    kappa = "no pair was decided twice" if found["kappa"] is None else f"kappa {found['kappa']:.2f}"
    yield (
        f"{found['decided']:,} of {found['pairs']:,} pairs decided by {found['reviewers']} "
        f"reviewers, {kappa}; nothing is decided in {found['silent']} of {found['strata']} strata."
    )
    if found["beyond"]:
        yield (
            "Recall with the matches that no search found, if to be found by one did not depend "
            f"on the other: {interval(found['beyond'])}."
        )


def _headings(estimated: bool, true: bool) -> Iterator[str]:
    if estimated:
        yield "decided"
    for share in SHARES:
        if estimated:
            yield f"{share}, with interval"
        if true:
            yield f"true {share}"


def _cells(estimated: Lines, true: Lines, key: tuple[str, str]) -> Iterator[str]:
    review, truth = estimated.get(key), true.get(key)
    if estimated:
        yield f"{review['decided']:,}" if review else ""
    for share in SHARES:
        if estimated:
            yield interval(review[share]) if review else ""
        if true:
            yield decimal(truth[share]) if truth else ""


def interval(estimate: dict[str, float] | None) -> str:
    """An estimate and where the truth lies, whatever undecided pairs may be."""
    if estimate is None:
        return ""
    return f"{estimate['value']:.4f} ({estimate['least']:.4f} to {estimate['most']:.4f})"


def _differences(found: dict[str, Any]) -> list[Table]:
    """Groups less the group that most is known of, and what the sample could have shown."""
    contrasts = found.get("contrasts", ())
    if not contrasts:
        return []
    shown = Table(
        title="Groups compared, by review",
        caption=f"* The interval leaves out zero. Of groups that do not differ one "
        f"in twenty would have a star all the same, and here are {len(contrasts)} comparisons: a "
        "star by itself is a question, and no answer.",
        expand=False,
    )
    headings = ("by", "category", "less", "of", "difference, with interval", "detectable")
    for heading in headings:
        left = heading not in headings[4:]
        shown.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for c in contrasts:
        mark = " *" if c["low"] > 0 or c["high"] < 0 else ""
        told = f"{c['value']:+.4f} ({c['low']:+.4f} to {c['high']:+.4f}){mark}"
        shown.add_row(
            c["by"], c["category"], c["reference"], c["measure"], told, f"{c['detectable']:.4f}"
        )
    return [shown]
