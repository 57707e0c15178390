"""What is dear to say of pairs: how alike are texts, what have lists in common?

Asked of some pairs of a block only; what has been measured of a pair is kept until it is done with.
"""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import Answers, Block, Pairs
from .program import ANSWER, AT_LEAST, BOTH, EITHER, OPPOSITE, UP_TO, Program
from .rows import Rows, Tables
from .taken import taken
from .values import FALSE, NULL, TRUE


@kernel
def asked(
    program: Program, tables: Tables, near: Rows, block: Block, pairs: int, c: int, level: int
) -> None:
    """Answers the condition of a level for the pairs asked: the first row of the stack."""
    top = -1
    stack = block.stack
    for step in range(program.begin[c, level], program.end[c, level]):
        how, a, moot = program.dear[step]
        if how == ANSWER:
            top += 1
            _answer(block.answer[a], block.asked[:pairs], stack[top])
        elif how in (AT_LEAST, UP_TO):
            taken(program, tables, near, block, pairs, a, top, moot)
            top += 1
            bar, least = program.bar[step], how == AT_LEAST
            _held(block.told[a], block.asked[:pairs], bar, least, stack[top])
        elif how in (BOTH, EITHER):
            top -= 1
            _both(stack[top, :pairs], stack[top + 1], how == BOTH)
        else:
            _alone(stack[top, :pairs], how == OPPOSITE)


@kernel
def _answer(answer: Answers, some: Pairs, said: Answers) -> None:
    for n in range(some.size):
        said[n] = answer[some[n]]


@kernel
def _held(
    told: NDArray[np.float64], some: Pairs, bar: float, at_least: bool, said: Answers
) -> None:
    """Measures held against a number. What was not taken is not known, nor does it matter."""
    for n in range(some.size):
        value = told[some[n]]
        yes = value >= bar if at_least else value <= bar
        said[n] = NULL if not value >= 0 else (TRUE if yes else FALSE)


@kernel
def _both(one: Answers, other: Answers, least: bool) -> None:
    for n in range(one.size):
        one[n] = min(one[n], other[n]) if least else max(one[n], other[n])


@kernel
def _alone(one: Answers, opposite: bool) -> None:
    for n in range(one.size):
        one[n] = TRUE - one[n] if opposite else (TRUE if one[n] == TRUE else FALSE)
