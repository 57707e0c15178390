"""Which records are the same in everything that is asked of them? They are compared once.

A pair of records weighs what any other pair of the same two rows weighs: the frequencies of values
and the parameters of a model are fixed, so nothing changes but the number of pairs that are made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datafirst.link.compiled import kernel
from datafirst.link.tabled import MIXED

from .blocks import Keys, placed
from .pairs import Found
from .rows import Rows

Records = NDArray[np.int32]

WORTH = 0.98
"""Where more of the rows than this differ, nothing is gained by comparing each but once."""


@dataclass(frozen=True)
class Distinct:
    """Different rows, in the order of the first record of each."""

    first: Records
    """By row, its first record."""
    member: Records
    """Records, those of one row side by side, each in its order."""
    begin: Records
    """By row, where its records begin in `member`; and one more."""


def distinct(rows: Rows, dataset: NDArray[np.int8]) -> Distinct | None:
    """The different rows, or None where nearly all are different."""
    order, until = placed(_mixed(rows, dataset))
    first = _firsts(rows, dataset, order, until)
    if np.count_nonzero(first == np.arange(first.size)) > WORTH * first.size:
        return None
    member, begin, names = _members(first)
    return Distinct(names, member, begin)


@kernel
def _mixed(rows: Rows, dataset: NDArray[np.int8]) -> Keys:
    """A number for each record that is the same where its row is, and hardly ever otherwise."""
    mixed = np.empty(rows.shape[0], np.uint64)
    for n in range(rows.shape[0]):
        key = np.uint64(dataset[n] + 1) * MIXED
        for column in range(rows.shape[1]):
            key = (key ^ np.uint64(np.int64(rows[n, column]) + 2)) * MIXED
            key ^= key >> np.uint64(29)
        mixed[n] = key >> np.uint64(1)  # never what stands for no key
    return mixed


@kernel
def _firsts(rows: Rows, dataset: NDArray[np.int8], order: Records, until: Records) -> Records:
    """By record, the first one that is the same. What only its mixed number has in common with the
    first of its block is taken for different: that is slower and no less right."""
    first = np.arange(rows.shape[0]).astype(np.int32)
    begin = 0
    while begin < order.size:
        one = order[begin]
        for place in range(begin + 1, until[begin]):
            other = order[place]
            same = dataset[one] == dataset[other]
            for column in range(rows.shape[1]):
                same = same and rows[one, column] == rows[other, column]
            if same:
                first[other] = one
        begin = until[begin]
    return first


@kernel
def _members(first: Records) -> tuple[Records, Records, Records]:
    """The records of each different row, where they begin, and the first of them."""
    name = np.full(first.size, -1, np.int32)
    many = 0
    for n in range(first.size):
        if first[n] == n:
            name[n] = many
            many += 1
    begin = np.zeros(many + 1, np.int32)
    for n in range(first.size):
        begin[name[first[n]] + 1] += 1
    begin = np.cumsum(begin).astype(np.int32)
    at, member, names = begin[:-1].copy(), np.empty(first.size, np.int32), np.empty(many, np.int32)
    for n in range(first.size):
        own = name[first[n]]
        if first[n] == n:
            names[own] = n
        member[at[own]] = n
        at[own] += 1
    return member, begin, names


@kernel
def fronted(rows: Rows, first: Records) -> Rows:
    """These rows, moved to the front of all: the others are gone."""
    for n in range(first.size):
        rows[n] = rows[first[n]]
    return rows[: first.size]


@kernel
def spread(found: Found, member: Records, begin: Records) -> Found:
    """The pairs of all records of two rows, for pairs of rows; of a row with itself, each once.
    The left record is the first of the two, as it is where nothing is collapsed."""
    many = 0
    for n in range(found.left.size):
        one = begin[found.left[n] + 1] - begin[found.left[n]]
        other = begin[found.right[n] + 1] - begin[found.right[n]]
        many += one * (one - 1) // 2 if found.left[n] == found.right[n] else one * other
    left, right, weight = np.empty(many, np.int32), np.empty(many, np.int32), np.empty(many)
    at = 0
    for n in range(found.left.size):
        a, b = found.left[n], found.right[n]
        for x in range(begin[a], begin[a + 1]):
            for y in range(x + 1 if a == b else begin[b], begin[b + 1]):
                one, other = member[x], member[y]
                left[at], right[at] = min(one, other), max(one, other)
                weight[at] = found.weight[n]
                at += 1
    return Found(left, right, weight)
