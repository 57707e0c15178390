"""Do the compiled kernels say what a plain reading of their definitions says?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datafirst.link.bridges import bridges
from datafirst.link.forest import forest
from datafirst.link.graph import components
from datafirst.link.groups import groups

RECORDS = 12
Edge = tuple[int, int, int, float]
"""Two records, strength and weight."""

pairs = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(
    lambda p: p[0] != p[1]
)
weights = st.sampled_from([1.0, 4.0, 8.0, 8.5, 14.0, 30.0])
edges = st.lists(st.builds(lambda p, s, w: (*p, s, w), pairs, st.integers(0, 3), weights),
                 max_size=40)  # fmt: skip
TWO_FOURS: list[Edge] = [
    (a, b, 3, 9.0) for side in (range(4), range(4, 8)) for a in side for b in side if a < b
]
"""Two groups of four records, each of which agree in every pair."""

settled = settings(max_examples=150, deadline=None)


def arrays(found: list[Edge]) -> tuple[Any, Any, Any, Any]:
    left, right, strength, weight = zip(*found, strict=True) if found else ((), (), (), ())
    return (np.array(left, np.int32), np.array(right, np.int32), np.array(strength, np.int8),
            np.array(weight, np.float64))  # fmt: skip


def together(found: list[Edge], records: int = RECORDS) -> list[int]:
    """Each record's component, by joining one edge after the other."""
    person = list(range(records))
    for left, right, *_ in found:
        both = {person[left], person[right]}
        person = [min(both) if p in both else p for p in person]
    return person


@settled
@given(edges)
def test_components_are_those_of_the_edges_of_each_level(found: list[Edge]) -> None:
    left, right, strength, _ = arrays(found)
    made = components(RECORDS, left, right, strength)
    for row, least in zip(made, (3, 2, 1), strict=True):
        assert row.tolist() == together([edge for edge in found if edge[2] >= least])


@pytest.mark.parametrize("order", ["first to last", "last to first", "any"])
def test_a_chain_of_a_hundred_thousand_records_is_one_component(order: str) -> None:
    n = 100_000
    names = np.arange(n, dtype=np.int32)
    if order == "last to first":
        names = names[::-1].copy()
    if order == "any":
        names = np.random.default_rng(1).permutation(names)
    left, right = names[:-1].copy(), names[1:].copy()
    assert not components(n, left, right, np.full(n - 1, 1, np.int8))[2].any()
    assert bridges(n, left, right).max() == n // 2
    assert (bridges(n, left, right) > 0).all()


@settled
@given(edges)
def test_a_forest_is_the_heaviest_without_a_ring(found: list[Edge]) -> None:
    left, right, _, weight = arrays(found)
    made = forest(RECORDS, left, right, weight)
    kept: list[Edge] = []
    for edge in sorted(found, key=lambda e: (-e[3], min(e[:2]), max(e[:2]))):
        person = together(kept)
        if person[edge[0]] != person[edge[1]]:
            kept.append(edge)
    component = together(found)
    assert made.component.tolist() == component
    assert sum(weight[made.chosen]) == sum(edge[3] for edge in kept)
    assert together([e for e, c in zip(found, made.chosen, strict=True) if c]) == component
    for record in range(RECORDS):
        own = [e[3] for e in kept if component[e[0]] == component[record]]
        assert made.weakest[record] == min(own, default=np.inf)


@settled
@given(edges)
@example([(0, 1, 1, 1.0), (0, 1, 1, 1.0)])
@example([(0, 1, 1, 1.0), (1, 0, 1, 1.0), (1, 2, 1, 1.0)])
def test_a_bridge_is_an_edge_without_which_its_component_falls_apart(found: list[Edge]) -> None:
    left, right, *_ = arrays(found)
    expected = []
    for n, (a, b, *_rest) in enumerate(found):
        person = together(found[:n] + found[n + 1 :])
        sides = (person.count(person[a]), person.count(person[b]))
        expected.append(min(sides) if person[a] != person[b] else 0)
    assert bridges(RECORDS, left, right).tolist() == expected


def by_hand(found: list[Edge], few: int, share: float, certain: float) -> list[list[int]]:
    """Groups at each level, with sets."""
    ordered = sorted(found, key=lambda e: (-e[2], -e[3], min(e[:2]), max(e[:2])))
    group = {record: frozenset([record]) for record in range(RECORDS)}
    levels = []
    for least in (3, 2, 1):
        strong = [e for e in ordered if e[2] >= least]
        for a, b, _, weight in strong:
            one, other = group[a], group[b]
            across = [e for e in strong if (e[0] in one and e[1] in other)
                      or (e[0] in other and e[1] in one)]  # fmt: skip
            enough = len(across) >= share * len(one) * len(other)
            if min(len(one), len(other)) <= few or weight >= certain or enough:
                group.update(dict.fromkeys(one | other, one | other))
        levels.append([min(group[record]) for record in range(RECORDS)])
    return levels


@settled
@given(
    edges, st.integers(1, 4), st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.sampled_from([14.0, 99.0])
)
@example([*TWO_FOURS, (0, 4, 2, 9.0)], 3, 0.5, 24.0)
@example([*TWO_FOURS, (0, 4, 2, 30.0)], 3, 0.5, 24.0)
@example([*TWO_FOURS, *((a, b, 2, 9.0) for a in (0, 1) for b in (4, 5, 6, 7))], 3, 0.5, 24.0)
def test_groups_are_joined_where_enough_pairs_agree(
    found: list[Edge], few: int, share: float, certain: float
) -> None:
    made = groups(RECORDS, *arrays(found), few=few, share=share, certain=certain)
    assert made.tolist() == by_hand(found, few, share, certain)


@settled
@given(edges, st.randoms())
def test_the_order_of_edges_changes_nothing(found: list[Edge], shuffled: Any) -> None:
    other = [(b, a, s, w) for a, b, s, w in found]
    shuffled.shuffle(other)
    told: list[Callable[..., Any]] = [
        lambda l, r, s, w: components(RECORDS, l, r, s),  # noqa: E741
        lambda l, r, s, w: forest(RECORDS, l, r, w).weakest,  # noqa: E741
        lambda l, r, s, w: groups(RECORDS, l, r, s, w, 1, 0.5, 24.0),  # noqa: E741
    ]
    for tell in told:
        assert tell(*arrays(found)).tolist() == tell(*arrays(other)).tolist()


@settled
@given(edges)
def test_groups_are_nested_and_parts_of_components(found: list[Edge]) -> None:
    left, right, strength, weight = arrays(found)
    strict, standard, loose = groups(RECORDS, left, right, strength, weight, 1, 0.5, 99.0)
    whole = components(RECORDS, left, right, strength)
    for inner, outer in ((strict, standard), (standard, loose), (strict, whole[0]),
                         (standard, whole[1]), (loose, whole[2])):  # fmt: skip
        assert len(set(zip(inner.tolist(), outer.tolist(), strict=True))) == len(set(inner))


def test_a_group_that_says_no_at_the_strict_level_may_join_at_a_looser_one() -> None:
    across = [(a, b, 1, 5.0) for a in range(4) for b in range(4, 8)]
    found: list[Edge] = [*TWO_FOURS, (0, 4, 3, 8.5), *across[1:]]
    strict, standard, loose = groups(RECORDS, *arrays(found), few=3, share=0.5, certain=24.0)
    assert strict[:8].tolist() == standard[:8].tolist() == [0] * 4 + [4] * 4
    assert loose[:8].tolist() == [0] * 8
