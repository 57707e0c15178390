"""How do pairs of records agree? Each pair's levels are one number; how often each is met is kept.

A pattern of agreement is written as a whole number, its levels being the digits, so that counting
pairs of it is one place looked up in a table that stays in the processor's nearest memory.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from ..tabled import FREE, larger, place
from .block import PAIRS, Block, block_for
from .cheap import answered
from .compare import bounded, settled
from .pairs import near_by
from .program import Program
from .rows import Rows, Tables
from .values import TRUE

Numbers = NDArray[np.int64]
Places = NDArray[np.int32]

FEW = 1024
"""Patterns that there is room for at first."""


class Counts(NamedTuple):
    """How many pairs show each pattern, as a table."""

    pattern: Numbers
    pairs: Numbers


class Counting(NamedTuple):
    """Of which pairs is it asked, and how is a pattern written?"""

    across: bool
    """Whether only records of two datasets make a pair."""
    besides: int
    """The cheap step that must hold of a pair, else -1."""
    digit: Numbers
    """By comparison, what a level counts in the number of a pattern."""


@kernel
def counted(
    order: Places,
    until: Places,
    start: int,
    stop: int,
    rows: Rows,
    dataset: NDArray[np.int8],
    many: Numbers,
    program: Program,
    tables: Tables,
    asked: Counting,
) -> Counts:
    """The patterns of all pairs that places from `start` to `stop` make with later ones of their
    blocks. A row stands for `many` records of one dataset, who make pairs with each other too."""
    here = order[start : until[stop - 1]]
    near = near_by(here, rows)
    block = block_for(program, tables)
    found = Counts(np.full(FEW, FREE, np.int64), np.zeros(FEW, np.int64))
    pairs = other = 0
    for x in range(stop - start):
        last = until[start + x] - start
        y = x if many[here[x]] > 1 and not asked.across else x + 1
        if asked.across:
            other = max(other, y)
            while other < last and dataset[here[other]] == dataset[here[x]]:
                other += 1
            y = other
        while y < last:
            several = min(last - y, PAIRS - pairs)
            _met(block.left[pairs:], block.right[pairs:], x, y, several)
            y, pairs = y + several, pairs + several
            if pairs == PAIRS:
                found = _told(program, tables, near, here, many, block, pairs, asked, found)
                pairs = 0
    return _told(program, tables, near, here, many, block, pairs, asked, found)


@kernel
def _met(left: NDArray[np.uint32], right: NDArray[np.uint32], x: int, y: int, several: int) -> None:
    for n in range(several):
        left[n], right[n] = x, y + n


@kernel
def _told(
    program: Program,
    tables: Tables,
    near: Rows,
    here: Places,
    many: Numbers,
    block: Block,
    pairs: int,
    asked: Counting,
    found: Counts,
) -> Counts:
    """Compares a block, whatever its pairs weigh, and counts their patterns."""
    answered(program, tables, near, block, pairs)
    bounded(program, tables, near, block, pairs)
    kept = 0
    for n in range(pairs):
        block.some[kept] = n
        kept += asked.besides < 0 or block.answer[asked.besides, n] == TRUE
    kept = settled(program, tables, near, block, kept, -np.inf)
    some, pattern, times = block.some[:kept], np.zeros(kept, np.int64), np.empty(kept, np.int64)
    for c in range(program.levels.size):
        _written(block.level[c], asked.digit[c], some, pattern)
    _times(block.left, block.right, here, many, some, times)
    return _added(found, pattern, times)


@kernel
def _written(level: NDArray[np.int8], digit: int, some: Places, pattern: Numbers) -> None:
    for n in range(some.size):
        pattern[n] += level[some[n]] * digit


@kernel
def _times(
    left: NDArray[np.uint32],
    right: NDArray[np.uint32],
    here: Places,
    many: Numbers,
    some: Places,
    times: Numbers,
) -> None:
    """For how many pairs of records each pair of rows stands."""
    for n in range(some.size):
        x, y = left[some[n]], right[some[n]]
        one, other = many[here[x]], many[here[y]]
        times[n] = one * (one - 1) // 2 if x == y else one * other


@kernel
def _added(found: Counts, pattern: Numbers, times: Numbers) -> Counts:
    """Counts patterns, in a table that is never more than half full."""
    known, pairs = found.pattern, found.pairs
    met = 0
    for at in range(known.size):
        met += known[at] != FREE
    for n in range(pattern.size):
        at = place(known, pattern[n])
        if known[at] == FREE:
            if 2 * (met + 1) > known.size:
                known, pairs = larger(known, pairs)
                at = place(known, pattern[n])
            known[at] = pattern[n]
            met += 1
        pairs[at] += times[n]
    return Counts(known, pairs)
