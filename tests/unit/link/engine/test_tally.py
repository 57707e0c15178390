"""Is every pair counted, once, under the pattern that it shows?"""

from collections import Counter
from itertools import combinations, product

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as check
from hypothesis import strategies as st

from datafirst.link.engine.columns import columns
from datafirst.link.engine.conditions import Condition, Equal, Holds, NotUnderstood
from datafirst.link.engine.patterns import Counts, _added
from datafirst.link.engine.plan import Comparison, Level, Rule
from datafirst.link.engine.tally import Asked, Tally, tally
from datafirst.link.tabled import FREE

VALUES = st.lists(st.sampled_from([1, 2, 3, None]), max_size=30)
SAME = Equal('"x"', '"x"')


def comparison(name: str, asked: Condition, missing: str = '"x" IS NULL') -> Comparison:
    """Null, yes and no."""
    unknown = tuple(Level(Holds(side, missing), 0.0, -1) for side in ("l", "r"))
    return Comparison(name, (*unknown, Level(asked, 0.0, 1), Level(None, 0.0, 0)))


def counted(asked: Asked, *each: list[int | None]) -> Tally:
    with duckdb.connect() as con:
        tables = {}
        for n, values in enumerate(each):
            tables[f"d{n}"] = f"t{n}"
            con.execute(f"CREATE TABLE t{n} (unique_id INT, x INT)")
            if values:
                con.executemany(
                    f"INSERT INTO t{n} VALUES (?, ?)", [list(v) for v in enumerate(values)]
                )
        return tally(columns(con, tables), asked)


def level(a: int | None, b: int | None) -> int:
    return -1 if a is None or b is None else int(a == b)


@check(max_examples=25, deadline=None)
@given(values=VALUES)
def test_all_pairs_of_one_dataset(values: list[int | None]) -> None:
    """Records that are the same are counted as many times as there are."""
    found = counted(Asked((comparison("c", SAME),), across=False), values)
    assert found.of("c") == Counter(level(a, b) for a, b in combinations(values, 2))


@check(max_examples=25, deadline=None)
@given(one=VALUES, other=VALUES)
def test_all_pairs_across_two(one: list[int | None], other: list[int | None]) -> None:
    found = counted(Asked((comparison("c", SAME),), across=True), one, other)
    assert found.of("c") == Counter(level(a, b) for a, b in product(one, other))


@check(max_examples=25, deadline=None)
@given(values=VALUES)
def test_which_is_the_left_record_is_not_forgotten(values: list[int | None]) -> None:
    asked = comparison("c", Holds("l", '"x" = 1'), missing="false")
    found = counted(Asked((asked,), across=False), values)
    assert found.of("c") == Counter(int(a == 1) for a, _ in combinations(values, 2))


@check(max_examples=25, deadline=None)
@given(values=VALUES)
def test_the_pairs_of_a_rule(values: list[int | None]) -> None:
    """What it asks besides its keys is asked of every pair."""
    asked = comparison("c", Holds("l", "unique_id % 3 = 0"))
    rule = Rule(('"x"',), Holds("r", "unique_id % 2 = 0"))
    found = counted(Asked((asked,), False, rule), values)
    numbered = [(n, x) for n, x in enumerate(values) if x is not None]
    pairs = [(n, m) for (n, a), (m, b) in combinations(numbered, 2) if a == b and m % 2 == 0]
    assert found.of("c") == Counter(int(n % 3 == 0) for n, _ in pairs)


def test_more_pairs_are_counted_than_are_compared_together() -> None:
    one, other = comparison("c", SAME), [*range(100), *range(50)]
    assert counted(Asked((one,), False), [*range(120)]).of("c") == {0: 120 * 119 // 2}
    assert counted(Asked((one,), True), other, other).of("c") == {1: 250, 0: 150 * 150 - 250}
    rule = Rule(("x % 2",), None)
    assert counted(Asked((one,), False, rule), [*range(300)]).of("c") == {0: 150 * 149}


def test_patterns_are_more_than_there_is_room_for_at_first() -> None:
    """Each bit of two numbers is compared: what they differ in is the pattern."""
    bits = tuple(comparison(f"b{n}", Equal(bit := f"(x >> {n}) & 1", bit)) for n in range(10))
    found = counted(Asked(bits, False), [*range(700)])
    each_bit = [(1 - found.levels[f"b{n}"]) << n for n in range(10)]
    differs = np.sum(each_bit, axis=0)
    numbers = np.arange(700)
    each = np.bincount((numbers[:, None] ^ numbers)[np.triu_indices(700, 1)])
    assert dict(zip(differs.tolist(), found.pairs.tolist(), strict=True)) == {
        pattern: n for pattern, n in enumerate(each.tolist()) if n
    }


def test_patterns_are_joint() -> None:
    one, other = comparison("same", SAME), comparison("odd", Holds("l", '"x" = 1'))
    found = counted(Asked((one, other), False), [1, 1, 2, None])
    told = dict(zip(zip(*(found.levels[c].tolist() for c in ("same", "odd")), strict=True),
                    found.pairs.tolist(), strict=True))  # fmt: skip
    assert told == {(1, 1): 1, (0, 1): 2, (-1, -1): 3}


def test_more_patterns_than_numbers_are_not_understood() -> None:
    many = tuple(comparison(f"c{n}", SAME) for n in range(32))
    with pytest.raises(NotUnderstood):
        counted(Asked(many, False), [1, 2])


@check(max_examples=25, deadline=None)
@given(chosen=st.lists(st.integers(0, 40), max_size=60), size=st.sampled_from([2, 4, 64]))
def test_the_table_of_patterns_grows(chosen: list[int], size: int) -> None:
    counts = Counts(np.full(size, FREE, np.int64), np.zeros(size, np.int64))
    every = np.array([n * 2**40 for n in chosen], np.int64)
    for part in np.array_split(every, 3):
        counts = _added(counts, part, np.full(len(part), 3, np.int64))
    met = counts.pattern != FREE
    told = dict(zip(counts.pattern[met].tolist(), counts.pairs[met].tolist(), strict=True))
    assert told == {n * 2**40: 3 * many for n, many in Counter(chosen).items()}
    assert 2 * met.sum() <= max(len(counts.pattern), 2)
