"""Which records are connected? Union-find over arrays of edges (Galler and Fischer 1964).

Records are numbered from nought, edges are arrays of the same length. Nothing here depends on the
order of edges.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel

Nodes = NDArray[np.int32]
Strengths = NDArray[np.int8]
Weights = NDArray[np.float64]
Marks = NDArray[np.bool_]

STRONGEST = 3
"""The strength of edges that count at every level: strict, standard (2 and up), loose (1)."""


@kernel
def root(above: Nodes, node: int) -> int:
    """The record that stands for a record's group. The way there is halved (Tarjan and van
    Leeuwen 1984)."""
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@kernel
def components(records: int, left: Nodes, right: Nodes, strength: Strengths) -> Nodes:
    """The smallest record of each record's component, by the edges of strength 3, of 2 and up,
    and of 1 and up: three rows, of which each one's groups are parts of the next one's.

    An edge is looked at once for each level and joined at one of them: linear but for the
    inverse of Ackermann's function.
    """
    above = np.arange(records, dtype=np.int32)
    found = np.empty((STRONGEST, records), np.int32)
    for level in range(STRONGEST):
        for edge in range(left.size):
            if strength[edge] == STRONGEST - level:
                a, b = root(above, left[edge]), root(above, right[edge])
                above[max(a, b)] = min(a, b)
        for node in range(records):
            found[level, node] = root(above, node)
    return found
