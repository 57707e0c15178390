"""Is chance agreement counted exactly?"""

from itertools import combinations, product

import pytest
from duckdb import DuckDBPyConnection as Con
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.agreement import LEAST, agreement, with_exact_u, without_matches

VALUES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(["a", "b", None])), max_size=8
)


def table(con: Con, name: str, values: list[tuple[str | None, str | None]]) -> str:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} (x VARCHAR, y VARCHAR)")
    if values:
        con.executemany(f"INSERT INTO {name} VALUES (?, ?)", values)
    return name


def share(pairs: list[tuple[str | None, str | None]]) -> float:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(a == b for a, b in known) / len(known) if known else 0.0


@settings(max_examples=25, deadline=None)
@given(values=VALUES)
def test_within_one_table(con: Con, values: list[tuple[str | None, str | None]]) -> None:
    name = table(con, "one", values)
    same = [(a[0], b[0]) for a, b in combinations(values, 2)]
    crossed = [(a[0], b[1]) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
    assert agreement(con, ("x", "x"), [name]) == pytest.approx(share(same))
    assert agreement(con, ("x", "y"), [name]) == pytest.approx(share(crossed))


@settings(max_examples=25, deadline=None)
@given(left=VALUES, right=VALUES)
def test_across_two_tables(
    con: Con, left: list[tuple[str | None, str | None]], right: list[tuple[str | None, str | None]]
) -> None:
    names = [table(con, "one", left), table(con, "two", right)]
    same = [(a[0], b[0]) for a, b in product(left, right)]
    crossed = [(a[0], b[1]) for a, b in [*product(left, right), *product(right, left)]]
    assert agreement(con, ("x", "x"), names) == pytest.approx(share(same))
    assert agreement(con, ("x", "y"), names) == pytest.approx(share(crossed))


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
