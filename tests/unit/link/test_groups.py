"""Do groups vote with what is compared, and is a vote that cannot have changed not taken again?"""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datafirst.link.compared import Compared, everything
from datafirst.link.groups import FEW, groups

RECORDS = 14
DATASETS = 3
SETTLED = settings(max_examples=200, deadline=None)

pairs = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(
    lambda p: p[0] != p[1]
)
Edge = tuple[int, int, int, float]
Found = tuple[Any, Any, Any, Any]
edges = st.lists(
    st.builds(
        lambda p, s, w: (*p, s, w), pairs, st.integers(1, 3), st.sampled_from([1.0, 4.0, 8.0, 30.0])
    ),
    max_size=70,
)
datasets = st.lists(st.integers(0, DATASETS - 1), min_size=RECORDS, max_size=RECORDS)
matrices = st.lists(st.booleans(), min_size=DATASETS**2, max_size=DATASETS**2)
fews, shares = st.integers(0, 4), st.sampled_from([0.0, 0.3, 0.5, 1.0])


def arrays(found: list[Edge]) -> Found:
    left, right, strength, weight = zip(*found, strict=True) if found else ((), (), (), ())
    return (np.array(left, np.int32), np.array(right, np.int32), np.array(strength, np.int8),
            np.array(weight, np.float64))  # fmt: skip


def naively(
    arrays: Found, few: int, share: float, certain: float, within: Compared
) -> list[list[int]]:
    """Every edge between two groups asks anew, and pairs are counted one by one."""
    left, right, strength, weight = arrays
    records = within.dataset.size
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right), -weight, -strength))
    near = np.zeros((records, records), np.int64)
    may = within.pairs[within.dataset[:, None], within.dataset[None, :]]
    group, levels = np.arange(records), []
    for least in (3, 2, 1):
        near[:] = 0
        counts = strength >= least
        np.add.at(near, (left[counts], right[counts]), 1)
        for at in order[: counts.sum()]:
            one, other = group == group[left[at]], group == group[right[at]]
            if one[right[at]]:
                continue
            agree = near[np.ix_(one, other)].sum() + near[np.ix_(other, one)].sum()
            enough = agree >= share * may[np.ix_(one, other)].sum()
            if min(one.sum(), other.sum()) <= few or weight[at] >= certain or enough:
                group[one | other] = min(group[one | other])
        levels.append(group.tolist())
    return levels


@SETTLED
@given(edges, fews, shares)
def test_a_refusal_holds_until_a_group_grows(found: list[Edge], few: int, share: float) -> None:
    made = groups(RECORDS, *arrays(found), few=few, share=share, certain=24.0)
    assert made.tolist() == naively(arrays(found), few, share, 24.0, everything(RECORDS))


def test_more_refusals_are_remembered_than_there_is_room_for_at_first() -> None:
    """Threes in a row, each tied to the next by two pairs of nine."""
    threes = 4 * FEW
    first = np.arange(threes, dtype=np.int32) * 3
    inside = [(0, 1, 9.0), (1, 2, 9.0), (0, 2, 9.0)]
    across = [(0, 3, 2.0), (1, 4, 1.0)]
    each = [(first + a, first + b, w) for a, b, w in inside]
    each += [(first[:-1] + a, first[:-1] + b, w) for a, b, w in across]
    left, right, weight = (
        np.concatenate([np.broadcast_to(edge[n], edge[0].shape) for edge in each]) for n in range(3)
    )
    strength = np.full(left.size, 3, np.int8)
    made = groups(3 * threes, left, right, strength, weight, few=2, share=0.5, certain=24.0)
    assert np.array_equal(made[2], np.repeat(first, 3))


@pytest.mark.parametrize("seed", range(12))
def test_so_it_does_among_many_records_with_many_refusals(seed: int) -> None:
    """Blocks that agree inside, and here and there outside: some are joined late."""
    random = np.random.default_rng(seed)
    records = 120
    left, right = (each.astype(np.int32) for each in np.triu_indices(records, 1))
    own = left // 12 == right // 12
    kept = random.random(left.size) < np.where(own, 0.7, random.choice([0.05, 0.2, 0.45]))
    left, right = left[kept], right[kept]
    weight = np.where(own[kept], 12.0, 9.0) + random.normal(0, 4, left.size).round(1)
    strength = random.integers(1, 4, left.size).astype(np.int8)
    found = left, right, strength, weight
    share = float(random.choice([0.2, 0.4, 0.5]))
    made = groups(records, *found, few=3, share=share, certain=24.0)
    assert made.tolist() == naively(found, 3, share, 24.0, everything(records))


@SETTLED
@given(edges, fews, shares, datasets, matrices)
@example([(0, 1, 3, 8.0), (2, 3, 3, 8.0), (0, 2, 3, 4.0)], 1, 1.0,
         [0, 1, 0, 1, *[2] * 10], [True] + [False] * 8)  # fmt: skip
def test_what_is_not_compared_does_not_vote(
    found: list[Edge], few: int, share: float, of: list[int], among: list[bool]
) -> None:
    matrix = np.array(among).reshape(DATASETS, DATASETS)
    within = Compared(np.array(of, np.int8), matrix | matrix.T)
    kept = [edge for edge in found if within.pairs[of[edge[0]], of[edge[1]]]]
    made = groups(RECORDS, *arrays(kept), few=few, share=share, certain=24.0, within=within)
    assert made.tolist() == naively(arrays(kept), few, share, 24.0, within)


def test_a_refused_group_that_grew_is_asked_again() -> None:
    """Seven of sixteen pairs are too few; a ninth record brings four more, and eleven of twenty
    are enough."""
    fours: list[Edge] = [
        (a, b, 3, 12.0) for side in (range(4), range(4, 8)) for a in side for b in side if a < b
    ]
    across: list[Edge] = [(a, b, 3, 9.0) for a in range(4) for b in range(4, 8)][:7]
    ninth: list[Edge] = [(0, 8, 3, 8.0), *((b, 8, 3, 7.0) for b in range(4, 8))]
    for found, people in (([*fours, *across], 3), ([*fours, *across, *ninth], 1)):
        made = groups(9, *arrays(found), few=3, share=0.5, certain=24.0)
        assert len(set(made[0].tolist())) == people
