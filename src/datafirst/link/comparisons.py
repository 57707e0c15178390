"""In which ways can two values of a field be compared?

The levels are those of Splink's comparison library (names, dates of birth, postcodes), written
over columns that are derived once for each record instead of once for each pair.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from datafirst.spec import Comparison

NAMES_ALIKE = (0.92, 0.88, 0.70)
"""Jaro-Winkler similarities at which two names are alike (Winkler 1990; Splink's defaults)."""


@dataclass(frozen=True)
class Level:
    """One degree of agreement: the first level whose condition holds is a pair's level."""

    label: str
    sql: str
    equal: str | None = None
    """The column that is equal in both records, where the level says just that and hardly any
    pair of two people is at a level before it: its u is then counted, not sampled."""
    frequency: str | None = None
    """The column whose rare values weigh more."""
    rare: bool = False
    """Whether chance is so unlikely to bring it about that a sample may well hold no such pair."""


@dataclass(frozen=True)
class Way:
    """A comparison: when it says nothing, its levels from full agreement down, its columns."""

    missing: str
    levels: tuple[Level, ...]
    columns: dict[str, str] = field(default_factory=dict)
    """The columns it reads, and how each is derived from a linkage record."""


def way(comparison: Comparison) -> Way:
    """How this comparison is made. KeyError where there is no such way to compare."""
    return WAYS[comparison.compare](comparison)


def _both(condition: str, *names: str) -> str:
    """A condition in which {l} and {r} are a column of the left and the right record."""
    return condition.format(l=f'"{names[0]}_l"', r=f'"{names[-1]}_r"')


def _missing(*names: str) -> str:
    return " AND ".join(_both("({l} IS NULL OR {r} IS NULL)", name) for name in names)


def _same(label: str, name: str, frequent: bool = False) -> Level:
    return Level(label, _both("{l} = {r}", name), name, name if frequent else None)


def _exact(c: Comparison) -> Way:
    return Way(_missing(c.field), (_same("same", c.field, c.frequency),), {c.field: c.field})


def _identifiers(c: Comparison) -> Way:
    """Two numbers that one office gives to a person (the field and what it is compared against).

    Together, because whoever has the one in common has the other too: apart they would count
    twice. That they differ is said only where neither agrees.
    """
    first, second = c.field, c.against or c.field
    either = " OR ".join(_both("({l} IS NOT NULL AND {r} IS NOT NULL)", n) for n in (first, second))
    levels = tuple(_same(f"same {n}", n, c.frequency) for n in (first, second))
    return Way(f"NOT ({either})", levels, {n: n for n in (first, second)})


def _reference(c: Comparison) -> Way:
    """Numbers of cases and arrests that people type: same, or one slip apart."""
    slip = _both("damerau_levenshtein({l}, {r}) <= 1", c.field)
    levels = (_same("same", c.field, c.frequency), Level("one slip apart", slip, rare=True))
    return Way(_missing(c.field), levels, {c.field: c.field})


def _alike(name: str, thresholds: tuple[float, ...]) -> Iterator[Level]:
    for t in thresholds:
        sql = _both(f"jaro_winkler_similarity({{l}}, {{r}}) >= {t}", name)
        yield Level(f"alike to {t}", sql)


def _name(c: Comparison) -> Way:
    alike = tuple(_alike(c.field, c.thresholds or NAMES_ALIKE))
    return Way(_missing(c.field), (_same("same", c.field, c.frequency), *alike), {c.field: c.field})


def _both_alike(first: str, last: str, thresholds: tuple[float, ...]) -> list[Level]:
    each = zip(_alike(first, thresholds), _alike(last, thresholds), strict=True)
    return [Level(f"both {a.label}", f"{a.sql} AND {b.sql}") for a, b in each]


def _full_name(c: Comparison) -> Way:
    """Forename and surname together (the field and what it is compared against), so that names
    entered in the wrong order agree instead of disagreeing twice.

    The wrong order has no level of its own: one record in a thousand has it, too few for a
    small court to learn its weight from.
    """
    first, last = c.field, c.against or c.field
    both, either = f"{first}_{last}", f"{first}_{last}_either"
    alike = _both_alike(first, last, c.thresholds or NAMES_ALIKE[:2])
    nearly = Level(
        f"{alike[0].label}, or in the other order",
        f"({alike[0].sql} OR {_both('{l} = {r}', either)})",
    )
    levels = (
        _same("both same", both, c.frequency),
        nearly,
        *alike[1:],
        *(
            Level(f"same {n}", _both("{l} = {r}", n), frequency=n if c.frequency else None)
            for n in (last, first)
        ),
    )
    columns = {
        first: first,
        last: last,
        both: f"{first} || ' ' || {last}",
        # The same whichever of the two is said to come first, so that a pair of records weighs the
        # same whichever of them is the left one.
        either: f"least({first} || ' ' || {last}, {last} || ' ' || {first})",
    }
    return Way(_missing(first, last), levels, columns)


def _date_of_birth(c: Comparison) -> Way:
    f = c.field
    text, either, month = f"{f}_text", f"{f}_either", f"{f}_year_month"
    levels = (
        _same("same", f, c.frequency),
        Level("one digit apart", _both("levenshtein({l}, {r}) <= 1", text)),
        Level(
            "same month, or day and month swapped",
            f"({_both('{l} = {r}', month)} OR {_both('{l} = {r}', either)})",
        ),
        Level("within a year", _both("abs({l} - {r}) <= 366", f)),
        Level("within ten years", _both("abs({l} - {r}) <= 3653", f)),
    )
    derived = {
        f: f,
        month: month,
        text: f"strftime({f}, '%Y%m%d')",
        either: f"least(strftime({f}, '%Y%m%d'), strftime({f}, '%Y%d%m'))",
    }
    return Way(_missing(f), levels, derived)


def _written_date(c: Comparison) -> Way:
    """Dates by their digits, year first, as a system wrote them (a text): an impossible date is
    still one slip from the possible one."""
    f = c.field
    either, year = f"{f}_either", f"{f}_number"
    slips = [_both(f"damerau_levenshtein({{l}}, {{r}}) <= {n}", f) for n in (1, 2)]
    levels = (
        _same("same", f, c.frequency),
        Level("one slip apart", slips[0]),
        Level(
            "two slips apart, or day and month swapped",
            f"({slips[1]} OR {_both('{l} = {r}', either)})",
        ),
        Level("within ten years", _both("abs({l} - {r}) <= 10", year)),
    )
    derived = {
        f: f,
        either: f"least({f}, {f}[1:4] || {f}[7:8] || {f}[5:6])",
        year: f"try_cast({f}[1:4] AS INTEGER)",
    }
    return Way(_missing(f), levels, derived)


def _postcode(c: Comparison) -> Way:
    f = c.field
    within = [f"{f}_{part}" for part in ("sector", "district", "area")]
    levels = (
        _same("same", f, c.frequency),
        Level("one letter apart", _both("levenshtein({l}, {r}) <= 1", f)),
        *(Level(f"same {n.rsplit('_', 1)[1]}", _both("{l} = {r}", n)) for n in within),
    )
    return Way(_missing(f), levels, {n: n for n in (f, *within)})


def _days_apart(c: Comparison) -> Way:
    """Dates of one event in two systems: the same day, or up to each threshold apart."""
    f = c.field
    apart = tuple(
        Level(f"up to {days:g} days apart", _both(f"abs({{l}} - {{r}}) <= {days:g}", f))
        for days in c.thresholds
    )
    return Way(_missing(f), (_same("same", f, c.frequency), *apart), {f: f})


def _shared_dates(c: Comparison) -> Way:
    """Days on which something happened to a person, a list in each record: have they any in common?

    One day comes before several, which are rare: a level that was never seen in training says
    nothing, but the first must have been seen.
    """
    f = c.field
    levels = (
        Level("one shared", _both("len(list_intersect({l}, {r})) = 1", f)),
        Level("several shared", _both("list_has_any({l}, {r})", f), rare=True),
    )
    return Way(_missing(f), levels, {f: f})


WAYS: dict[str, Callable[[Comparison], Way]] = {
    "exact": _exact,
    "identifier": _exact,
    "identifiers": _identifiers,
    "reference": _reference,
    "name": _name,
    "full_name": _full_name,
    "date_of_birth": _date_of_birth,
    "written_date": _written_date,
    "postcode": _postcode,
    "days_apart": _days_apart,
    "shared_dates": _shared_dates,
}
"""What `compare` may be in a linkage model."""
