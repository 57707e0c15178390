"""Is a distance DuckDB's own, or one more than was asked for?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from datafirst.link.compiled import kernel
from datafirst.link.engine.distance import edits_between
from datafirst.link.engine.places import Text, address

from .likeness import Pair, asked_of, pairs, said, scratch, several, untouched

SWAPS = {"levenshtein": False, "damerau_levenshtein": True}
MANY = pairs(seed=2, count=3000)
ANY = 2**31 - 1
UP_TO = (0, 1, 2, 3, 4, 8, 40, ANY)

few_letters = st.lists(
    st.tuples(st.text(alphabet="abc", max_size=9), st.text(alphabet="abc", max_size=9)),
    min_size=1, max_size=60,
)  # fmt: skip


@kernel
def edits(
    left: Text, a: int, a_end: int, right: Text, b: int, b_end: int, up_to: int, swaps: bool,
    work: NDArray[np.int32],
) -> int:  # fmt: skip
    one, other, spare = address(left, a), address(right, b), address(work, 0)
    return edits_between(one, a_end - a, other, b_end - b, up_to, swaps, spare)


def wrong(asked: list[Pair], name: str) -> int:
    """How often is DuckDB contradicted?"""
    told, work = said(asked)[name] * 2, scratch(asked, np.int32)
    found = sum(
        int(edits(*pair, up_to, SWAPS[name], work) != min(value, up_to + 1))
        for pair, value in zip(asked_of(asked), told, strict=True)
        for up_to in UP_TO
    )
    assert untouched(work)
    return found


@pytest.mark.parametrize("name", SWAPS)
def test_it_is_what_duckdb_says_of_names_and_nonsense(name: str) -> None:
    assert wrong(MANY, name) == 0


@pytest.mark.parametrize("name", SWAPS)
@settings(max_examples=25, deadline=None)
@given(several)
def test_it_is_what_duckdb_says_of_anything(name: str, asked: list[Pair]) -> None:
    assert wrong(asked, name) == 0


@pytest.mark.parametrize("name", SWAPS)
@settings(max_examples=60, deadline=None)
@given(few_letters)
def test_it_is_what_duckdb_says_where_letters_change_places(name: str, asked: list[Pair]) -> None:
    assert wrong(asked, name) == 0


@pytest.mark.parametrize("name", SWAPS)
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


@pytest.mark.parametrize("name", SWAPS)
def test_no_distance_is_less_than_nought(name: str) -> None:
    """Where none will do, every pair is apart by more."""
    pair = asked_of([("same", "same")])[0]
    assert edits(*pair, -1, SWAPS[name], scratch([("same", "same")], np.int32)) == 0
