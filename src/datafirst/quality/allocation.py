"""How many pairs of each stratum are reviewed? Where error is expected, and enough of every group.

A stratum's share is in proportion to N^q * sqrt(p (1 - p)), where N is its number of pairs and p
the share of matches expected in it: Neyman's allocation (1934) for q = 1. Here q is three
quarters (Bankier's power allocation, 1988), because Neyman's gives nearly everything to the
largest strata where p is a guess. Half of the pairs are first divided equally among the equity
groups, so that error can be told of each, and no stratum has fewer than two, so that its variance
can be estimated (Cochran 1977, 5.5 and 5A).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import floor, sqrt

from datafirst.errors import SpecificationError

from .cells import Cell, Standards, expected

LEAST = 2
"""Pairs of a stratum, where it has as many."""
EARNS = 10
"""Pairs that a cell must earn to be a stratum of its own: the variance of two pairs is known
badly, and many strata of two take what larger ones need."""
POWER = 0.75
"""Of 3,000 pairs, the intervals for all links were half as wide with it as with a half, and those
of small groups no wider: what a heavy pair stands for is what nobody can rule out."""


@dataclass(frozen=True)
class Stratum:
    """Cells that are sampled as one."""

    name: str
    cells: tuple[Cell, ...]
    weight: float
    group: str | None
    """None: several groups, because each is too small here."""
    sampled: int = 0

    @cached_property
    def there(self) -> int:
        return sum(cell.there for cell in self.cells)

    @property
    def pairs(self) -> int:
        """How many pairs of the frame it has."""
        return sum(cell.there * cell.each for cell in self.cells)


def allocate(cells: Sequence[Cell], asked: int, standards: Standards) -> list[Stratum]:
    """The strata, in order of their names, and how many pairs of each are reviewed: `asked` in
    all, or all that there are.

    A cell that would not earn EARNS pairs is pooled with others of its frame, band and group, and
    what is too small still, with others of its frame and band. SpecificationError where fewer
    are asked for than the strata need.
    """
    strata = [_stratum((cell,), standards) for cell in sorted(cells)]
    for kept in (_same_group, _same_band):
        strata = _pooled(strata, asked, standards, kept)
    needed = sum(min(LEAST, s.there) for s in strata)
    if needed > asked:
        raise SpecificationError(
            f"{asked:,} pairs are too few for a sample: its {len(strata):,} strata need {needed:,}"
        )
    earned = _earned(strata, asked)
    drawn = _whole(strata, earned, min(asked, sum(s.there for s in strata)))
    return sorted(
        (
            Stratum(s.name, s.cells, s.weight, s.group, n)
            for s, n in zip(strata, drawn, strict=True)
        ),
        key=lambda stratum: stratum.name,
    )


def shared(total: float, weights: Sequence[float], most: Sequence[float]) -> list[float]:
    """A total in proportion to weights, none above its most; what it cannot take, others do."""
    given = [0.0] * len(weights)
    free = [i for i, weight in enumerate(weights) if weight > 0 and most[i] > 0]
    while free and total > 1e-9:
        scale = total / sum(weights[i] for i in free)
        full = [i for i in free if weights[i] * scale >= most[i]]
        for i in full or free:
            given[i] = most[i] if full else weights[i] * scale
        total -= sum(given[i] for i in full or free)
        free = [i for i in free if i not in set(full)] if full else []
    return given


def _stratum(cells: Sequence[Cell], standards: Standards, *, of_a_group: bool = True) -> Stratum:
    first = cells[0]
    group = first.group if of_a_group or len(cells) == 1 else None
    datasets = {(cell.left, cell.right) for cell in cells}
    pairs = sum(cell.there * cell.each for cell in cells)
    # Cells of one band differ in p by their models' thresholds: the mean, weighed by pairs.
    p = sum(expected(c, standards) * c.there * c.each for c in cells) / pairs
    name = "; ".join(
        (
            first.frame,
            first.banded,
            f"{first.left} and {first.right}" if len(datasets) == 1 else "other datasets",
            group or "other groups",
        )
    )
    weight = pairs**POWER * sqrt(p * (1 - p))
    return Stratum(name, tuple(cells), weight, group)


Kept = Callable[[Cell], tuple[str, ...]]


def _same_group(cell: Cell) -> tuple[str, ...]:
    return cell.frame, f"{cell.band:03d}", cell.group


def _same_band(cell: Cell) -> tuple[str, ...]:
    return cell.frame, f"{cell.band:03d}"


def _pooled(
    strata: Sequence[Stratum], asked: int, standards: Standards, kept: Kept
) -> list[Stratum]:
    """Strata that earn too little made one with others that are alike in what is kept."""
    earned = _earned(strata, asked)
    small = [s for s, n in zip(strata, earned, strict=True) if n < EARNS]
    held = set(map(id, small))
    cells = sorted((c for s in small for c in s.cells), key=lambda c: (kept(c), c))
    pools = [
        _stratum(tuple(pool), standards, of_a_group=kept is _same_group)
        for _, pool in groupby(cells, kept)
    ]
    return [s for s in strata if id(s) not in held] + pools


def _earned(strata: Sequence[Stratum], asked: int) -> list[float]:
    """Half of the pairs by group, and the rest over all."""
    most = [float(s.there) for s in strata]
    groups = sorted({s.group for s in strata if s.group is not None})
    given = [0.0] * len(strata)
    for group in groups:
        own = [s.weight if s.group == group else 0.0 for s in strata]
        for i, n in enumerate(shared(asked / 2 / len(groups), own, most)):
            given[i] += n
    room = [m - n for m, n in zip(most, given, strict=True)]
    rest = shared(asked - sum(given), [s.weight for s in strata], room)
    return [a + b for a, b in zip(given, rest, strict=True)]


def _whole(strata: Sequence[Stratum], earned: Sequence[float], total: int) -> list[int]:
    """Whole pairs, no stratum below its least, of this total: the largest remainders go up."""
    least = [min(LEAST, s.there) for s in strata]
    above = [max(0.0, n - m) for n, m in zip(earned, least, strict=True)]
    room = [float(s.there - m) for s, m in zip(strata, least, strict=True)]
    fair = shared(total - sum(least), [x + 1e-6 for x in above], room)
    given = [floor(x + 1e-9) for x in fair]
    order = sorted(range(len(strata)), key=lambda i: (given[i] - fair[i], strata[i].name))
    able = [i for i in order if given[i] < room[i]]
    for i in able[: total - sum(least) - sum(given)]:
        given[i] += 1
    return [m + n for m, n in zip(least, given, strict=True)]
