"""No figure in a catalogue shows few people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datafirst.catalogue import publishable
from datafirst.catalogue.publishable import CONFIDENTIAL


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(0, 0), (1, CONFIDENTIAL), (9, CONFIDENTIAL), (10, 10), (14, 10), (15, 20), (1204, 1200)],
)
def test_small_counts_are_suppressed_and_others_rounded(exact, shown):
    assert publishable.count(exact) == shown


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_percentage_does_not_tell_counts_that_round_alike_apart(part, whole):
    part = min(part, whole)
    shown = publishable.percentage(part, whole)
    if whole < 100:
        assert shown == CONFIDENTIAL
    else:
        assert 0 <= shown <= 100
        assert shown == publishable.percentage(
            min(part // 10 * 10 + part % 10 // 5 * 10, whole), whole
        )


@given(st.integers(0, 10**9))
def test_none_and_few_look_the_same(exact):
    assert (publishable.band(exact) == publishable.band(0)) == (exact < 10)


@pytest.mark.parametrize(
    ("value", "held_by", "upper", "shown"),
    [
        (date(2011, 1, 4), 1, False, "2011-01"),
        (2011, 50, False, "2011"),
        (12345, 3, False, "12000"),
        (12345, 3, True, "13000"),
        (12345, 10, True, "12345"),
        (0, 1, False, "0"),
        (-37.21, 2, False, "-38"),
        (0.0123, 2, True, "0.013"),
    ],
)
def test_ends_of_ranges_are_held_by_many_or_rounded_outward(value, held_by, upper, shown):
    assert publishable.bound(value, held_by, upper=upper) == shown
