"""Which pairs of a blocking rule weigh enough? Pairs are made, compared and forgotten."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .block import PAIRS, Block, block_for
from .cheap import answered
from .compare import bounded, settled
from .program import Program
from .rows import Rows, Tables
from .values import TRUE

EVERYTHING = -1
"""In place of a rule: all pairs of a block, whatever rules bring together."""


ANYWAY = -2
"""In place of a rule: whatever is asked for, even if no rule brings it together."""


class Found(NamedTuple):
    """Pairs that weigh enough, by their records."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]


class Asked(NamedTuple):
    """Of which pairs is it asked?"""

    rule: int
    """The blocking rule: pairs that an earlier one brings together are left to it."""
    across: bool
    """Whether only records of two datasets make a pair."""
    least: float
    """What a pair must weigh at least."""


@kernel
def near_by(order: NDArray[np.int32], rows: Rows) -> Rows:
    """The codes of records by column and place: those that are compared stand side by side."""
    near = np.empty((rows.shape[1], order.size), np.int32)
    for place in range(order.size):
        row = rows[order[place]]
        for column in range(row.size):
            near[column, place] = row[column]
    return near


@kernel
def found(
    order: NDArray[np.int32],
    until: NDArray[np.int32],
    start: int,
    stop: int,
    rows: Rows,
    dataset: NDArray[np.int8],
    program: Program,
    tables: Tables,
    asked: Asked,
    room: int,
) -> tuple[Found, int]:
    """The pairs that places from `start` to `stop` make with later ones of their blocks, `room` at
    most, and how many were compared."""
    end = until[stop - 1]
    here = order[start:end]
    near = near_by(here, rows)
    block = block_for(program, tables)
    made = Found(np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float64))
    key, keys, earlier = program.key, program.keys, _before(program.besides, asked.rule)
    pairs = kept = compared = other = 0
    for x in range(stop - start):
        last = until[start + x] - start
        y = x + 1
        if asked.across:
            other = max(other, y)
            while other < last and dataset[here[other]] == dataset[here[x]]:
                other += 1
            y = other
        while y < last:
            y, pairs = _met(key, keys, earlier, near, x, y, last, block.left, block.right, pairs)
            if pairs == PAIRS:
                kept = _weighed(program, tables, near, here, block, pairs, asked, made, kept)
                compared, pairs = compared + pairs, 0
    kept = _weighed(program, tables, near, here, block, pairs, asked, made, kept)
    compared += pairs
    return Found(
        made.left[:kept].copy(), made.right[:kept].copy(), made.weight[:kept].copy()
    ), compared


@kernel
def _met(
    key: NDArray[np.int32],
    keys: NDArray[np.int32],
    earlier: NDArray[np.int32],
    near: Rows,
    x: int,
    y: int,
    last: int,
    left: NDArray[np.uint32],
    right: NDArray[np.uint32],
    pairs: int,
) -> tuple[int, int]:
    """Makes pairs of a place with those from y on, without what an earlier rule brings together,
    until the block is full: where to go on, and how many pairs there are."""
    while y < last and pairs < PAIRS:
        theirs = False
        for rule in earlier:
            at, end = keys[rule], keys[rule + 1]
            while at < end:
                code = near[key[at], x]
                if code < 0 or code != near[key[at], y]:
                    break
                at += 1
            theirs = theirs or at == end
        left[pairs], right[pairs] = x, y
        pairs += not theirs
        y += 1
    return y, pairs


@kernel
def _shares(
    key: NDArray[np.int32], keys: NDArray[np.int32], near: Rows, x: int, y: int, rule: int
) -> bool:
    """Whether two records have the key of a rule in common."""
    for at in range(keys[rule], keys[rule + 1]):
        code = near[key[at], x]
        if code < 0 or code != near[key[at], y]:
            return False
    return True


@kernel
def _before(besides: NDArray[np.int32], rule: int) -> NDArray[np.int32]:
    """The earlier rules whose keys alone say that a pair is theirs, if it is this one's at all.

    Of others it depends on what they ask besides: _brought answers.
    """
    found, many = np.empty(max(rule, 0), np.int32), 0
    for before in range(rule):
        if besides[before] < 0 or besides[before] == besides[rule]:
            found[many] = before
            many += 1
    return found[:many]


@kernel
def _brought(program: Program, near: Rows, block: Block, pairs: int, rule: int) -> int:
    """Leaves the pairs that the rule brings together and no earlier one that asks more besides."""
    some = block.some
    for n in range(pairs):
        some[n] = n
    if rule < 0 or program.besides[: rule + 1].max() < 0:
        return pairs
    own, kept = program.besides[rule], 0
    for n in range(pairs):
        brought = own < 0 or block.answer[own, n] == TRUE
        for before in range(rule):
            besides = program.besides[before]
            if besides >= 0 and besides != own and block.answer[besides, n] == TRUE:
                brought = brought and not _shares(
                    program.key, program.keys, near, block.left[n], block.right[n], before
                )
        some[kept] = n
        kept += brought
    return kept


@kernel
def _weighed(
    program: Program,
    tables: Tables,
    near: Rows,
    here: NDArray[np.int32],
    block: Block,
    pairs: int,
    asked: Asked,
    made: Found,
    kept: int,
) -> int:
    """Compares a block and keeps the pairs that weigh enough; how many are kept by now."""
    answered(program, tables, near, block, pairs)
    bounded(program, tables, near, block, pairs)
    some = _brought(program, near, block, pairs, asked.rule)
    some = settled(program, tables, near, block, some, asked.least)
    for n in range(some):
        pair = block.some[n]
        made.left[kept + n] = here[block.left[pair]]
        made.right[kept + n] = here[block.right[pair]]
        made.weight[kept + n] = block.most[pair]
    return kept + some


@kernel
def themselves(
    order: NDArray[np.int32], rows: Rows, program: Program, tables: Tables, asked: Asked
) -> Found:
    """The records that weigh enough compared with themselves, if any rule brings them together, or
    the one that is asked for before all others; ANYWAY, all records."""
    near = near_by(order, rows)
    block = block_for(program, tables)
    room = order.size
    made = Found(np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float64))
    kept = 0
    for start in range(0, order.size, PAIRS):
        pairs = min(PAIRS, order.size - start)
        for n in range(pairs):
            block.left[n] = block.right[n] = start + n
        answered(program, tables, near, block, pairs)
        bounded(program, tables, near, block, pairs)
        some = _by_any(program, near, block, pairs, asked.rule)
        some = settled(program, tables, near, block, some, asked.least)
        for n in range(some):
            made.left[kept + n] = made.right[kept + n] = order[start + block.some[n]]
            made.weight[kept + n] = block.most[block.some[n]]
        kept += some
    return Found(made.left[:kept].copy(), made.right[:kept].copy(), made.weight[:kept].copy())


@kernel
def _by_any(program: Program, near: Rows, block: Block, pairs: int, asked: int) -> int:
    """Leaves the records that any rule brings together with themselves, or the one asked first."""
    kept = 0
    for n in range(pairs):
        first = EVERYTHING
        for rule in range(program.besides.size - 1, -1, -1):
            besides, place = program.besides[rule], block.left[n]
            known = besides < 0 or block.answer[besides, n] == TRUE
            if known and _shares(program.key, program.keys, near, place, place, rule):
                first = rule
        block.some[kept] = n
        brought = first != EVERYTHING and asked in (EVERYTHING, first)
        kept += asked == ANYWAY or brought
    return kept
