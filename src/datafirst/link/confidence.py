"""How sure is it that the other records of a person are rightly there? In bits, of each record.

- Two records are as sure as the weakest edge on the best way between them, which goes along the
  person's maximum spanning tree (single linkage, Gower and Ross 1969).
- An edge that joins two groups of records is the best of many comparisons, and the more there are
  the likelier is a good one by chance. Its odds are divided by the number of comparisons for each
  edge that the groups have between them (Bonferroni); datasets that no model
  compares add none. A lone bridge between large groups counts for little; between groups that
  agree throughout nothing is taken off.
- What is left is averaged over all other records as odds against: that is the share of a record's
  links which are expected to be wrong.
"""

import numpy as np
from numpy.typing import NDArray

from .compared import Datasets, comparable
from .compiled import kernel
from .graph import Marks

EVEN = 8.0
"""Bits below the standard threshold at which a link may as well be wrong as right: none counts for
more than wrong."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Tree = tuple[Integers, Integers, Floats, Floats, int]
"""Records and, after them, joins, each with: the join that it becomes part of, the two that it
joins, the bits of the edge that does, its size; and how many there are."""


@kernel
def confidence(
    left: Integers,
    right: Integers,
    bits: Floats,
    people: Integers,
    dataset: Datasets,
    pairs: Marks,
) -> tuple[Floats, Floats]:
    """For each record how sure its links are on the whole, and how sure the least sure of them is.

    Edges (two records of one person, bits above the threshold) come from the heaviest to the
    lightest; `people` says how many records the person of each record has,
    `dataset` and `pairs` which of them are compared (compared.py).
    """
    tree = _joined(left, right, bits, people.size)
    across = _across(left, right, tree[0])
    compared = _compared(tree, dataset, pairs)
    against, least, reached = _against(tree, compared / np.maximum(across, 1.0), people.size)
    lacking = people - reached  # to which no edge leads
    least = np.where(lacking > 0, -np.inf, least)
    mean = (against + lacking * 2.0**EVEN) / np.maximum(people - 1.0, 1.0)
    return -np.log2(np.maximum(mean, 1e-300)), least


@kernel
def _joined(left: Integers, right: Integers, bits: Floats, n: int) -> Tree:
    """Each edge that joins two groups makes them one (Kruskal 1956)."""
    top, into = np.arange(2 * n), np.full(2 * n, -1)
    of, size, held, made = np.full((2 * n, 2), -1), np.ones(2 * n), np.zeros(2 * n), n
    for i in range(left.size):
        a, b = _top(top, left[i]), _top(top, right[i])
        if a != b:
            top[a] = top[b] = into[a] = into[b] = made
            of[made, 0], of[made, 1] = a, b
            held[made], size[made] = bits[i], size[a] + size[b]
            made += 1
    return into, of, held, size, made


@kernel
def _top(top: Integers, record: int) -> int:
    """The join that a record is part of now; the way to it is halved."""
    while top[record] != record:
        top[record] = top[top[record]]
        record = top[record]
    return record


@kernel
def _across(left: Integers, right: Integers, into: Integers) -> Floats:
    """How many edges there are between the two groups of each join: it is where their ends meet."""
    across = np.zeros(into.size)
    for i in range(left.size):
        a, b = left[i], right[i]
        while a != b:  # what is joined later has the larger number
            if a < b:
                a = into[a]
            else:
                b = into[b]
        across[a] += 1
    return across


@kernel
def _compared(tree: Tree, dataset: Datasets, pairs: Marks) -> Floats:
    """How many pairs of records are compared between the two groups of each join."""
    into, of, _, _, made = tree
    there = np.zeros((made, len(pairs)), np.int32)  # by join, how many records of each dataset
    compared = np.zeros(into.size)
    for record in range(dataset.size):
        there[record, dataset[record]] = 1
    for join in range(dataset.size, made):
        a, b = of[join]
        compared[join] = comparable(there[a], there[b], pairs)
        there[join] = there[a] + there[b]
    return compared


@kernel
def _against(tree: Tree, chances: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    """From the last join down: the odds against all links of each record, how sure the least sure
    is, and how many records the joins bring together. `chances` are comparisons for each edge."""
    _, of, held, size, made = tree
    against, least, reached = np.zeros(2 * n), np.full(2 * n, np.inf), size.copy()
    for join in range(made - 1, n - 1, -1):
        a, b = of[join]
        sure = held[join] - np.log2(chances[join])
        odds = 2.0 ** min(-sure, EVEN)
        least[a] = least[b] = min(least[join], sure)
        against[a] = against[join] + size[b] * odds
        against[b] = against[join] + size[a] * odds
        reached[a] = reached[b] = reached[join]
    return against[:n], least[:n], reached[:n]
