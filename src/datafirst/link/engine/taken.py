"""By how much are two values alike? A measure of a pair is taken once, when it is first asked."""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import Answers, Block, Pairs
from .distance import edits_between
from .inventory import edits_at_least, may_be_alike, may_be_alike_boosted
from .places import address
from .program import JARO, JARO_WINKLER, LEVENSHTEIN, SHARED, Program
from .rows import Rows, Tables
from .similarity import jaro_between, jaro_winkler_between
from .values import NULL

UNKNOWN = -1.0
"""A measure of values of which one is not there."""

Codes = NDArray[np.int32]
Places = NDArray[np.uint32]
Begin = NDArray[np.int64]
Told = NDArray[np.float64]


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
    told, those = block.told[measure], block.wanted
    many = _wanted(told, block.asked[:pairs], block.stack[max(top, 0)], moot, those)
    _codes(near[a], near[b], block.left, block.right, those[:many], block.one, block.other)
    one, other = block.one[:many], block.other[:many]
    if kind == SHARED:
        first, second = (
            tables.list_begin[tables.list_at[a] :],
            tables.list_begin[tables.list_at[b] :],
        )
        _in_common(tables.element, first, second, one, other, those, told)
        return
    at_a, at_b = tables.text_at[a], tables.text_at[b]
    first, second = tables.begin[at_a:], tables.begin[at_b:]
    text, spare = address(tables.text, 0), address(block.scratch, 0)
    mine, theirs, least = tables.letters[at_a:], tables.letters[at_b:], program.least[measure]
    if kind in (JARO, JARO_WINKLER):
        boosted = kind == JARO_WINKLER
        _by_likeness(
            text, first, second, mine, theirs, one, other, those, told, spare, least, boosted
        )
    else:
        swaps = kind != LEVENSHTEIN
        _by_edits(text, first, second, mine, theirs, one, other, those, told, spare, up_to, swaps)


@kernel
def _wanted(told: Told, some: Pairs, last: Answers, moot: int, those: Pairs) -> int:
    many = 0
    for n in range(some.size):
        those[many] = some[n]
        many += np.isnan(told[some[n]]) and (moot == NULL or last[n] != moot)
    return many


@kernel
def _codes(
    a: Codes, b: Codes, left: Places, right: Places, those: Pairs, one: Codes, other: Codes
) -> None:
    for n in range(those.size):
        one[n], other[n] = a[left[those[n]]], b[right[those[n]]]


@kernel
def _by_likeness(
    text: int, first: Begin, second: Begin, mine: Begin, theirs: Begin, one: Codes, other: Codes,
    those: Pairs, told: Told, spare: int, least: float, boosted: bool,
) -> None:  # fmt: skip
    for at in range(one.size):
        x, y, value = one[at], other[at], UNKNOWN
        if x >= 0 and y >= 0:
            a, b, n, m = first[x], second[y], first[x + 1] - first[x], second[y + 1] - second[y]
            value = 0.0
            if boosted:
                if may_be_alike_boosted(mine[x], n, theirs[y], m, least):
                    value = float(jaro_winkler_between(text + a, n, text + b, m, least, spare))
            elif may_be_alike(mine[x], n, theirs[y], m, least):
                value = float(jaro_between(text + a, n, text + b, m, least, spare))
        told[those[at]] = value


@kernel
def _by_edits(
    text: int, first: Begin, second: Begin, mine: Begin, theirs: Begin, one: Codes, other: Codes,
    those: Pairs, told: Told, spare: int, up_to: int, swaps: bool,
) -> None:  # fmt: skip
    for at in range(one.size):
        x, y, value = one[at], other[at], UNKNOWN
        if x >= 0 and y >= 0:
            a, b, n, m = first[x], second[y], first[x + 1] - first[x], second[y + 1] - second[y]
            value = up_to + 1.0
            if edits_at_least(mine[x], theirs[y]) <= up_to:
                value = float(edits_between(text + a, n, text + b, m, up_to, swaps, spare))
        told[those[at]] = value


@kernel
def _in_common(
    element: Codes, first: Begin, second: Begin, one: Codes, other: Codes, those: Pairs, told: Told
) -> None:
    """How many values two lists have in common; both are in order."""
    for n in range(one.size):
        x, y, count = one[n], other[n], 0
        if x < 0 or y < 0:
            told[those[n]] = UNKNOWN
            continue
        a, a_end, b, b_end = first[x], first[x + 1], second[y], second[y + 1]
        while a < a_end and b < b_end:
            this, that = element[a], element[b]
            count += this == that
            a += this <= that
            b += that <= this
        told[those[n]] = count
