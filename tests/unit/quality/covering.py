"""How often does an interval cover the truth? Samples drawn again and again from what is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from datafirst.quality.intervals import NORMAL, Floats, Strata


@dataclass(frozen=True)
class Known:
    """A population of links: of each stratum the pairs, the wrong ones, and how many are drawn."""

    pairs: Floats
    wrong: Floats
    drawn: Floats

    @property
    def precision(self) -> float:
        return float(1 - self.wrong.sum() / self.pairs.sum())

    def samples(self, times: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
        """What reviewers would find right and wrong, stratum by stratum."""
        rng = np.random.default_rng(seed)
        for _ in range(times):
            wrong = rng.hypergeometric(
                self.wrong.astype(int),
                (self.pairs - self.wrong).astype(int),
                self.drawn.astype(int),
            ).astype(float)
            yield self.drawn - wrong, wrong


def wald(strata: Strata, right: Floats, wrong: Floats) -> tuple[float, float]:
    """The textbook's interval of a share (its linearised variance: Särndal, Swensson and Wretman
    1992, 5.6)."""
    each, n = strata.each, strata.decided
    whole = float(each @ (right + wrong))
    value = float(each @ right) / whole
    first, second = (1 - value) / whole, -value / whole
    mean = (right * first + wrong * second) / n
    squares = right * first**2 + wrong * second**2 - n * mean**2
    left = 1 - n / strata.pairs
    variance = strata.pairs**2 * left * squares / np.maximum(n - 1, 1) / n
    half = NORMAL * sqrt(max(float(variance.sum()), 0.0))
    return value - half, value + half
