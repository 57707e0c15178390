"""How right is linkage, as clerical reviewers found it? Precision and recall, with intervals.

Estimates of all links, of each pair of datasets, of each group and at each threshold, from the
decisions on a sample (sample.py) alone: the truth of invented people is nowhere read here. Recall
is of the matches that the sample could find, which are those that a model scored, that were
linked, or that the wide search brought together (frames.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from .groups import GROUPS, NOT_KNOWN, NOT_TOLD
from .intervals import DRAWS, Share, difference, either
from .known import MIXED
from .tally import Drawn, Tally, Undecided, counted, drawn

UNTOLD = (NOT_KNOWN, NOT_TOLD, MIXED)
"""Categories that are no group of people: nothing is compared with them."""


@dataclass(frozen=True)
class Estimate:
    """A share, and how far the truth can be from it."""

    value: float
    low: float
    high: float
    """The 95% interval, pairs that nobody could decide being left out."""
    least: float
    most: float
    """The interval's ends if all those pairs spoke against the linkage, and if all spoke for it:
    what the reviewers' doubt can do to it."""


@dataclass(frozen=True)
class Measured:
    """The links of one group of pairs."""

    by: str
    category: str
    decided: int
    undecided: int
    precision: Estimate | None
    recall: Estimate | None
    """None: not one decided pair tells."""


@dataclass(frozen=True)
class Contrast:
    """How much better a group is linked than the group with most decided pairs."""

    by: str
    category: str
    reference: str
    measure: str
    value: float
    low: float
    high: float
    detectable: float
    """The smallest difference that this sample would show (power .8, two-sided test at .05)."""

    @property
    def told(self) -> bool:
        """Whether the interval says that there is a difference, if it is the only one asked about:
        of twenty that are none, one is told all the same."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Estimates:
    """What a reviewed sample says of a release's links."""

    pairs: int
    decided: int
    strata: int
    silent: int
    """Strata in which nothing is decided yet: only `least` and `most` are about their pairs."""
    measured: tuple[Measured, ...]
    contrasts: tuple[Contrast, ...]
    beyond: Estimate | None
    """Recall if the matches that not even the wide search brings together are counted as missed:
    as many of the unseen as of the linked, were one independent of the other (Sekar and Deming
    1949, as coverage surveys do). An assumption, and no more than that."""


def estimates(
    con: duckdb.DuckDBPyConnection,
    sample: str = "sample",
    settled: str = "settled",
    draws: int = DRAWS,
    known: str | None = None,
) -> Estimates:
    """Estimates from a sample (sample.COLUMNS) and what was settled of it (settled.py).

    `known` says how many pairs of each group there are (known.py): without it, the intervals of
    groups that are rare in heavy strata can be too narrow.
    """
    reviewed = reviewed_pairs(sample, settled)
    strata = drawn(con, reviewed)
    by = {
        name: dict(counted(con, reviewed, strata, name, sql, known=known))
        for name, sql in CATEGORIES.items()
    }
    whole = by["all"].get("all")
    return Estimates(
        pairs=int(strata.sampled.sum()),
        decided=whole.decided if whole else 0,
        strata=len(strata.names),
        silent=strata.silent,
        measured=tuple(
            measured(name, category, each, draws)
            for name, found in by.items()
            for category, each in found.items()
        ),
        contrasts=tuple(c for name in GROUPS for c in _contrasts(name, by[name], draws)),
        beyond=_estimate([_beyond(con, reviewed, strata, doubt, draws) for doubt in DOUBT]),
    )


CATEGORIES = {
    "all": "'all'",
    "datasets": "least(dataset_l, dataset_r) || ' and ' || greatest(dataset_l, dataset_r)",
    **{name: name for name in GROUPS},
}
"""How the category of a pair is read from the sample."""


DOUBT: tuple[Undecided, ...] = ("left out", "against", "for")


def reviewed_pairs(sample: str = "sample", settled: str = "settled") -> str:
    """The relation of sampled pairs with the decision on each."""
    return f"(SELECT s.*, t.decision FROM {sample} AS s LEFT JOIN {settled} AS t USING (pair_id))"


def measured(by: str, category: str, pairs: Tally, draws: int = DRAWS) -> Measured:
    """Precision and recall of the pairs of one group."""
    doubt = DOUBT if pairs.undecided else DOUBT[:1]
    return Measured(
        by,
        category,
        pairs.decided,
        pairs.undecided,
        _estimate([pairs.precision(undecided, draws) for undecided in doubt]),
        _estimate([pairs.recall(undecided, draws) for undecided in doubt]),
    )


def _estimate(shares: Sequence[Share | None]) -> Estimate | None:
    """Of the share with undecided pairs left out, speaking against, and speaking for."""
    main = shares[0]
    if main is None:
        return None
    low, high = main.interval
    ends = [each.interval for each in shares if each is not None]
    least, most = min(end[0] for end in ends), max(end[1] for end in ends)
    return Estimate(round(main.value, 5), low, high, least, most)


def _contrasts(by: str, found: dict[str, Tally], draws: int) -> Iterator[Contrast]:
    told = {name: pairs for name, pairs in found.items() if name not in UNTOLD and pairs.decided}
    if len(told) < 2:
        return
    reference = max(told, key=lambda name: (told[name].decided, name))
    for measure in ("precision", "recall"):
        base = getattr(told[reference], measure)(draws=draws)
        for category, pairs in told.items():
            own = getattr(pairs, measure)(draws=draws)
            if category != reference and own is not None and base is not None:
                d = difference(own, base)
                yield Contrast(
                    by, category, reference, measure, d.value, d.low, d.high, d.detectable
                )


def _beyond(
    con: duckdb.DuckDBPyConnection, reviewed: str, strata: Drawn, doubt: Undecided, draws: int
) -> Share | None:
    """Recall of the matches that a model scored, and of those that a search finds: of all."""
    shares = []
    for by, of in BEYOND.items():
        found = dict(counted(con, reviewed, strata, by, f"CASE WHEN {of} THEN 'all' END"))
        shares.append(found["all"].recall(doubt, draws) if found else None)
    seen, searched = shares
    return None if seen is None or searched is None else either(seen, searched)


BEYOND = {"seen": "frame <> 'unseen'", "searched": "frame = 'unseen' OR (together AND searched)"}
