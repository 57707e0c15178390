"""How alike are the pairs that may be reviewed, and how many matches are expected among them?"""

from collections.abc import Mapping
from dataclasses import dataclass

DISCOUNT = 2.0
"""What a match weight says is divided by this: models take agreements that come together for
independent ones, and are surer than they should be."""

TOGETHER, APART, UNSEEN = "together", "apart", "unseen"
NO_WEIGHT = -2
"""The band of two records that are one person through others only."""
BITS, LOWEST, HIGHEST = 2, -1, 10
"""Bands of match weight: below 0, 0 to 2, ... 18 to 20, 20 and over."""
ROUGH_BITS, ROUGH_LOWEST, ROUGH_HIGHEST = 4, -7, 0
"""Bands of the rough weight of pairs that no model weighed (search.py): below -24,
-24 to -20, ... 0 and over."""
ROUGH_STANDARD = 0.0

SURE = 0.02
"""No cell is taken to hold a smaller share of matches, nor of other pairs: in one of millions, the
few that nobody expects are many."""
THROUGH_OTHERS = 0.8
"""Matches expected among pairs that are together through others only. This and the other
expectations are guesses: they steer the sample, and no estimate depends on them."""


@dataclass(frozen=True, order=True)
class Cell:
    """The pairs of one frame, band, pair of datasets and equity group."""

    frame: str
    band: int
    left: str
    right: str
    group: str
    number: int
    there: int
    """How many can be drawn."""
    each: int = 1
    """How many pairs of the frame each stands for."""

    @property
    def scale(self) -> tuple[int, int, int]:
        """How wide its bands are, the lowest and the highest."""
        if self.frame == UNSEEN:
            return ROUGH_BITS, ROUGH_LOWEST, ROUGH_HIGHEST
        return BITS, LOWEST, HIGHEST

    @property
    def banded(self) -> str:
        bits, lowest, highest = self.scale
        if self.frame != UNSEEN and self.band == NO_WEIGHT:
            return "no weight"
        if self.band == lowest:
            return f"below {(lowest + 1) * bits}"
        if self.band == highest:
            return f"{highest * bits} and over"
        return f"{self.band * bits} to {(self.band + 1) * bits}"


Standards = Mapping[tuple[str, str], float]
"""The match weight at which two records are one person, by pair of datasets, in order."""


def expected(cell: Cell, standards: Standards) -> float:
    """The share of matches that is expected in a cell: even odds at the standard threshold."""
    if cell.frame != UNSEEN and cell.band == NO_WEIGHT:
        return THROUGH_OTHERS
    rough = cell.frame == UNSEEN
    standard = ROUGH_STANDARD if rough else standards.get((cell.left, cell.right), 0.0)
    bits = (cell.band + 0.5) * cell.scale[0] - standard
    share = 1.0 / (1.0 + float(2.0 ** (-bits / DISCOUNT)))
    return min(max(share, SURE), 1 - SURE)
