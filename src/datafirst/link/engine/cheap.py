"""What is cheap to say of pairs: which codes are equal, how far are numbers apart, what holds?

Loops over pairs stand in functions of their own that read plain arrays: reading one out of a tuple
counts who holds it, which costs more than a comparison does, and more when another thread does so.
"""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import Answers, Block
from .program import AND, APART, CONSTANT, EMPTY, EQUAL, HOLDS, NOT, OR, Program
from .rows import Rows, Tables
from .values import FALSE, NULL, TRUE

Codes = NDArray[np.int32]
Places = NDArray[np.uint32]


@kernel
def answered(program: Program, tables: Tables, near: Rows, block: Block, pairs: int) -> None:
    """All cheap steps. `near` are codes by column and place."""
    left, right, answer, steps = (
        block.left[:pairs],
        block.right[:pairs],
        block.answer,
        program.block,
    )
    for step in range(steps.shape[0]):
        how, a, b = steps[step]
        said = answer[step]
        if how == EQUAL:
            _equal(near[a], near[b], left, right, said)
        elif how == APART:
            one, other = tables.number[tables.number_at[a] :], tables.number[tables.number_at[b] :]
            _apart(near[a], near[b], left, right, one, other, program.limit[step], said)
        elif how == HOLDS:
            _holds(near[a], right if b else left, said)
        elif how == EMPTY:
            _empty(near[a], right if b else left, said)
        elif how == CONSTANT:
            said[:pairs] = a
        else:
            _joined(how, answer[a], answer[b], said, pairs)


@kernel
def _equal(one: Codes, other: Codes, left: Places, right: Places, said: Answers) -> None:
    for n in range(left.size):
        x, y = one[left[n]], other[right[n]]
        told = TRUE if x == y else FALSE
        said[n] = NULL if x < 0 or y < 0 else told


@kernel
def _apart(
    one: Codes,
    other: Codes,
    left: Places,
    right: Places,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    limit: float,
    said: Answers,
) -> None:
    for n in range(left.size):
        x, y = one[left[n]], other[right[n]]
        if x < 0 or y < 0:
            said[n] = NULL
        else:
            said[n] = TRUE if abs(first[x] - second[y]) <= limit else FALSE


@kernel
def _holds(of: Codes, side: Places, said: Answers) -> None:
    for n in range(side.size):
        said[n] = of[side[n]]


@kernel
def _empty(of: Codes, side: Places, said: Answers) -> None:
    for n in range(side.size):
        said[n] = TRUE if of[side[n]] < 0 else FALSE


@kernel
def _joined(how: int, one: Answers, other: Answers, said: Answers, pairs: int) -> None:
    if how == AND:
        for n in range(pairs):
            said[n] = min(one[n], other[n])
    elif how == OR:
        for n in range(pairs):
            said[n] = max(one[n], other[n])
    elif how == NOT:
        for n in range(pairs):
            said[n] = TRUE - one[n]
    else:  # IS_TRUE
        for n in range(pairs):
            said[n] = TRUE if one[n] == TRUE else FALSE
