"""Is each pair told once, however its work is cut, and in one order?"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.engine import edges
from datafirst.link.engine.block import PAIRS
from datafirst.link.engine.blocks import Blocks, placed
from datafirst.link.engine.columns import columns
from datafirst.link.engine.conditions import Holds, NotUnderstood
from datafirst.link.engine.edges import Engine, engine, planned
from datafirst.link.engine.language import condition
from datafirst.link.engine.pairs import Found
from datafirst.link.engine.plan import Comparison, Level, Plan, Rule, plan

Told = list[tuple[int, int, float]]

RECORDS = 150
"""One block of them makes more pairs than are compared together."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def model(*rules: Rule, across: bool = False, one_way: bool = False) -> Plan:
    """A pair weighs 3 where x is the same, 2 where the texts are nearly so, else -1. `one_way`:
    and 0.5 more where the left record has no x."""
    near = Level(condition('levenshtein("s_l", "s_r") <= 1'), 2.0, 1)
    same = Level(condition('"x_l" = "x_r"'), 3.0, 2)
    each = [Comparison("a", (same, near, Level(None, -1.0, 0)))]
    if one_way:
        left = Level(Holds("l", '("x" IS NULL)'), 0.5, 1)
        each.append(Comparison("b", (left, Level(None, 0.0, 0))))
    return Plan(tuple(each), rules, across, 0.25)


def people(con: duckdb.DuckDBPyConnection, *sizes: int, different: bool = True) -> dict[str, str]:
    """Datasets of records that all have one k. If they are not `different` many are the same."""
    tables = {}
    for n, size in enumerate(sizes):
        tables[f"d{n}"] = f"t{n}"
        s = "'s' || i" if different else "'s' || i % 9"
        con.execute(
            f"CREATE TABLE t{n} AS SELECT i AS unique_id, 1 AS k, i % 7 AS j, "
            f"nullif(i % 5, 4) AS x, {s} AS s FROM range({size}) AS r(i)"
        )
    return tables


K, J = Rule(('"k"',), None), Rule(('"j"',), None)


def listed(batches: Iterable[Found]) -> Told:
    return [
        one
        for each in batches
        for one in zip(each.left.tolist(), each.right.tolist(), each.weight.tolist(), strict=True)
    ]


def expected(con: duckdb.DuckDBPyConnection) -> Told:
    """What SQL says of all pairs of one dataset."""
    weight = (
        "CASE WHEN l.x = r.x THEN 3.25 WHEN levenshtein(l.s, r.s) <= 1 THEN 2.25 ELSE -0.75 END"
    )
    ends = "SELECT l.unique_id, r.unique_id, CAST({} AS DOUBLE) FROM t0 AS l JOIN t0 AS r "
    on = "ON l.unique_id < r.unique_id ORDER BY ALL"
    found: Told = con.execute(ends.format(weight) + on).fetchall()
    return found


@pytest.mark.parametrize("at_once", [1, 40, 1000, 10**9])
def test_a_huge_block_is_cut_and_nothing_is_lost_or_doubled(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    assert RECORDS * (RECORDS - 1) // 2 > 2 * PAIRS
    made = planned(model(K), columns(con, people(con, RECORDS)), {})
    assert made.same is None
    monkeypatch.setattr(edges, "AT_ONCE", at_once)
    batches = list(made.edges(-np.inf))
    assert (len(batches) > 1) == (at_once < 10**9)
    told = listed(batches)
    assert sorted(told) == expected(con)
    assert made.compared == len(told)


@settings(max_examples=60, deadline=None)
@given(keys=st.lists(st.integers(0, 5), max_size=80), at_once=st.integers(1, 400))
def test_parts_are_all_places_and_have_room_for_their_pairs(keys: list[int], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(edges, "AT_ONCE", at_once)
        own = Blocks(*placed(np.array(keys, np.uint64)))
        parts = list(edges._parts(own))
    ends = [0, *(stop for _, stop, _ in parts)]
    assert [start for start, _, _ in parts] == ends[:-1]
    assert ends[-1] == len(own.order)
    for start, stop, room in parts:
        assert room == own.pairs()[start:stop].sum()
        work = own.pairs()[start : stop - 1] + edges.LOOKED_UP
        assert work.sum() < at_once, "no more at once than is asked for, but for the last place"


@pytest.mark.parametrize("at_once", [1, 200, 10**9])
@pytest.mark.parametrize("different", [True, False])
def test_only_records_of_two_datasets_make_a_pair_across(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, at_once: int, different: bool
) -> None:
    """Whatever place the work is cut at, within a dataset or between two."""
    made = planned(
        model(K, across=True), columns(con, people(con, 60, 1, 80, different=different)), {}
    )
    assert (made.same is None) == different
    monkeypatch.setattr(edges, "AT_ONCE", at_once)
    dataset = made.kept.dataset
    told = [(a, b) for a, b, _ in listed(made.edges(-np.inf))]
    every = combinations(range(141), 2)
    assert sorted(told) == [(a, b) for a, b in every if dataset[a] < dataset[b]]


def same(one: Found, other: Found) -> bool:
    ends = np.array_equal(one.left, other.left) and np.array_equal(one.right, other.right)
    return ends and np.array_equal(one.weight, other.weight)


@pytest.mark.parametrize("different", [True, False])
def test_batches_are_the_same_by_one_thread_or_several(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, different: bool
) -> None:
    made = planned(model(J, K), columns(con, people(con, RECORDS, different=different)), {})
    monkeypatch.setattr(edges, "AT_ONCE", 100)
    one, two, five = (list(made.edges(0.0, threads)) for threads in (1, 2, 5))
    assert len(one) == len(two) == len(five) > 5
    assert all(map(same, one, two))
    assert all(map(same, one, five))


def test_a_pair_is_told_by_the_first_rule_that_brings_it_together(
    con: duckdb.DuckDBPyConnection,
) -> None:
    odd = Rule(('"k"',), condition("l.j <> 3 AND r.j <> 3"))
    tables = people(con, 60)
    for rules in ((J, odd, K), (odd, J, K), (K, J, odd), (odd, odd, J), (J, J)):
        made = planned(model(*rules), columns(con, tables), {})
        first: dict[tuple[int, int], int] = {}
        for a, b in combinations(range(60), 2):
            for n, rule in enumerate(rules):
                asked = a % 7 == b % 7 if rule is J else 3 not in (a % 7, b % 7) or rule is K
                if asked:
                    first.setdefault((a, b), n)
        for n in range(len(rules)):
            told = sorted((a, b) for a, b, _ in listed(made.of_rule(n, -np.inf)))
            assert told == sorted(pair for pair, rule in first.items() if rule == n)
        assert sorted((a, b) for a, b, _ in listed(made.edges(-np.inf))) == sorted(first)


@pytest.mark.parametrize("different", [True, False])
def test_shares_of_a_rule_are_all_of_it(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, different: bool
) -> None:
    made = planned(model(J, K), columns(con, people(con, RECORDS, different=different)), {})
    monkeypatch.setattr(edges, "AT_ONCE", 300)
    each = [
        one for rule in (0, 1) for n in range(3) for one in listed(made.of_rule(rule, 0.0, n, 3))
    ]
    assert sorted(each) == sorted(listed(made.edges(0.0)))


def collapsed(con: duckdb.DuckDBPyConnection, **how: Any) -> Engine:
    return planned(model(K, **how), columns(con, people(con, RECORDS, different=False)), {})


def test_records_that_are_the_same_are_compared_once_and_told_all(
    con: duckdb.DuckDBPyConnection,
) -> None:
    made = collapsed(con)
    assert made.same is not None and made.compared == 0
    told = listed(made.edges(-np.inf))
    assert made.compared < len(told) // 8
    assert sorted(told) == expected(con)


def test_records_are_not_collapsed_where_it_matters_which_is_the_left_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    made = collapsed(con, one_way=True)
    assert made.same is None
    for a, _, weight in listed(made.edges(-np.inf)):
        assert weight % 1 == (0.75 if a % 5 == 4 else 0.25)


def test_only_pairs_that_weigh_enough_are_told(con: duckdb.DuckDBPyConnection) -> None:
    made = planned(model(K), columns(con, people(con, RECORDS)), {})
    whole = listed(made.edges(-np.inf))
    for least in (-0.75, 2.25, 2.2500001, 3.25, 3.3):
        assert listed(made.edges(least)) == [one for one in whole if one[2] >= least]


def test_a_model_that_splink_orders_otherwise_is_not_understood(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Where Splink links and dedupes it takes numbers for texts to say which is the left record."""
    tables = people(con, 5, 5)
    with pytest.raises(NotUnderstood):
        planned(model(K, one_way=True), columns(con, tables), {})
    planned(model(K, one_way=True, across=True), columns(con, tables), {})


def settings_of(**more: Any) -> dict[str, Any]:
    levels = [
        {"sql_condition": '"x_l" = "x_r"', "m_probability": 0.9, "u_probability": 0.1},
        {"sql_condition": "ELSE", "m_probability": 0.1, "u_probability": 0.9},
    ]
    return {
        "link_type": "dedupe_only",
        "comparisons": [{"output_column_name": "c", "comparison_levels": levels}],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.k = r.k", "sql_dialect": "duckdb"}
        ],
        "probability_two_random_records_match": 0.5,
    } | more


@pytest.mark.parametrize(
    "rule",
    ["l.x = r.j", "l.x < r.x", "l.x = r.x OR l.j = r.j", "l.k = r.k AND levenshtein(l.s, r.s) < 3"],
)
def test_rules_of_other_forms_are_not_understood(con: duckdb.DuckDBPyConnection, rule: str) -> None:
    rules = [{"blocking_rule": rule, "sql_dialect": "duckdb"}]
    made = settings_of(blocking_rules_to_generate_predictions=rules)
    with pytest.raises(NotUnderstood):
        engine(made, columns(con, people(con, 3)), {})


def test_records_that_are_known_otherwise_are_not_understood() -> None:
    assert plan(settings_of()).rules == (K,)
    with pytest.raises(NotUnderstood):
        plan(settings_of(unique_id_column_name="x"))
