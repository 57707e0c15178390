"""Which edges does a component hang on? Bridges, in linear time (Tarjan 1974).

A bridge is an edge without which its component falls apart. The records on its smaller side say
what is at stake: one, or a group that would be somebody else.
"""

import numpy as np

from .compiled import kernel
from .graph import Nodes


@kernel
def neighbours(records: int, left: Nodes, right: Nodes) -> tuple[Nodes, Nodes]:
    """The edges at each record, one record's after another's, and where each begins."""
    begin = np.zeros(records + 1, np.int32)
    for edge in range(left.size):
        begin[left[edge] + 1] += 1
        begin[right[edge] + 1] += 1
    begin = np.cumsum(begin).astype(np.int32)
    free = begin[:-1].copy()
    edges = np.empty(2 * left.size, np.int32)
    for edge in range(left.size):
        for node in (left[edge], right[edge]):
            edges[free[node]] = edge
            free[node] += 1
    return begin, edges


@kernel
def bridges(records: int, left: Nodes, right: Nodes) -> Nodes:
    """By edge, how many records are on the smaller side of a bridge; nought where it is none.

    Two edges between the same two records are no bridge, for each is there without the other.
    """
    begin, edges = neighbours(records, left, right)
    came = np.full(records, -1, np.int32)  # the edge by which each record was met
    order, low = _walked(records, left, right, begin, edges, came)
    size = np.ones(records, np.int32)  # records of what hangs below, itself too
    whole = np.ones(records, np.int32)  # of the component
    smaller = np.zeros(left.size, np.int32)
    for at in range(records - 1, -1, -1):
        if came[order[at]] >= 0:
            edge, node = came[order[at]], order[at]
            size[left[edge] + right[edge] - node] += size[node]
    for at in range(records):
        node, edge = order[at], came[order[at]]
        whole[node] = size[node] if edge < 0 else whole[left[edge] + right[edge] - node]
        if edge >= 0 and low[node] == at:
            smaller[edge] = min(size[node], whole[node] - size[node])
    return smaller


@kernel
def _walked(
    records: int, left: Nodes, right: Nodes, begin: Nodes, edges: Nodes, came: Nodes
) -> tuple[Nodes, Nodes]:
    """The records in the order in which a walk into the depth meets them, and by record the first
    one that can be reached from below it by another edge than it was met by."""
    place = begin[:-1].copy()  # how far each record's edges have been followed
    met = np.full(records, -1, np.int32)
    low = np.full(records, records, np.int32)
    order = np.empty(records, np.int32)
    clock = 0
    for start in range(records):
        node = start if met[start] < 0 else -1
        while node >= 0:
            if met[node] < 0:
                met[node] = low[node] = clock
                order[clock] = node
                clock += 1
            if place[node] == begin[node + 1]:  # all followed: back to where it was met from
                edge = came[node]
                above = left[edge] + right[edge] - node if edge >= 0 else -1
                if above >= 0:
                    low[above] = min(low[above], low[node])
                node = above
                continue
            edge = edges[place[node]]
            place[node] += 1
            other = left[edge] + right[edge] - node
            if met[other] < 0:
                came[other] = edge
                node = other
            elif edge != came[node]:
                low[node] = min(low[node], met[other])
    return order, low
