"""Have lists in common what their codes have in common?"""

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.lists import Listed, lists

WORDS = st.sampled_from(["a", "b", "é", "", None])
COLUMN = st.lists(st.none() | st.lists(WORDS, max_size=4), min_size=1, max_size=12)
Words = list[list[str | None] | None]


def told(listed: Listed) -> list[list[int] | None]:
    """The codes of each record's list."""
    made, element, begin = listed
    return [
        None if code < 0 else element[begin[code] : begin[code + 1]].tolist()
        for code in made.codes.tolist()
    ]


@settings(max_examples=100, deadline=None)
@given(one=COLUMN, other=COLUMN)
def test_a_value_has_one_code_in_all_columns(one: Words, other: Words) -> None:
    """What is missing in a list is nothing that lists have in common."""
    found = lists([pa.chunked_array([pa.array(c, pa.list_(pa.string()))]) for c in (one, other)])
    codes = [told(listed) for listed in found]
    assert all(each is None or each == sorted(set(each)) for column in codes for each in column)
    for mine, a in zip(one, codes[0], strict=True):
        for theirs, b in zip(other, codes[1], strict=True):
            assert (mine is None, theirs is None) == (a is None, b is None)
            if mine is not None and theirs is not None and a is not None and b is not None:
                common = set(mine) & set(theirs) - {None}
                assert len(common) == len(set(a) & set(b))


def test_lists_of_the_same_values_are_one() -> None:
    column = [["b", "a"], ["a", "b", None, "a"], ["a"], None, [], [None]]
    ((made, _, _),) = lists([pa.chunked_array([pa.array(column)])])
    one, again, less, none, empty, nothing = made.codes.tolist()
    assert one == again
    assert len({one, less, none, empty}) == 4
    assert (none, nothing) == (-1, empty)


def test_lists_in_parts() -> None:
    """As DuckDB hands them on, and none at all."""
    column = pa.chunked_array([[["x"], ["y"]], [["y"], ["x"]]])
    assert told(lists([column])[0]) == [[0], [1], [1], [0]]
    none = pa.chunked_array([], pa.list_(pa.string()))
    assert told(lists([none])[0]) == []


@pytest.mark.parametrize(
    "sql", ["'a'", "[[1]]", "[{'a': 1}]", "['p'::ENUM('p')]", "[1, 2]::INTEGER[2]", "MAP {'a': 1}"]
)
def test_what_are_no_lists_of_values_is_not_understood(sql: str) -> None:
    with duckdb.connect() as con, pytest.raises(NotUnderstood):
        lists([con.sql(f"SELECT {sql} AS v").to_arrow_table().column("v")])


def test_lists_of_two_types_are_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        lists([pa.chunked_array([[["1"]]]), pa.chunked_array([[[1]]])])
