"""Which groups of connected records hang together well enough to be one person?

Groups grow along the edges, strongest and heaviest first, as in single linkage. Two groups that are
large enough to speak for themselves become one only where they agree: a share of all pairs across
that are compared must be edges. With a share of one half this is the choice of correlation
clustering (Bansal, Blum and Chawla 2004): whether they are put together or left apart, fewer pairs
contradict it. A bridge is the extreme case: one pair of many agrees.

Every level begins with the groups of the level before, so that strict people are parts of standard
people and those of loose people.
"""

import numpy as np

from .bridges import neighbours
from .compared import Compared, Counts, comparable, everything
from .compiled import kernel
from .graph import STRONGEST, Marks, Nodes, Strengths, Weights
from .tabled import FREE, place, put

FEW = 1024
"""Pairs of groups that there is room for at first."""


def groups(
    records: int,
    left: Nodes,
    right: Nodes,
    strength: Strengths,
    weight: Weights,
    few: int,
    share: float,
    certain: float,
    within: Compared | None = None,
) -> Nodes:
    """The smallest record of each record's group: at the strict, standard and loose level.

    Groups of up to `few` records are too small to say no to an edge, and an edge of weight
    `certain` needs no other beside it. `within` says what is compared; else everything is.
    """
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right), -weight, -strength))
    taken = left[order], right[order], strength[order], weight[order]
    dataset, pairs = within or everything(records)
    of = (dataset[:, None] == np.arange(len(pairs))).astype(np.int32)
    return _grown(records, *taken, few, share, certain, of, pairs)


@kernel
def _grown(
    records: int,
    left: Nodes,
    right: Nodes,
    strength: Strengths,
    weight: Weights,
    few: int,
    share: float,
    certain: float,
    of: Counts,
    pairs: Marks,
) -> Nodes:
    begin, edges = neighbours(records, left, right)
    group = np.arange(records).astype(np.int32)
    after = np.full(records, -1, np.int32)  # the next record of a group, which begins with itself
    size = np.ones(records, np.int64)
    least = group.copy()
    found = np.empty((STRONGEST, records), np.int32)
    for level in range(STRONGEST):
        refused, then, met = np.full(FEW, FREE, np.int64), np.zeros(FEW, np.int64), 0
        counts = np.count_nonzero(strength >= STRONGEST - level)  # the strongest come first
        for edge in range(counts):
            a, b = group[left[edge]], group[right[edge]]
            if a == b:
                continue
            if size[a] > size[b]:
                a, b = b, a
            if size[a] > few and weight[edge] < certain:
                both, now = min(a, b) * records + max(a, b), size[a] + size[b]
                at = place(refused, both)
                if refused[at] == both and then[at] == now:  # their size when they were refused
                    continue  # only if one of them grew could the answer be another
                agree = _agree(left, right, counts, begin, edges, group, after, a, b)
                if agree < share * comparable(of[a], of[b], pairs):
                    refused, then, met = put(refused, then, met, both, now)
                    continue
            _add(group, after, of, a, b)
            size[b] += size[a]
            least[b] = min(least[b], least[a])
        found[level] = least[group]
    return found


@kernel
def _agree(
    left: Nodes,
    right: Nodes,
    counts: int | np.intp,
    begin: Nodes,
    edges: Nodes,
    group: Nodes,
    after: Nodes,
    a: int,
    b: int,
) -> int:
    """How many of the first edges, those that count, are between two groups."""
    agree, node = 0, a
    while node >= 0:
        for at in range(begin[node], begin[node + 1]):
            other = left[edges[at]] + right[edges[at]] - node
            agree += edges[at] < counts and group[other] == b
        node = after[node]
    return agree


@kernel
def _add(group: Nodes, after: Nodes, of: Counts, a: int, b: int) -> None:
    """Adds the records of group a to group b."""
    node = last = a
    while node >= 0:
        group[node] = b
        last, node = node, after[node]
    after[last], after[b] = after[b], a
    of[b] += of[a]
