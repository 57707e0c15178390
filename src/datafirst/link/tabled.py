"""Which number stands beside a number? Two arrays, in which kernels look a number up.

Hashing with linear probing (Knuth, The Art of Computer Programming 3, 6.4, algorithm L). Numba's
own dictionary does the same and takes half a minute to compile.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel

Numbers = NDArray[np.int64]

FREE = -1
"""What is known where nothing is: numbers that are looked up are not negative."""

MIXED = np.uint64(0x9E3779B97F4A7C15)
"""Odd, and its bits without a pattern (2**64 over the golden ratio): multiplication by it spreads
neighbouring numbers (Knuth, The Art of Computer Programming 3, 6.4)."""


@kernel
def place(known: Numbers, number: int) -> int:
    """Where a number is, or may be put: the next free place from its own."""
    at = np.int64((np.uint64(number) * MIXED) >> np.uint64(32)) & (known.size - 1)
    while known[at] != FREE and known[at] != number:
        at = (at + 1) & (known.size - 1)
    return int(at)


@kernel
def larger(known: Numbers, beside: Numbers) -> tuple[Numbers, Numbers]:
    """The same table with twice the places."""
    wider, more = np.full(2 * known.size, FREE, np.int64), np.zeros(2 * known.size, np.int64)
    for n in range(known.size):
        if known[n] != FREE:
            at = place(wider, known[n])
            wider[at], more[at] = known[n], beside[n]
    return wider, more


@kernel
def put(
    known: Numbers, beside: Numbers, met: int, number: int, value: int
) -> tuple[Numbers, Numbers, int]:
    """The table, of which so many places are taken, with this value beside a number."""
    at = place(known, number)
    met += known[at] == FREE
    known[at], beside[at] = number, value
    if 2 * met > known.size:
        known, beside = larger(known, beside)
    return known, beside, met
