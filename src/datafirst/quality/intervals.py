"""How far from an estimate can the truth be? Intervals of shares from a stratified sample.

A reviewed pair stands for d others: the pairs of its stratum over those drawn. A share is what the
pairs for it stand for, over what all stand for (Horvitz and Thompson 1952). Each pair's d is made
uncertain by a draw of Gamma(1), so that x pairs of a stratum weigh d * Gamma(x); and towards the
end that is looked for stands one more pair, the heaviest that could have been drawn and was not.
Quantiles of the share over many draws are its interval. In one stratum this is exactly Clopper
and Pearson's interval (1934); for rare errors it is Fay and Feuer's (1997) for weighted sums of
counts. Both hold their level where errors are too few for a variance: no error found in heavy
strata still gives a bound, 3.7 times what the heaviest pair stands for.

Two shares are compared by their draws, each at its end that is worse for what is claimed
(melding: Fay, Proschan and Brittain 2015).

docs/adr/0012-intervals.md says what else was tried, and how often each covered the truth.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
DRAWS = 2000
"""Of each end: the ends then vary by a twentieth of a standard error with the seed."""
DECIMALS = 5
NORMAL, POWER = 1.959964, 0.841621
"""Standard normal quantiles of .975, and of .8, the power of the detectable difference."""


@dataclass(frozen=True)
class Strata:
    """How many pairs each stratum has, and how many of them were decided."""

    pairs: Floats
    decided: Floats

    @property
    def each(self) -> Floats:
        """What one decided pair stands for; nothing where no pair was decided."""
        none = np.zeros_like(self.pairs)
        return np.divide(self.pairs, self.decided, out=none, where=self.decided > 0)

    @property
    def uncertain(self) -> Floats:
        """The part of it that is not known: a stratum that was reviewed whole leaves nothing
        (the finite population's correction, on the scale of the standard error)."""
        each = self.each
        return np.sqrt(each * np.maximum(each - 1, 0.0))


@dataclass(frozen=True)
class Share:
    """A share, and draws of how low and how high it can be."""

    value: float
    lower: Floats
    upper: Floats

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval, around the value whatever the draws say."""
        low = min(self.value, float(np.quantile(self.lower, TAILS[0])))
        high = max(self.value, float(np.quantile(self.upper, TAILS[1])))
        return round(low, DECIMALS), round(high, DECIMALS)


def share(
    strata: Strata,
    speak_for: Floats,
    against: Floats,
    one_for: float,
    one_against: float,
    name: str,
    draws: int = DRAWS,
) -> Share | None:
    """The share of pairs that speak for something among those that speak for it or against it.

    `speak_for` and `against` count decided pairs by stratum; `one_...` is what one more such pair
    could stand for (heaviest()). Shares of different names are drawn independently. None where no
    pair speaks either way.
    """
    each = strata.each
    good, bad = float(each @ speak_for), float(each @ against)
    if good + bad <= 0:
        return None
    rng = np.random.default_rng(crc32(name.encode()))
    uncertain = strata.uncertain
    goods = _weighed(each, uncertain, speak_for, rng, draws)
    bads = _weighed(each, uncertain, against, rng, draws)
    one_more = rng.standard_gamma(1.0, (2, draws))
    worse, better = bads + one_against * one_more[0], goods + one_for * one_more[1]
    return Share(good / (good + bad), _part(goods, worse), _part(better, bads))


@dataclass(frozen=True)
class Difference:
    """How much higher one share is than another."""

    value: float
    low: float
    high: float
    detectable: float
    """The smallest true difference that a sample like this one would show, with power .8, in a
    two-sided test at .05 (Bloom 1995: the standard error times the sum of both quantiles)."""


def difference(one: Share, other: Share) -> Difference:
    """One share less the other, with the 95% interval."""
    low = float(np.quantile(one.lower - other.upper, TAILS[0]))
    high = float(np.quantile(one.upper - other.lower, TAILS[1]))
    value = one.value - other.value
    low, high = min(low, value), max(high, value)
    detectable = (high - low) / (2 * NORMAL) * (NORMAL + POWER)
    return Difference(*(round(x, DECIMALS) for x in (value, low, high, min(detectable, 1.0))))


def either(one: Share, other: Share) -> Share:
    """The share that escapes neither of two causes of loss: their odds of loss add up."""

    def whole(a: Floats, b: Floats) -> Floats:
        kept = 1 / np.maximum(a, 1e-9) + 1 / np.maximum(b, 1e-9) - 1
        share: Floats = 1 / kept
        return share

    value = whole(np.array([one.value]), np.array([other.value]))
    return Share(float(value[0]), whole(one.lower, other.lower), whole(one.upper, other.upper))


def _weighed(
    each: Floats, uncertain: Floats, counts: Floats, rng: np.random.Generator, draws: int
) -> Floats:
    """Draws of what some pairs stand for: its mean is right, and its variance is that of counts."""
    there = counts > 0
    known = float((each - uncertain)[there] @ counts[there])
    drawn = rng.standard_gamma(counts[there], (draws, int(there.sum())))
    weighed: Floats = known + drawn @ uncertain[there]
    return weighed


def heaviest(strata: Strata, left: Floats) -> float:
    """What one more pair could stand for, where so many (or more) are left undrawn."""
    return float(np.minimum(strata.uncertain, left).max(initial=0.0))


def _part(part: Floats, rest: Floats) -> Floats:
    whole = part + rest
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
