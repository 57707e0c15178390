"""By which links are two records one person? The strongest way from one to the other."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from datafirst.link.forest import forest

Record = tuple[str, int]
"""Dataset and row."""
Edge = tuple[Record, Record, float]


def strongest(edges: Sequence[Edge], start: Record, end: Record) -> list[tuple[Record, Record]]:
    """The edges, in order, of the way whose weakest edge is heaviest (Hu 1961): it goes along a
    maximum spanning forest. Empty where there is no way.

    The edges are those of one person, who has few records.
    """
    records = sorted({record for left, right, _ in edges for record in (left, right)})
    if start not in records or end not in records:
        return []
    number = {record: n for n, record in enumerate(records)}
    left = np.array([number[a] for a, _, _ in edges], np.int32)
    right = np.array([number[b] for _, b, _ in edges], np.int32)
    weight = np.array([bits for _, _, bits in edges], np.float64)
    beside: dict[int, list[int]] = {}
    for n in np.flatnonzero(forest(len(records), left, right, weight).chosen):
        for one, other in ((left[n], right[n]), (right[n], left[n])):
            beside.setdefault(int(one), []).append(int(other))
    way = _way(beside, number[start], number[end])
    return [(records[a], records[b]) for a, b in pairwise(way)]


def _way(beside: dict[int, list[int]], start: int, end: int) -> list[int]:
    """The records from start to end in a tree."""
    came, ahead = {start: start}, [start]
    while ahead and end not in came:
        here = ahead.pop()
        for there in beside.get(here, ()):
            if there not in came:
                came[there] = here
                ahead.append(there)
    if end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
