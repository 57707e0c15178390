"""What does a similarity or a difference say when it is held against a number?

Each is turned into one question (at least so similar, at most so different), because that can be
answered without working out the whole of it. The other comparisons follow: more than n is not at
most n, and equal to n is at most n and not less.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from .conditions import (
    Alike,
    Apart,
    Condition,
    Edits,
    Holds,
    NotUnderstood,
    Shared,
    all_of,
    any_of,
    none_of,
)
from .sides import across, of_record, sides
from .syntax import Node, arguments, called

MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""What is said of the second when this is said of the first."""

_SAYS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}

_SIMILARITIES = {"jaro_similarity": "jaro", "jaro_winkler_similarity": "jaro_winkler"}

_EDITS = {
    "levenshtein": "levenshtein",
    "editdist3": "levenshtein",
    "damerau_levenshtein": "damerau_levenshtein",
}

_INTERSECTIONS = ("list_intersect", "array_intersect")

_LENGTHS = ("len", "length", "array_length")

_COUNTED = ("year", "quarter", "month", "day", "hour", "minute", "second")
"""The parts of dates of which date_diff counts the same between two dates as from any third one
to each of them, and then the difference. That is not so of weeks."""

_MOST = 2**31 - 1


@dataclass(frozen=True)
class Bound:
    """A number of the condition: as it is written, and as DuckDB compares it with a DOUBLE."""

    exact: Fraction
    value: float


@dataclass(frozen=True)
class Measure:
    """A number that is worked out from both records."""

    near: str
    """Which way records are alike: up to a number (<=) or from it on (>=)."""
    asked: Callable[[Bound, bool], Condition]
    """Whether it is on the near side of a number, or strictly so."""
    known: Condition | None = None
    """Where this is false it is 0, though one record has no value; where null, it is null."""


def measured(node: Node) -> Measure | None:
    """The measure that a part of a condition is, if we know it."""
    if called(node, *_LENGTHS) and len(arguments(node)) == 1:
        inner = arguments(node)[0]
        return _shared(inner) if called(inner, *_INTERSECTIONS) else None
    if called(node, "abs", "@"):
        return _difference(arguments(node)[0])
    found = (
        across(*arguments(node)) if called(node, *_SIMILARITIES, *_EDITS) and _two(node) else None
    )
    if not found:
        return None
    name, (left, right) = node["function_name"], found
    if name in _SIMILARITIES:
        return Measure(">=", partial(_alike, _SIMILARITIES[name], left, right))
    return Measure("<=", partial(_edits, _EDITS[name], left, right))


def held(measure: Measure, says: str, bound: Bound, fully: bool) -> Condition:
    """The condition that a measure stands in this relation to a number; unless it is to be told
    fully, it may be null where it is false."""
    made = _related(measure, says, bound)
    if measure.known and _SAYS[says](0, bound.exact):
        return any_of(made, none_of(measure.known))
    return all_of(measure.known, made) if measure.known and fully else made


def _related(measure: Measure, says: str, bound: Bound) -> Condition:
    if says == "<>":
        return none_of(_related(measure, "=", bound))
    if says == "=":
        return all_of(measure.asked(bound, False), none_of(measure.asked(bound, True)))
    if says[0] == measure.near[0]:
        return measure.asked(bound, says != measure.near)
    return none_of(measure.asked(bound, says == MIRRORED[measure.near]))


def _two(node: Node) -> bool:
    return len(arguments(node)) == 2


def _difference(node: Node) -> Measure | None:
    """abs of one number less the other, or of the days or years from one date to the other."""
    told = arguments(node) if node["class"] == "FUNCTION" else []
    if called(node, "-") and len(told) == 2:
        found = across(*told)
        return Measure("<=", partial(_apart, *found)) if found else None
    if called(node, "date_diff", "datediff") and len(told) == 3:
        part = told[0].get("literal", {}).get("text", "").lower()
        found = across(*told[1:])
        if found and part in _COUNTED:
            since = f"date_diff('{part}', CAST('1970-01-01' AS DATE), "
            return Measure("<=", partial(_apart, f"{since}{found[0]})", f"{since}{found[1]})"))
    return None


def _shared(node: Node) -> Measure | None:
    """How many values two lists have in common. In DuckDB none where the second list is not there,
    which is not known where the first is not."""
    found = across(*arguments(node)) if _two(node) else None
    if not found:
        return None
    first, second = arguments(node)
    (one,), (other,) = sides(first), sides(second)
    known = any_of(
        Holds(other, f"({of_record(second)} IS NOT NULL)"),
        Holds(one, f"(len({of_record(first)}) < 0)"),  # never, but null where it is not there
    )
    return Measure(">=", partial(_in_common, *found), known)


def _alike(how: Any, left: str, right: str, bound: Bound, strictly: bool) -> Condition:
    least = math.nextafter(bound.value, math.inf) if strictly else bound.value
    return Alike(how, left, right, least)


def _edits(how: Any, left: str, right: str, bound: Bound, strictly: bool) -> Condition:
    up_to = math.ceil(bound.exact) - 1 if strictly else math.floor(bound.exact)
    if up_to < 0:
        none = Edits(how, left, right, 0)
        return all_of(none, none_of(none))  # never, but null where a text is not there
    return Edits(how, left, right, min(up_to, _MOST))


def _apart(left: str, right: str, bound: Bound, strictly: bool) -> Condition:
    exact, value = bound.exact, Fraction(bound.value)
    if (math.floor(exact), math.ceil(exact)) != (math.floor(value), math.ceil(value)):
        raise NotUnderstood("a number of more digits than a DOUBLE has")
    up_to = math.nextafter(bound.value, -math.inf) if strictly else bound.value
    return Apart(left, right, up_to)


def _in_common(left: str, right: str, bound: Bound, strictly: bool) -> Condition:
    least = math.floor(bound.exact) + 1 if strictly else math.ceil(bound.exact)
    if least < 1:
        any_at_all = Shared(left, right, 1)
        return any_of(any_at_all, none_of(any_at_all))  # always, but null where a list is not there
    return Shared(left, right, min(least, _MOST))
