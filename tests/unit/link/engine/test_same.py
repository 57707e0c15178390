"""Are records compared once that are the same, and no others?"""

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from datafirst.link.engine.blocks import NO_KEY
from datafirst.link.engine.pairs import Found
from datafirst.link.engine.same import WORTH, Distinct, _firsts, _mixed, distinct, fronted, spread

ROW = st.tuples(st.sampled_from([-1, 0, 1, 2]), st.sampled_from([-1, 0, 2**30]))
RECORD = st.tuples(st.integers(0, 2), ROW)
"""A dataset and a row of codes."""


def arrays(
    records: list[tuple[int, tuple[int, ...]]],
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    records = sorted(records, key=lambda record: record[0])
    rows = np.array([row for _, row in records], np.int32)
    return rows, np.array([dataset for dataset, _ in records], np.int8)


def members(made: Distinct) -> list[list[int]]:
    ends = zip(made.begin[:-1], made.begin[1:], strict=True)
    return [made.member[a:b].tolist() for a, b in ends]


@settings(max_examples=100, deadline=None)
@given(records=st.lists(RECORD, min_size=1, max_size=60))
def test_records_of_one_dataset_and_one_row_are_the_same(
    records: list[tuple[int, tuple[int, ...]]],
) -> None:
    rows, dataset = arrays(records)
    known: dict[object, list[int]] = {}
    for n, (row, own) in enumerate(zip(rows.tolist(), dataset.tolist(), strict=True)):
        known.setdefault((own, *row), []).append(n)
    made = distinct(rows, dataset)
    if len(known) > WORTH * len(rows):
        assert made is None
    else:
        assert made is not None
        assert members(made) == list(known.values())
        assert made.first.tolist() == [each[0] for each in known.values()]


def test_what_is_the_same_by_its_number_only_is_not_the_same() -> None:
    """As if one number had come out for all: rows and datasets are what decides."""
    rows = np.array([[3, 1], [3, 2], [3, 1], [4, 1], [3, 1], [9, 9]], np.int32)
    dataset = np.array([0, 0, 0, 0, 1, 1], np.int8)
    order, until = np.arange(5, dtype=np.int32), np.full(5, 5, np.int32)
    assert _firsts(rows, dataset, order, until).tolist() == [0, 1, 0, 3, 4, 5]


@settings(max_examples=50, deadline=None)
@given(records=st.lists(RECORD, min_size=2, max_size=40))
def test_equal_rows_have_one_number_that_never_stands_for_no_key(
    records: list[tuple[int, tuple[int, ...]]],
) -> None:
    rows, dataset = arrays(records)
    number = _mixed(rows, dataset).tolist()
    each = list(zip(dataset.tolist(), map(tuple, rows.tolist()), strict=True))
    assert len(set(number)) == len(set(each)) == len(set(zip(number, each, strict=True)))
    assert max(number) < int(NO_KEY) // 2, "for certain, not by chance"


def test_different_rows_are_moved_to_the_front() -> None:
    rows = np.array([[1, 1], [1, 1], [2, 2], [1, 1], [3, 3]], np.int32)
    front = fronted(rows, np.array([0, 2, 4], np.int32))
    assert front.tolist() == [[1, 1], [2, 2], [3, 3]]
    assert np.shares_memory(front, rows), "no second copy of all rows"


@settings(max_examples=50, deadline=None)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5), data=st.data())
def test_a_pair_of_rows_is_all_pairs_of_their_records(
    sizes: list[int], data: st.DataObject
) -> None:
    owner = data.draw(st.permutations([n for n, size in enumerate(sizes) for _ in range(size)]))
    each = [[r for r, of in enumerate(owner) if of == n] for n in range(len(sizes))]
    asked = [(a, b) for a in range(len(sizes)) for b in range(a, len(sizes))]
    asked = [pair for pair in asked if data.draw(st.booleans())]
    left, right = (np.array([p[s] for p in asked], np.int32) for s in (0, 1))
    found = Found(left, right, np.arange(len(asked), dtype=np.float64))
    made = spread(
        found,
        np.array([record for records in each for record in records], np.int32),
        np.cumsum([0, *sizes]).astype(np.int32),
    )
    expected = {
        (min(pair), max(pair)): float(n)
        for n, (a, b) in enumerate(asked)
        for pair in (combinations(each[a], 2) if a == b else product(each[a], each[b]))
    }
    pairs = list(zip(made.left.tolist(), made.right.tolist(), strict=True))
    assert len(pairs) == len(expected)
    assert dict(zip(pairs, made.weight.tolist(), strict=True)) == expected
