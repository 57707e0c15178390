"""Which letters does a text have, and what can they alone rule out?

A text's letters fall into 32 kinds by their last five bits (so that a capital is of its small
letter's kind); one bit says that a kind occurs, another that it occurs twice. Bits that one text
has and the other has not are letters without a partner: at least so many, whatever their order.
So most pairs are refused for two ANDs, and no answer ever changes.
"""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .places import Text, ones
from .similarity import LEADING, jaro_needed, may_reach

Places = NDArray[np.int64]
KINDS = 32


@kernel
def inventories(text: Text, begin: Places) -> Places:
    """The inventory of each text; text k is text[begin[k]:begin[k + 1]]."""
    found = np.zeros(max(begin.size - 1, 0), np.int64)
    for k in range(found.size):
        have = 0
        for at in range(begin[k], begin[k + 1]):
            kind = 1 << (int(text[at]) & (KINDS - 1))
            have |= kind if not have & kind else kind << KINDS
        found[k] = have
    return found


@kernel
def may_be_alike(left: int, n: int, right: int, m: int, at_least: float) -> bool:
    """Can jaro_similarity be so much? No is certain. n and m are lengths in bytes."""
    shared = min(n - ones(left & ~right), m - ones(right & ~left))
    return at_least <= 0.0 or may_reach(n, m, shared, at_least)


@kernel
def may_be_alike_boosted(left: int, n: int, right: int, m: int, at_least: float) -> bool:
    """Can jaro_winkler_similarity be so much? No is certain."""
    return may_be_alike(left, n, right, m, jaro_needed(at_least, LEADING))


@kernel
def edits_at_least(left: int, right: int) -> int:
    """So many edits of either kind are certain: each takes one letter out and puts one in."""
    return max(ones(left & ~right), ones(right & ~left))
