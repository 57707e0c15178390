"""Is a pair refused by its letters alone only where it must be?"""

import math

import numpy as np
from hypothesis import given, settings

from datafirst.link.engine.inventory import (
    edits_at_least,
    inventories,
    may_be_alike,
    may_be_alike_boosted,
)

from .likeness import Pair, pairs, said, several, side

MANY = pairs(seed=3, count=3000)
LEAST = (0.5, 0.7, 0.8, 0.88, 0.92, 1.0)


def refused(asked: list[Pair]) -> tuple[int, int]:
    """How many pairs are refused wrongly, and how many rightly?"""
    left, right = (side(values) for values in zip(*asked, strict=True))
    have = inventories(left.text, left.begin), inventories(right.text, right.begin)
    length = np.diff(left.begin), np.diff(right.begin)
    told = said(asked)
    wrongly = rightly = 0
    for k in range(len(asked)):
        pair = have[0][k], length[0][k], have[1][k], length[1][k]
        for name, may in (("jaro", may_be_alike), ("jaro_winkler", may_be_alike_boosted)):
            value = told[name][k]
            for least in (*LEAST, value, math.nextafter(value, 0.0)):
                wrongly += value >= least and not may(*pair, least)
                rightly += not may(*pair, least)
        wrongly += edits_at_least(have[0][k], have[1][k]) > told["damerau_levenshtein"][k]
        rightly += edits_at_least(have[0][k], have[1][k]) > 2
    return wrongly, rightly


def test_no_pair_is_refused_that_would_do_and_most_others_are() -> None:
    wrongly, rightly = refused(MANY)
    assert wrongly == 0
    assert rightly > len(MANY)


@settings(max_examples=25, deadline=None)
@given(several)
def test_nothing_is_refused_wrongly(asked: list[Pair]) -> None:
    assert refused(asked)[0] == 0


def test_a_letter_counts_twice_and_no_more() -> None:
    text = side(["a", "aa", "aaa", "b"])
    one, two, three, other = inventories(text.text, text.begin)
    assert edits_at_least(one, two) == 1
    assert edits_at_least(two, three) == 0
    assert edits_at_least(two, other) == 2
