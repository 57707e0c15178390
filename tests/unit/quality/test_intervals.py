"""An interval holds what it says, also where errors are rare and what they stand for is much."""

import numpy as np
import pytest

from datafirst.quality.intervals import Share, Strata, difference, either, heaviest, share

from .covering import Known, wald

HEAVY = Known(
    pairs=np.array([100_000.0, 30_000, 2_000, 600]),
    wrong=np.array([300.0, 180, 200, 240]),
    drawn=np.array([400.0, 250, 120, 100]),
)
"""Most links are strong, and of these three in a thousand are wrong."""
SMALL = Known(
    pairs=np.array([4_000.0, 500, 60, *[30.0] * 12]),
    wrong=np.array([8.0, 10, 20, *[6.0] * 12]),
    drawn=np.array([60.0, 20, 10, *[2.0] * 12]),
)
"""A small group: many strata from which two pairs are drawn."""

ANY = np.array(np.inf)
"""Nobody knows how many pairs of a group are left."""


def of(right: list[float], wrong: list[float], pairs: list[float], name: str = "a") -> Share:
    r, w = np.array(right, np.float64), np.array(wrong, np.float64)
    strata = Strata(np.array(pairs, np.float64), r + w)
    one = heaviest(strata, ANY)
    found = share(strata, r, w, one, one, name, 20_000)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("wrong", "drawn", "low", "high"),
    [(0, 50, 0.9289, 1), (3, 50, 0.8345, 0.9875), (1, 400, 0.9862, 1), (25, 50, 0.3553, 0.6447)],
)  # fmt: skip
def test_of_one_stratum_it_is_the_exact_one(
    wrong: int, drawn: int, low: float, high: float
) -> None:
    """Clopper and Pearson's, as tables have it."""
    found = of([drawn - wrong], [wrong], [1e9])
    assert found.interval == pytest.approx((low, high), abs=0.004)


def test_no_error_found_is_no_proof_of_none() -> None:
    """3.69 errors at most, each standing for as much as the heaviest pair does."""
    low, high = of([400, 100], [0, 0], [100_000, 1_000]).interval
    assert high == 1.0
    assert 1 - low == pytest.approx(3.69 * 250 / 101_000, rel=0.05)


def test_what_was_reviewed_whole_is_known() -> None:
    assert of([95], [5], [100]).interval == (0.95, 0.95)


@pytest.mark.parametrize("known", [HEAVY, SMALL], ids=["heavy", "small"])
def test_it_covers_the_truth_where_the_textbook_does_not(known: Known) -> None:
    """300 samples. At a coverage of .95 fewer than 272 (.907) would hold one time in a thousand."""
    strata, ours, naive = Strata(known.pairs, known.drawn), 0, 0
    one = heaviest(strata, ANY)
    for right, wrong in known.samples(300, seed=20220228):
        found = share(strata, right, wrong, one, one, "a", 500)
        assert found is not None
        low, high = found.interval
        ours += low <= known.precision <= high
        low, high = wald(strata, right, wrong)
        naive += low <= known.precision <= high
    assert ours >= 279  # .93
    assert naive < 272


def test_the_same_sample_gives_the_same_interval() -> None:
    assert of([90], [3], [5_000]).interval == of([90], [3], [5_000]).interval


def test_two_groups_that_are_alike_are_not_told_apart_and_two_that_differ_are() -> None:
    one, like, worse = (
        of([475, 95], [25, 5], [9_500, 500], "one"),
        of([475, 95], [25, 5], [9_500, 500], "like"),
        of([350, 95], [150, 5], [9_500, 500], "worse"),
    )
    same, other = difference(one, like), difference(one, worse)
    assert same.low < 0 < same.high and same.value == 0
    assert 0 < other.low < 0.2375 < other.high
    # By hand: sqrt(2 * .05 * .95 / 526) = .0134 (the effective sample size of these weights is
    # near 526), times 2.8.
    assert same.detectable == pytest.approx(0.038, rel=0.15)


def test_losses_of_two_causes_add_up() -> None:
    both = either(of([80], [20], [1e6], "a"), of([50], [50], [1e6], "b"))
    assert both.value == pytest.approx(1 / (1 / 0.8 + 1 / 0.5 - 1))
    low, high = both.interval
    assert low < both.value < high


def test_nothing_decided_says_nothing() -> None:
    none = np.zeros(1)
    assert share(Strata(np.array([9.0]), none), none, none, 0.0, 0.0, "a") is None


def test_one_more_pair_stands_for_no_more_than_are_left() -> None:
    strata = Strata(np.array([9_000.0, 500.0]), np.array([3.0, 50.0]))
    assert heaviest(strata, ANY) == pytest.approx(3_000, rel=0.001)
    assert heaviest(strata, np.array([4.0, 400.0])) == pytest.approx(10, rel=0.1)
    assert heaviest(strata, np.array([4.0, 0.0])) == 4.0
    assert heaviest(strata, np.zeros(2)) == 0.0
