"""What is dear to say of pairs: how alike are texts, what have lists in common?

Asked of some pairs of a block only; what has been measured of a pair is kept until it is done with.
"""

from ..compiled import kernel
from .block import Block
from .program import ANSWER, AT_LEAST, BOTH, EITHER, OPPOSITE, SURELY, UP_TO, Program
from .rows import Rows, Tables
from .taken import taken
from .values import FALSE, NULL, TRUE


@kernel
def asked(
    program: Program, tables: Tables, near: Rows, block: Block, pairs: int, c: int, level: int
) -> None:
    """Answers the condition of a level for the pairs asked: the first row of the stack."""
    top = -1
    stack, some = block.stack, block.asked
    for step in range(program.begin[c, level], program.end[c, level]):
        how, a, moot = program.dear[step]
        if how == ANSWER:
            top += 1
            said = block.answer[a]
            for n in range(pairs):
                stack[top, n] = said[some[n]]
        elif how == AT_LEAST or how == UP_TO:
            taken(program, tables, near, block, pairs, a, top, moot)
            top += 1
            _held(block, pairs, a, top, program.bar[step], how == AT_LEAST)
        elif how == BOTH:
            top -= 1
            for n in range(pairs):
                stack[top, n] = min(stack[top, n], stack[top + 1, n])
        elif how == EITHER:
            top -= 1
            for n in range(pairs):
                stack[top, n] = max(stack[top, n], stack[top + 1, n])
        elif how == OPPOSITE:
            for n in range(pairs):
                stack[top, n] = TRUE - stack[top, n]
        elif how == SURELY:
            for n in range(pairs):
                stack[top, n] = TRUE if stack[top, n] == TRUE else FALSE


@kernel
def _held(block: Block, pairs: int, measure: int, top: int, bar: float, at_least: bool) -> None:
    """Measures held against a number. What was not taken is not known, nor does it matter."""
    told, some, said = block.told[measure], block.asked, block.stack[top]
    for n in range(pairs):
        value = told[some[n]]
        if not value >= 0:
            said[n] = NULL
        elif at_least:
            said[n] = TRUE if value >= bar else FALSE
        else:
            said[n] = TRUE if value <= bar else FALSE
