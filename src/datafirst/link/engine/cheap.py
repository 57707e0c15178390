"""What is cheap to say of pairs: which codes are equal, how far are numbers apart, what holds?"""

import numpy as np

from ..compiled import kernel
from .block import Answers, Block
from .program import AND, APART, CONSTANT, EQUAL, HOLDS, NOT, OR, Program
from .rows import Rows, Tables
from .values import FALSE, NULL, TRUE


@kernel
def answered(program: Program, tables: Tables, near: Rows, block: Block, pairs: int) -> None:
    """All cheap steps. `near` are codes by column and place."""
    left, right = block.left, block.right
    for step in range(program.block.shape[0]):
        how, a, b = program.block[step]
        said = block.answer[step]
        if how == EQUAL:
            one, other = near[a], near[b]
            for n in range(pairs):
                x, y = one[left[n]], other[right[n]]
                said[n] = NULL if x < 0 or y < 0 else (TRUE if x == y else FALSE)
        elif how == APART:
            _apart(tables, near, block, said, step, program, pairs)
        elif how == HOLDS:
            one, side = near[a], right if b else left
            for n in range(pairs):
                said[n] = one[side[n]]
        elif how == CONSTANT:
            said[:pairs] = a
        else:
            _joined(how, block.answer[a], block.answer[b], said, pairs)


@kernel
def _apart(
    tables: Tables, near: Rows, block: Block, said: Answers, step: int, program: Program, pairs: int
) -> None:
    _, a, b = program.block[step]
    at_a, at_b, limit = tables.number_at[a], tables.number_at[b], program.limit[step]
    one, other, left, right = near[a], near[b], block.left, block.right
    number = tables.number
    for n in range(pairs):
        x, y = one[left[n]], other[right[n]]
        if x < 0 or y < 0:
            said[n] = NULL
        else:
            said[n] = TRUE if abs(number[at_a + x] - number[at_b + y]) <= limit else FALSE


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


