"""Which records share a blocking key? Places of records, those that share one side by side.

A key of several columns is one whole number: their codes as digits, so that two keys are equal
where all their values are. Records whose key nobody shares are left out before anything is sorted.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datafirst.link.compiled import kernel
from datafirst.link.tabled import MIXED

from .rows import Rows

Keys = NDArray[np.uint64]

NO_KEY = np.uint64(0xFFFFFFFFFFFFFFFF)
"""Of a record that has no value in one of the columns: it shares its key with nobody."""

FEW = 32
"""Records up to which insertion sorts fastest."""


class Blocks(NamedTuple):
    """Records that share their key with another, block after block, in each in their order."""

    order: NDArray[np.int32]
    until: NDArray[np.int32]
    """By place in that order, where its block ends."""

    def pairs(self) -> NDArray[np.int64]:
        """How many pairs each place makes with those after it in its block."""
        found: NDArray[np.int64] = self.until - np.arange(1, len(self.until) + 1, dtype=np.int64)
        return found


def blocks(rows: Rows, columns: NDArray[np.int32]) -> Blocks:
    """The blocks of the records that have the same values in all of these columns."""
    return Blocks(*placed(keys(rows, columns)))


def keys(rows: Rows, columns: NDArray[np.int32]) -> Keys:
    """A number for each record that is the same where all columns are."""
    many = _many(rows, columns)
    key, most, at = np.zeros(len(rows), np.uint64), 1, 0
    for n in range(len(columns)):
        if most * int(many[n]) >= 2**63:  # more values than a number can tell apart
            _added(key, rows, columns[at:n], many[at:n])
            found, place = np.unique(key, return_inverse=True)
            key, most, at = place.astype(np.uint64), len(found), n
            if found[-1] == NO_KEY:
                key[key == np.uint64(most - 1)] = NO_KEY
        most *= int(many[n])
    _added(key, rows, columns[at:], many[at:])
    return key


@kernel
def _many(rows: Rows, columns: NDArray[np.int32]) -> NDArray[np.uint64]:
    """How many codes each of the columns may have."""
    most = np.zeros(columns.size, np.int32)
    for n in range(rows.shape[0]):
        for at in range(columns.size):
            most[at] = max(most[at], rows[n, columns[at]] + 1)
    return most.astype(np.uint64)


@kernel
def _added(key: Keys, rows: Rows, columns: NDArray[np.int32], many: NDArray[np.uint64]) -> None:
    """The codes of these columns as further digits of each key."""
    for n in range(key.size):
        for at in range(columns.size):
            code = rows[n, columns[at]]
            if code < 0 or key[n] == NO_KEY:
                key[n] = NO_KEY
            else:
                key[n] = key[n] * many[at] + np.uint64(code)


@kernel
def placed(key: Keys) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The records that share a key, equal keys side by side, and where each key's end.

    Counting sort by as many bits of the mixed key as there are records, then by the whole key
    within the few that those bits do not tell apart.
    """
    bits = 1
    while (1 << bits) < key.size:
        bits += 1
    shift = np.uint64(64 - bits)
    count = np.zeros((1 << bits) + 1, np.int32)
    for n in range(key.size):
        if key[n] != NO_KEY:
            count[np.int64((key[n] * MIXED) >> shift) + 1] += 1
    many = 0
    for b in range(1, count.size):  # a count becomes where its records begin
        here = int(count[b])
        count[b] = -1
        if here > 1:
            count[b] = many
            many += here
    order = np.empty(many, np.int32)
    for n in range(key.size):
        if key[n] != NO_KEY:
            at = np.int64((key[n] * MIXED) >> shift) + 1
            if count[at] >= 0:
                order[count[at]] = n
                count[at] += 1
    return _told_apart(key, order, shift)


@kernel
def _told_apart(
    key: Keys, order: NDArray[np.int32], shift: np.uint64
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sorts what mixed bits do not tell apart by the whole key, and leaves out who is alone."""
    until = np.empty(order.size, np.int32)
    begin, kept = 0, 0
    while begin < order.size:
        mixed = (key[order[begin]] * MIXED) >> shift
        end = begin + 1
        same = True
        while end < order.size and (key[order[end]] * MIXED) >> shift == mixed:
            same = same and key[order[end]] == key[order[begin]]
            end += 1
        if not same:
            _sorted(key, order[begin:end])
        while begin < end:
            own = key[order[begin]]
            last = begin + 1
            while last < end and key[order[last]] == own:
                last += 1
            if last - begin > 1:
                for n in range(last - begin):
                    order[kept + n] = order[begin + n]
                    until[kept + n] = kept + last - begin
                kept += last - begin
            begin = last
    return order[:kept].copy(), until[:kept].copy()


@kernel
def _sorted(key: Keys, order: NDArray[np.int32]) -> None:
    """By key, records of one key in their order."""
    if order.size > FEW:
        own = np.empty(order.size, np.uint64)
        for n in range(order.size):
            own[n] = key[order[n]]
        order[:] = order[np.argsort(own, kind="mergesort")]
        return
    for n in range(1, order.size):
        record, at = order[n], n
        while at > 0 and key[order[at - 1]] > key[record]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = record
