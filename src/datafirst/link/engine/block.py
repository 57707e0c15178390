"""Which pairs are compared together, and what is known of them so far?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .program import DEEPEST, Program
from .rows import Tables
from .similarity import room

PAIRS = 4096
"""Pairs of a block: what is kept of them stays in the processor's nearest memory."""

Answers = NDArray[np.int8]
Pairs = NDArray[np.int32]
"""Numbers of pairs within a block."""


class Block(NamedTuple):
    """Pairs that are compared together, and what is found of them."""

    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    """Places in the columns of codes at hand."""
    answer: Answers
    """By cheap step and pair."""
    level: Answers
    """By comparison and pair."""
    most: NDArray[np.float64]
    """The most that a pair can weigh, and in the end what it weighs."""
    stack: Answers
    """By depth and pair, the answers to parts of a dear condition."""
    told: NDArray[np.float64]
    """By measure and pair, NaN until it is taken."""
    some: Pairs
    open: Pairs
    asked: Pairs
    """Pairs that can still weigh enough; those of which a comparison is open; those of which a
    level is asked."""
    wanted: Pairs
    one: Pairs
    other: Pairs
    """Pairs of which a measure is to be taken, and the codes of their values."""
    scratch: Pairs
    """Where texts are measured."""


@kernel
def block_for(program: Program, tables: Tables) -> Block:
    """Room for a block of pairs."""
    return Block(
        np.empty(PAIRS, np.uint32),
        np.empty(PAIRS, np.uint32),
        np.empty((max(program.block.shape[0], 1), PAIRS), np.int8),
        np.empty((program.levels.size, PAIRS), np.int8),
        np.empty(PAIRS, np.float64),
        np.empty((DEEPEST + 1, PAIRS), np.int8),
        np.empty((max(program.measure.shape[0], 1), PAIRS), np.float64),
        np.empty(PAIRS, np.int32),
        np.empty(PAIRS, np.int32),
        np.empty(PAIRS, np.int32),
        np.empty(PAIRS, np.int32),
        np.empty(PAIRS, np.int32),
        np.empty(PAIRS, np.int32),
        np.empty(room(tables.longest), np.int32),
    )
