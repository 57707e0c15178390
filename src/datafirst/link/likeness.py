"""In which ways are two values alike without being equal? Each is a condition on a pair.

They are asked of pairs that agree on the columns of a rule, and those are few: nothing is worth
deriving beforehand for every record.
"""

from collections.abc import Callable

from datafirst.spec import Alike

from .soundex import soundex

SHORTEST = 3
"""Letters of a short form: JO begins more names than it stands for."""


def likeness(alike: Alike) -> str:
    """The condition, of a record `l` and a record `r`, that they are alike in this way.

    Not true where one of the values is missing.
    """
    return f"({WAYS[alike.by](alike)})"


def _each(field: str) -> tuple[str, str]:
    return f'l."{field}"', f'r."{field}"'


def _same(left: str, right: str) -> str:
    """Equality of two texts of one length, not written as such: DuckDB would then join on it, and
    derive it for every record first."""
    return f"starts_with({left}, {right})"


def _jaro_winkler(alike: Alike) -> str:
    left, right = _each(alike.field)
    return f"jaro_winkler_similarity({left}, {right}) >= {alike.at_least}"


def _soundex(alike: Alike) -> str:
    left, right = _each(alike.field)
    return _same(soundex(left), soundex(right))


def _shortened(alike: Alike) -> str:
    left, right = _each(alike.field)
    return (
        f"least(len({left}), len({right})) >= {SHORTEST} "
        f"AND (starts_with({left}, {right}) OR starts_with({right}, {left}))"
    )


def _swapped_with(alike: Alike) -> str:
    (left, right), (other_left, other_right) = _each(alike.field), _each(alike.against or "")
    return f"{left} = {other_right} AND {other_left} = {right}"


def _one_digit_apart(alike: Alike) -> str:
    left, right = (f"strftime({value}, '%Y%m%d')" for value in _each(alike.field))
    return f"levenshtein({left}, {right}) <= 1"


def _day_and_month_swapped(alike: Alike) -> str:
    left, right = _each(alike.field)
    return _same(f"strftime({left}, '%Y-%d-%m')", f"strftime({right}, '%Y-%m-%d')")


WAYS: dict[str, Callable[[Alike], str]] = {
    "jaro_winkler": _jaro_winkler,
    "soundex": _soundex,
    "shortened": _shortened,
    "swapped_with": _swapped_with,
    "one_digit_apart": _one_digit_apart,
    "day_and_month_swapped": _day_and_month_swapped,
}
