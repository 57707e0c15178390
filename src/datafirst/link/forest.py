"""Which edges hold a component together, and how weak is the weakest of them?

A maximum spanning forest (Kruskal 1956): the best way between two records goes along it, and its
weakest edge is the weight at which single linkage first brings the component together (Gower and
Ross 1969).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel
from .graph import Marks, Nodes, Weights, root


@dataclass(frozen=True)
class Forest:
    """What is left of a graph when every edge that closes a ring is dropped, lightest first."""

    chosen: Marks
    """By edge."""
    component: Nodes
    """By record, the smallest record of its component."""
    weakest: Weights
    """By record, the lightest chosen edge of its component; infinity where it is alone."""


def forest(records: int, left: Nodes, right: Nodes, weight: Weights) -> Forest:
    """The heaviest forest. Edges of one weight are taken in the order of their records, so that
    it is the same whatever order they come in."""
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right), -weight))
    return Forest(*_joined(records, left, right, weight, order))


@kernel
def _joined(
    records: int, left: Nodes, right: Nodes, weight: Weights, order: NDArray[np.intp]
) -> tuple[Marks, Nodes, Weights]:
    above = np.arange(records).astype(np.int32)
    weakest = np.full(records, np.inf)
    chosen = np.zeros(left.size, np.bool_)
    for edge in order:
        a, b = root(above, left[edge]), root(above, right[edge])
        if a != b:
            chosen[edge] = True
            above[max(a, b)] = min(a, b)
            weakest[min(a, b)] = weight[edge]  # the lightest so far: they come heaviest first
    component = np.empty(records, np.int32)
    for node in range(records):
        component[node] = root(above, node)
    return chosen, component, weakest[component]
