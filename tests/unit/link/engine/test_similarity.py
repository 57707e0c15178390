"""Is a similarity DuckDB's own, to the last bit?"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from datafirst.link.compiled import kernel
from datafirst.link.engine.places import Text, address
from datafirst.link.engine.similarity import jaro_between, jaro_winkler_between

from .likeness import Pair, asked_of, pairs, said, scratch, several, untouched

MANY = pairs(seed=1, count=3000)
LEAST = (0.5, 0.7, 0.8, 0.88, 0.92, 1.0)


@kernel
def plain(
    left: Text, a: int, a_end: int, right: Text, b: int, b_end: int, least: float, work: Text
) -> float:
    one, other, spare = address(left, a), address(right, b), address(work, 0)
    return jaro_between(one, a_end - a, other, b_end - b, least, spare)


@kernel
def boosted(
    left: Text, a: int, a_end: int, right: Text, b: int, b_end: int, least: float, work: Text
) -> float:
    one, other, spare = address(left, a), address(right, b), address(work, 0)
    return jaro_winkler_between(one, a_end - a, other, b_end - b, least, spare)


KERNELS: dict[str, Any] = {"jaro": plain, "jaro_winkler": boosted}


def wrong(asked: list[Pair], name: str) -> int:
    """How often is DuckDB contradicted, by the whole similarity or where only some will do?"""
    told, work = said(asked)[name] * 2, scratch(asked, np.uint8)
    found = 0
    for pair, value in zip(asked_of(asked), told, strict=True):
        for least in (0.0, *LEAST, value, math.nextafter(value, 2.0)):
            near = KERNELS[name](*pair, least, work)
            found += near != value if value >= least else near >= least
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
def test_it_is_the_same_either_way_round(name: str) -> None:
    told = said([*MANY, *((other, one) for one, other in MANY)])[name]
    assert told[: len(MANY)] == told[len(MANY) :]
    assert wrong([(other, one) for one, other in MANY[:500]], name) == 0


def test_letters_are_bytes_and_an_empty_text_is_like_nothing() -> None:
    told = said([("", ""), ("a", ""), ("é", "è")])
    assert told["jaro"] == told["jaro_winkler"] == [0.0, 0.0, (0.5 + 0.5 + 1.0) / 3.0]


def test_some_boosts_show_that_they_are_rounded_once() -> None:
    """The pairs would not tell, if rounding twice gave as much."""
    told = said(MANY)
    leading = [
        next((k for k in range(4) if one[k : k + 1] != other[k : k + 1] or len(one) <= k), 4)
        for one, other in ((one.encode(), other.encode()) for one, other in MANY)
    ]
    assert any(
        plain > 0.7 and plain + k * 0.1 * (1.0 - plain) != boosted
        for plain, boosted, k in zip(told["jaro"], told["jaro_winkler"], leading, strict=True)
    )
