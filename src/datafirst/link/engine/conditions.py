"""What may be asked of two records?

A condition is a tree. Its leaves ask one thing of a pair, of values that each record has by
itself; every answer is true, false or null, and AND, OR and NOT are those of SQL.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["l", "r"]


class NotUnderstood(Exception):
    """A condition that cannot be written as a tree without changing what it says."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        """The function or the form that is not understood; never a value."""


@dataclass(frozen=True, slots=True)
class Equal:
    """Is what the left record has equal to what the right one has? Null where either is."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Are two texts at least so similar?"""

    how: Literal["jaro", "jaro_winkler"]
    left: str
    right: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Edits:
    """Do at most so many edits make one text the other?"""

    how: Literal["levenshtein", "damerau_levenshtein"]
    left: str
    right: str
    up_to: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Do two numbers (or two dates, in days) differ by at most so much?"""

    left: str
    right: str
    up_to: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Have two lists at least so many different values in common?"""

    left: str
    right: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Holds:
    """Is this true of one record, whatever the other is?"""

    side: Side
    sql: str


@dataclass(frozen=True, slots=True)
class And:
    """Do all hold? True of no parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Does any hold? False of no parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Is this false? Null where it is null."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class IsTrue:
    """Is this true, rather than false or null? Never null."""

    part: "Condition"


Condition: TypeAlias = Equal | Alike | Edits | Apart | Shared | Holds | And | Or | Not | IsTrue


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that this one is made of; none for a leaf."""
    if isinstance(condition, And | Or):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not | IsTrue) else ()


def columns(condition: Condition) -> set[str]:
    """Every expression over one record that it reads, whichever record that is."""
    if isinstance(condition, Holds):
        return {condition.sql}
    if isinstance(condition, Equal | Alike | Edits | Apart | Shared):
        return {condition.left, condition.right}
    return {name for part in parts(condition) for name in columns(part)}


def cost(condition: Condition) -> Literal["cheap", "dear"]:
    """Whether texts or lists are gone through to answer it, or only numbers compared."""
    if isinstance(condition, Alike | Edits | Shared):
        return "dear"
    return "dear" if any(cost(part) == "dear" for part in parts(condition)) else "cheap"


def all_of(*asked: Condition) -> Condition:
    """AND, without what is always true and what is asked before."""
    each = dict.fromkeys(p for one in asked for p in (one.parts if isinstance(one, And) else [one]))
    if Or(()) in each:
        return Or(())
    return next(iter(each)) if len(each) == 1 else And(tuple(each))


def any_of(*asked: Condition) -> Condition:
    """OR, without what is never true and what is asked before."""
    each = dict.fromkeys(p for one in asked for p in (one.parts if isinstance(one, Or) else [one]))
    if And(()) in each:
        return And(())
    return next(iter(each)) if len(each) == 1 else Or(tuple(each))


def none_of(asked: Condition) -> Condition:
    """NOT, without asking twice."""
    if isinstance(asked, Not):
        return asked.part
    if asked in (And(()), Or(())):
        return Or(()) if isinstance(asked, And) else And(())
    return Not(asked)


def lists(condition: Condition) -> set[str]:
    """The expressions that must be lists for it to be asked."""
    if isinstance(condition, Shared):
        return {condition.left, condition.right}
    return {name for part in parts(condition) for name in lists(part)}
