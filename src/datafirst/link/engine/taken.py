"""By how much are two values alike? A measure of a pair is taken once, when it is first asked."""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import Block
from .distance import damerau_levenshtein, levenshtein
from .program import JARO, JARO_WINKLER, LEVENSHTEIN, SHARED, Program
from .rows import Rows, Tables
from .similarity import jaro, jaro_winkler
from .values import NULL

UNKNOWN = -1.0
"""A measure of values of which one is not there."""


@kernel
def taken(
    program: Program,
    tables: Tables,
    near: Rows,
    block: Block,
    pairs: int,
    measure: int,
    top: int,
    moot: int,
) -> None:
    """Takes a measure of the pairs asked, but of those of which the answer on the top of the stack
    makes it moot."""
    kind, a, b, up_to = program.measure[measure]
    one, other, left, right = near[a], near[b], block.left, block.right
    told, some, last = block.told[measure], block.asked, block.stack[max(top, 0)]
    for n in range(pairs):
        pair = some[n]
        if np.isnan(told[pair]) and (moot == NULL or last[n] != moot):
            x, y = one[left[pair]], other[right[pair]]
            if x < 0 or y < 0:
                told[pair] = UNKNOWN
            elif kind == SHARED:
                told[pair] = _shared(
                    tables.element, tables.list_begin, tables.list_at[a] + x, tables.list_at[b] + y
                )
            else:
                told[pair] = _likeness(
                    tables.text, tables.begin, tables.text_at[a] + x, tables.text_at[b] + y,
                    block.letters, block.edits, kind, up_to,
                )  # fmt: skip


@kernel
def _likeness(
    text: NDArray[np.uint8],
    begin: NDArray[np.int64],
    one: int,
    other: int,
    letters: NDArray[np.uint8],
    edits: NDArray[np.int32],
    kind: int,
    up_to: int,
) -> float:
    a, a_end, b, b_end = begin[one], begin[one + 1], begin[other], begin[other + 1]
    if kind == JARO:
        return jaro(text, a, a_end, text, b, b_end, letters)
    if kind == JARO_WINKLER:
        return jaro_winkler(text, a, a_end, text, b, b_end, letters)
    if kind == LEVENSHTEIN:
        return float(levenshtein(text, a, a_end, text, b, b_end, up_to, edits))
    return float(damerau_levenshtein(text, a, a_end, text, b, b_end, up_to, edits))


@kernel
def _shared(
    element: NDArray[np.int32], begin: NDArray[np.int64], one: int, other: int
) -> float:
    """How many values two lists have in common; both are in order."""
    a, a_end, b, b_end = begin[one], begin[one + 1], begin[other], begin[other + 1]
    count = 0
    while a < a_end and b < b_end:
        x, y = element[a], element[b]
        count += x == y
        a += x <= y
        b += y <= x
    return float(count)
