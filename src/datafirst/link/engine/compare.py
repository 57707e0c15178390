"""What does a pair weigh? Asked no further than until it cannot weigh enough.

Every pair is first given the most that it can weigh by what is cheap to ask. Only pairs that can
reach the least weight asked for are looked at again, comparison by comparison, for as long as they
can. A weight that is told is the sum of its parts in the order of the comparisons, whatever the
order in which they were found.
"""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import Answers, Block, Pairs
from .dear import asked
from .program import Program
from .rows import Rows, Tables
from .values import TRUE

Weights = NDArray[np.float64]

SLACK = 1e-6
"""By which sums in another order may differ, and much more: a bound is wider by it."""


@kernel
def bounded(program: Program, tables: Tables, near: Rows, block: Block, pairs: int) -> None:
    """By comparison the first level whose cheap answer is yes; the most that pairs can weigh."""
    most, answer = block.most, block.answer
    most[:pairs] = program.prior
    for c in range(program.levels.size):
        level = block.level[c]
        last = program.levels[c] - 1
        level[:pairs] = last
        for x in range(last - 1, -1, -1):
            if program.step[c, x] >= 0:
                _first(answer[program.step[c, x]], level[:pairs], x)
        _plus(most, program.upper[c], level[:pairs])
        for x in range(last):
            if program.adjusted[c, x] >= 0 and not program.open[c, x]:
                many = _at(level[:pairs], x, block.asked)
                _adjusted(program, tables, near, block, c, block.asked[:many])


@kernel
def _first(said: Answers, level: Answers, x: int) -> None:
    for n in range(level.size):
        level[n] = x if said[n] == TRUE else level[n]


@kernel
def _plus(most: Weights, upper: Weights, level: Answers) -> None:
    for n in range(level.size):
        most[n] += upper[level[n]]


@kernel
def _at(level: Answers, x: int, those: Pairs) -> int:
    many = 0
    for n in range(level.size):
        those[many] = n
        many += level[n] == x
    return many


@kernel
def settled(
    program: Program, tables: Tables, near: Rows, block: Block, pairs: int, least: float
) -> int:
    """Answers what is dear of some pairs, while they can reach the least weight; how many do.

    Those are the first of `some`; their levels are known, and `most` is what they weigh.
    """
    some, most = block.some, block.most
    pairs = _reaching(most, some[:pairs], least - SLACK)
    for measure in range(program.measure.shape[0]):
        _forgotten(block.told[measure], some[:pairs])
    for at in range(program.order.size):
        _opened(program, tables, near, block, some[:pairs], program.order[at])
        pairs = _reaching(most, some[:pairs], least - SLACK)
    _set(most, some[:pairs], program.prior)
    for c in range(program.levels.size):
        _added(most, block.level[c], program.weight[c], some[:pairs])
        _adjusted(program, tables, near, block, c, some[:pairs])
    return _reaching(most, some[:pairs], least)


@kernel
def _reaching(most: Weights, some: Pairs, least: float) -> int:
    """Leaves the pairs that can weigh so much, in front."""
    kept = 0
    for n in range(some.size):
        pair = some[n]
        some[kept] = pair
        kept += most[pair] >= least
    return kept


@kernel
def _forgotten(told: Weights, some: Pairs) -> None:
    for n in range(some.size):
        told[some[n]] = np.nan


@kernel
def _set(most: Weights, some: Pairs, weight: float) -> None:
    for n in range(some.size):
        most[some[n]] = weight


@kernel
def _opened(
    program: Program, tables: Tables, near: Rows, block: Block, some: Pairs, c: int
) -> None:
    """Answers the dear levels of a comparison for some pairs, and adds what they weigh by it."""
    level, most, those = block.level[c], block.most, block.open
    many = _open(level, program.open[c], some, those)
    _less(most, level, program.upper[c], those[:many])
    for x in range(program.levels[c] - 1):
        if program.end[c, x] > 0:
            left = _undecided(level, x, those[:many], block.asked)
            asked(program, tables, near, block, left, c, x)
            _decided(level, x, block.stack[0], block.asked[:left])
    _added(most, level, program.weight[c], those[:many])
    _adjusted(program, tables, near, block, c, those[:many])


@kernel
def _open(level: Answers, opened: NDArray[np.int32], some: Pairs, those: Pairs) -> int:
    many = 0
    for n in range(some.size):
        those[many] = some[n]
        many += opened[level[some[n]]] != 0
    return many


@kernel
def _less(most: Weights, level: Answers, upper: Weights, those: Pairs) -> None:
    for n in range(those.size):
        most[those[n]] -= upper[level[those[n]]]


@kernel
def _undecided(level: Answers, x: int, those: Pairs, left: Pairs) -> int:
    many = 0
    for n in range(those.size):
        left[many] = those[n]
        many += level[those[n]] > x
    return many


@kernel
def _decided(level: Answers, x: int, said: Answers, those: Pairs) -> None:
    for n in range(those.size):
        if said[n] == TRUE:
            level[those[n]] = x


@kernel
def _added(most: Weights, level: Answers, weight: Weights, some: Pairs) -> None:
    """Adds what pairs weigh by a comparison whose level is known."""
    for n in range(some.size):
        most[some[n]] += weight[level[some[n]]]


@kernel
def _adjusted(
    program: Program, tables: Tables, near: Rows, block: Block, c: int, some: Pairs
) -> None:
    """Adds by how much the frequency of their values changes what pairs weigh by a comparison."""
    if program.adjusted[c].max() >= 0:
        _by_frequency(
            block.most, block.level[c], program.adjusted[c], program.frequency, program.adjustment,
            near, block.left, block.right, tables.share, tables.share_at, some,
        )  # fmt: skip


@kernel
def _by_frequency(
    most: Weights,
    level: Answers,
    adjusted: NDArray[np.int32],
    frequency: NDArray[np.int32],
    factor: NDArray[np.float64],
    near: Rows,
    left: NDArray[np.uint32],
    right: NDArray[np.uint32],
    share: Weights,
    share_at: NDArray[np.int64],
    some: Pairs,
) -> None:
    for n in range(some.size):
        pair = some[n]
        by = adjusted[level[pair]]
        if by < 0:
            continue
        column, at = frequency[by], share_at[by]
        x, y = near[column, left[pair]], near[column, right[pair]]
        one = share[at + x] if x >= 0 else np.nan
        other = share[at + y] if y >= 0 else np.nan
        one = other if np.isnan(one) else one
        other = one if np.isnan(other) else other
        if not np.isnan(one):
            known = max(max(one, other), factor[by, 2])
            most[pair] += factor[by, 1] * (factor[by, 0] - known)
