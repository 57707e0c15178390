"""Is a distance DuckDB's own, or one more than was asked for?"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.engine.distance import damerau_levenshtein, levenshtein

from .likeness import Pair, asked_of, pairs, said, scratch, several, untouched

KERNELS: dict[str, Any] = {"levenshtein": levenshtein, "damerau_levenshtein": damerau_levenshtein}
MANY = pairs(seed=2, count=3000)
ANY = 2**31 - 1
UP_TO = (0, 1, 2, 3, 4, 8, 40, ANY)

few_letters = st.lists(
    st.tuples(st.text(alphabet="abc", max_size=9), st.text(alphabet="abc", max_size=9)),
    min_size=1, max_size=60,
)  # fmt: skip


def wrong(asked: list[Pair], name: str) -> int:
    """How often is DuckDB contradicted?"""
    told, work = said(asked)[name] * 2, scratch(asked, np.int32)
    found = sum(
        int(KERNELS[name](*pair, up_to, work) != min(value, up_to + 1))
        for pair, value in zip(asked_of(asked), told, strict=True)
        for up_to in UP_TO
    )
    assert untouched(work)
    return found


@pytest.mark.parametrize("name", KERNELS)
def test_it_is_what_duckdb_says_of_names_and_nonsense(name: str) -> None:
    assert wrong(MANY, name) == 0


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=25, deadline=None)
@given(several)
def test_it_is_what_duckdb_says_of_anything(name: str, asked: list[Pair]) -> None:
    assert wrong(asked, name) == 0


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=60, deadline=None)
@given(few_letters)
def test_it_is_what_duckdb_says_where_letters_change_places(name: str, asked: list[Pair]) -> None:
    assert wrong(asked, name) == 0


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("length", [62, 63, 64, 65, 66, 127, 129])
def test_nothing_happens_where_a_word_ends(name: str, length: int) -> None:
    one = "x" + "ab" * (length // 2) + "y"
    others = (one[1:], "z" + one[1:-1] + "z", one[::-1], one[:30] + one[32:], "z" + "ba" * 40 + "z")
    assert wrong([(one, other) for other in others], name) == 0


def test_letters_that_change_places_may_be_parted() -> None:
    told = said([("ca", "abc"), ("é", "e"), ("", "")])
    assert told["damerau_levenshtein"] == [2, 2, 0]
    assert told["levenshtein"] == [3, 2, 0]
    assert (
        wrong([("xcay", "xabcy"), ("ca", "abc"), ("aycdbz", "bycdaz")], "damerau_levenshtein") == 0
    )


@pytest.mark.parametrize("name", KERNELS)
def test_no_distance_is_less_than_nought(name: str) -> None:
    """Where none will do, every pair is apart by more."""
    pair = asked_of([("same", "same")])[0]
    assert KERNELS[name](*pair, -1, scratch([("same", "same")], np.int32)) == 0
