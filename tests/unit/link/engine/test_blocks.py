"""Does each record stand beside those that share its key, and beside nobody else?"""

from collections.abc import Hashable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from datafirst.link.engine.blocks import FEW, MIXED, NO_KEY, Blocks, blocks, keys, placed

NONE = int(NO_KEY)

BACK = pow(int(MIXED), -1, 2**64)
"""What undoes the mixing of keys: n * BACK comes to n, whose first bits are nought."""

KEYS = st.one_of(
    st.integers(0, 9),
    st.integers(0, 2**64 - 1),
    st.integers(0, 40).map(lambda n: n * BACK % 2**64),
    st.just(NONE),
)

MOST = 2**30 - 1
"""The greatest code: beyond two columns, a number holds nothing of the first."""

CODES = st.sampled_from([-1, 0, 1, 2, 2**20, MOST])


def groups(named: Sequence[Hashable]) -> list[list[int]]:
    """The places of each name that is there twice, in order."""
    found: dict[Hashable, list[int]] = {}
    for place, name in enumerate(named):
        if name is not None:
            found.setdefault(name, []).append(place)
    return sorted(each for each in found.values() if len(each) > 1)


def told(order: NDArray[np.int32], until: NDArray[np.int32]) -> list[list[int]]:
    """The blocks as they stand; every place must end where its block does."""
    found, begin = [], 0
    while begin < len(order):
        end = int(until[begin])
        assert set(until[begin:end].tolist()) == {end}
        found.append(order[begin:end].tolist())
        begin = end
    return sorted(found)


def of_keys(each: Sequence[int]) -> list[list[int]]:
    return told(*placed(np.array(each, np.uint64)))


@settings(max_examples=200, deadline=None)
@given(each=st.lists(KEYS, max_size=120))
def test_records_of_one_key_are_a_block_in_their_order(each: list[int]) -> None:
    assert of_keys(each) == groups([None if key == NONE else key for key in each])


@pytest.mark.parametrize("many", [2, FEW // 2, FEW, 10 * FEW])
def test_keys_that_mixed_bits_do_not_tell_apart(many: int) -> None:
    """All fall into one bucket: few are sorted by insertion, many by another way; who is alone
    there is left out."""
    chosen = np.random.default_rng(7).integers(0, many // 2 + 1, many).tolist()
    each = [n * BACK % 2**64 for n in [*chosen, 1_000_001, *chosen[::-1]]]
    assert len(groups(each)) > (many > 2)
    assert of_keys(each) == groups(each)


def test_nobody_shares_what_is_not_there() -> None:
    assert of_keys([NONE, 5, NONE, NONE, 5]) == [[1, 4]]
    assert of_keys([]) == of_keys([7]) == of_keys([NONE]) == []


@settings(max_examples=200, deadline=None)
@given(data=st.data(), columns=st.integers(1, 6))
def test_a_key_of_several_columns_is_equal_where_all_values_are(
    data: st.DataObject, columns: int
) -> None:
    """Codes so large that three columns have more values than a number can tell apart."""
    some = data.draw(st.lists(st.tuples(*[CODES] * columns), min_size=1, max_size=6))
    each = data.draw(st.lists(st.sampled_from(some), max_size=40))
    asked = data.draw(st.permutations(range(columns)))
    rows = np.array(each, np.int32).reshape(-1, columns)
    found = blocks(rows, np.array(asked, np.int32))
    assert told(found.order, found.until) == groups([None if -1 in row else row for row in each])


@pytest.mark.parametrize("missing", [False, True])
def test_keys_too_many_for_a_number_are_told_apart(missing: bool) -> None:
    """The last column differs by what would be lost beyond 64 bits, or the first one does."""
    each = [[0, 0, 0, MOST], [0, 0, 1, MOST], [4, 0, 0, MOST], [0, 0, 0, MOST], [MOST] * 4]
    rows = np.array([*each, [0, 0, -1 if missing else 1, MOST]], np.int32)
    found = keys(rows, np.arange(4, dtype=np.int32)).tolist()
    assert found[0] == found[3]
    assert len({*found[:3], found[4]}) == 4
    assert (found[5] == NONE) == missing
    assert NONE not in found[:5]


def test_how_many_pairs_each_place_makes() -> None:
    made = Blocks(*placed(np.array([1, 1, 1, 2, 3, 2], np.uint64)))
    assert sorted(made.pairs().tolist()) == [0, 0, 1, 1, 2]
