"""What does a pair weigh? Asked no further than until it cannot weigh enough.

Every pair is first given the most that it can weigh by what is cheap to ask. Only pairs that can
reach the least weight asked for are looked at again, comparison by comparison, for as long as they
can. A weight that is told is the sum of its parts in the order of the comparisons, whatever the
order in which they were found.
"""

import numpy as np

from ..compiled import kernel
from .block import Block, Pairs
from .dear import asked
from .program import Program
from .rows import Rows, Tables
from .values import TRUE

SLACK = 1e-6
"""By which sums in another order may differ, and much more: a bound is wider by it."""


@kernel
def bounded(program: Program, tables: Tables, near: Rows, block: Block, pairs: int) -> None:
    """By comparison the first level whose cheap answer is yes, and the most that pairs can weigh."""
    most, answer = block.most, block.answer
    for n in range(pairs):
        most[n] = program.prior
    for c in range(program.levels.size):
        level, upper, step = block.level[c], program.upper[c], program.step[c]
        last = program.levels[c] - 1
        for n in range(pairs):
            level[n] = last
        for x in range(last - 1, -1, -1):
            if step[x] >= 0:
                said = answer[step[x]]
                for n in range(pairs):
                    level[n] = x if said[n] == TRUE else level[n]
        for n in range(pairs):
            most[n] += upper[level[n]]
        for x in range(last):
            if program.adjusted[c, x] >= 0 and not program.open[c, x]:
                many = 0
                for n in range(pairs):
                    block.asked[many] = n
                    many += level[n] == x
                _adjusted(program, tables, near, block, c, block.asked, many)


@kernel
def settled(
    program: Program, tables: Tables, near: Rows, block: Block, pairs: int, least: float
) -> int:
    """Answers what is dear of some pairs, while they can reach the least weight; how many do.

    Those are the first of `some`; their levels are known, and `most` is what they weigh.
    """
    some = block.some
    pairs = _reaching(block, some, pairs, least - SLACK)
    for measure in range(program.measure.shape[0]):
        told = block.told[measure]
        for n in range(pairs):
            told[some[n]] = np.nan
    for at in range(program.order.size):
        _opened(program, tables, near, block, pairs, program.order[at])
        pairs = _reaching(block, some, pairs, least - SLACK)
    for n in range(pairs):
        block.most[some[n]] = program.prior
    for c in range(program.levels.size):
        _added(program, block, c, some, pairs)
        _adjusted(program, tables, near, block, c, some, pairs)
    return _reaching(block, some, pairs, least)


@kernel
def _reaching(block: Block, some: Pairs, pairs: int, least: float) -> int:
    """Leaves the pairs that can weigh so much."""
    most = block.most
    kept = 0
    for n in range(pairs):
        some[kept] = some[n]
        kept += most[some[n]] >= least
    return kept


@kernel
def _opened(
    program: Program, tables: Tables, near: Rows, block: Block, pairs: int, c: int
) -> None:
    """Answers the dear levels of a comparison for some pairs, and adds what they weigh by it."""
    level, most, some, those = block.level[c], block.most, block.some, block.open
    opened, upper = program.open[c], program.upper[c]
    many = 0
    for n in range(pairs):
        those[many] = some[n]
        many += opened[level[some[n]]] != 0
    for n in range(many):
        most[those[n]] -= upper[level[those[n]]]
    for x in range(program.levels[c] - 1):
        if program.end[c, x] > 0:
            left = 0
            for n in range(many):
                block.asked[left] = those[n]
                left += level[those[n]] > x
            asked(program, tables, near, block, left, c, x)
            said = block.stack[0]
            for n in range(left):
                if said[n] == TRUE:
                    level[block.asked[n]] = x
    _added(program, block, c, those, many)
    _adjusted(program, tables, near, block, c, those, many)


@kernel
def _added(program: Program, block: Block, c: int, some: Pairs, pairs: int) -> None:
    """Adds what pairs weigh by a comparison whose level is known."""
    most, level, weight = block.most, block.level[c], program.weight[c]
    for n in range(pairs):
        most[some[n]] += weight[level[some[n]]]


@kernel
def _adjusted(
    program: Program, tables: Tables, near: Rows, block: Block, c: int, some: Pairs, pairs: int
) -> None:
    """Adds by how much the frequency of their values changes what pairs weigh by a comparison."""
    most, level, left, right = block.most, block.level[c], block.left, block.right
    adjusted, share, factor = program.adjusted[c], tables.share, program.adjustment
    for n in range(pairs):
        pair = some[n]
        by = adjusted[level[pair]]
        if by < 0:
            continue
        column, at = program.frequency[by], tables.share_at[by]
        x, y = near[column, left[pair]], near[column, right[pair]]
        one = share[at + x] if x >= 0 else np.nan
        other = share[at + y] if y >= 0 else np.nan
        one = other if np.isnan(one) else one
        other = one if np.isnan(other) else other
        if not np.isnan(one):
            known = max(max(one, other), factor[by, 2])
            most[pair] += factor[by, 1] * (factor[by, 0] - known)
