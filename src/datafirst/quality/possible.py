"""How many pairs of a group may stand on either side of a match weight, drawn or not?

What is known of a group's pairs is how many each stratum has, and not their weights (known.py).
But all pairs of a stratum are of one band of weights, or have no edge: so the band says on which
side of a threshold they can be, and their number is a bound on both sides where it is on neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from datafirst.link.standardise import literal
from datafirst.spec import LinkModel

from .cells import BITS, HIGHEST, LOWEST
from .estimate import CATEGORIES
from .intervals import Floats
from .tally import Drawn, Tally

NONE = -np.inf
"""The weight of what has no edge: below every threshold."""


@dataclass(frozen=True)
class Possible:
    """The pairs of a model's datasets, stratum by stratum."""

    together: Floats
    apart: Floats
    groups: Mapping[tuple[str, str], Floats]
    """Those of each group, by what it is a group of; of other datasets too."""
    lowest: Floats
    highest: Floats
    """The band of match weights of the stratum's pairs: from, and below."""

    def by_weight(self, pairs: Tally, weight: float, group: tuple[str, str] | None = None) -> Tally:
        """The same pairs, linked where they have the weight, with how many there can be."""
        there = self.together + self.apart
        if group is not None:
            there = np.minimum(there, self.groups.get(group, np.zeros_like(there)))
        drawn = {
            linked: np.add.reduce([n for (x, _), n in pairs.counts.items() if x is linked])
            for linked in (True, False)
        }
        may = {True: self.highest > weight, False: self.lowest < weight}
        # What was drawn of the other side cannot be on this one.
        known = {
            linked: np.where(may[linked], np.maximum(there - drawn[not linked], 0.0), 0.0)
            for linked in may
        }
        return replace(pairs, known=known)

    def as_linked(self, pairs: Tally) -> Tally:
        """The same pairs, linked where they are one person, with how many there are."""
        return replace(pairs, known={True: self.together, False: self.apart})


def own(model: LinkModel) -> str:
    """Whether a pair is of the datasets that the model compares."""
    return f"{CATEGORIES['datasets']} IN ({_pairs(model)})"


def possible(
    con: duckdb.DuckDBPyConnection, model: LinkModel, strata: Drawn, sample: str, known: str
) -> Possible:
    """Read from a sample and from what known.known() counted when it was drawn."""
    place = {name: i for i, name in enumerate(strata.names)}
    query = (
        f"SELECT stratum, together, sum(pairs) FROM {known} WHERE kind = 'datasets' "
        f"AND category IN ({_pairs(model)}) GROUP BY ALL"
    )
    sides = {together: np.zeros(len(place)) for together in (True, False)}
    for stratum, together, n in con.execute(query).fetchall():
        sides[together][place[stratum]] += n
    groups: dict[tuple[str, str], Floats] = {}
    query = f"SELECT kind, category, stratum, sum(pairs) FROM {known} GROUP BY ALL"
    for kind, category, stratum, n in con.execute(query).fetchall():
        groups.setdefault((kind, category), np.zeros(len(place)))[place[stratum]] += n
    return Possible(sides[True], sides[False], groups, *_bands(con, strata, sample))


def _pairs(model: LinkModel) -> str:
    return ", ".join(literal(" and ".join(sorted(pair))) for pair in model.pairs)


def _bands(con: duckdb.DuckDBPyConnection, strata: Drawn, sample: str) -> tuple[Floats, Floats]:
    """From the pairs drawn: those of a stratum are of one band, and some of each were drawn."""
    query = f"SELECT stratum, min(match_weight), max(match_weight) FROM {sample} GROUP BY ALL"
    found = {stratum: (low, high) for stratum, low, high in con.execute(query).fetchall()}
    lowest, highest = np.full((2, len(strata.names)), NONE)
    for i, name in enumerate(strata.names):
        low, high = found[name]
        if low is not None:
            first, last = low // BITS, high // BITS
            lowest[i] = NONE if first <= LOWEST else min(first, HIGHEST) * BITS
            highest[i] = np.inf if last >= HIGHEST else (max(last, LOWEST) + 1) * BITS
    return lowest, highest
