"""Is chance agreement counted exactly?"""

from collections.abc import Iterable
from itertools import combinations, product

import pytest
from duckdb import DuckDBPyConnection as Con
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.agreement import LEAST, agreement, with_exact_u, without_matches

VALUES = st.lists(st.sampled_from(["a", "b", "c", None]), max_size=8)


def table(con: Con, name: str, values: list[str | None]) -> str:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} (x VARCHAR)")
    if values:
        con.executemany(f"INSERT INTO {name} VALUES (?)", [[v] for v in values])
    return name


def share(pairs: Iterable[tuple[str | None, str | None]]) -> float:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(a == b for a, b in known) / len(known) if known else 0.0


@settings(max_examples=25, deadline=None)
@given(values=VALUES)
def test_within_one_table(con: Con, values: list[str | None]) -> None:
    name = table(con, "one", values)
    assert agreement(con, "x", [name]) == pytest.approx(share(combinations(values, 2)))


@settings(max_examples=25, deadline=None)
@given(left=VALUES, right=VALUES)
def test_across_two_tables(con: Con, left: list[str | None], right: list[str | None]) -> None:
    names = [table(con, "one", left), table(con, "two", right)]
    assert agreement(con, "x", names) == pytest.approx(share(product(left, right)))


def test_matches_are_taken_out_of_chance_agreement() -> None:
    assert without_matches(1e-3, 0.0, 1e-6) == pytest.approx(1e-3, rel=1e-5)
    assert without_matches(1e-6, 0.99, 1e-6) == pytest.approx(1e-8, rel=1e-5)
    assert without_matches(0.0, 0.0, 1e-6) == without_matches(1e-6, 1.0, 1e-6) == LEAST


def test_the_other_levels_share_what_is_left() -> None:
    levels = [
        {"label_for_charts": "missing", "is_null_level": True},
        {"label_for_charts": "same", "u_probability": 0.2},
        {"label_for_charts": "alike", "u_probability": 0.2},
        {"label_for_charts": "different", "u_probability": 0.6},
    ]
    begun = {"comparisons": [{"output_column_name": "f", "comparison_levels": levels}]}
    made = with_exact_u(begun, {("f", "same"): 0.6})
    found = [x.get("u_probability") for x in made["comparisons"][0]["comparison_levels"]]
    assert found == [None, 0.6, pytest.approx(0.1), pytest.approx(0.3)]
