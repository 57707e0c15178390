"""In which steps is a pair of records compared?

Cheap conditions (equal codes, differences of numbers, what is said of one record) are answered for
a block of pairs at a time, each once however many levels and rules ask it: one step each, whose
answer is kept under the step's number. Dear ones (likeness of texts, lists in common) are answered
for one pair at a time, by postfix steps on a stack, and only where they can still matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .conditions import (
    Alike,
    And,
    Apart,
    Condition,
    Edits,
    Equal,
    Holds,
    IsTrue,
    Not,
    NotUnderstood,
    Or,
    Shared,
    cost,
)
from .values import FALSE, NULL, TRUE

EQUAL, APART, HOLDS, EMPTY, AND, OR, NOT, IS_TRUE, CONSTANT = range(9)
ANSWER, AT_LEAST, UP_TO, BOTH, EITHER, OPPOSITE, SURELY = range(7)
JARO, JARO_WINKLER, LEVENSHTEIN, DAMERAU_LEVENSHTEIN, SHARED = range(5)

DEEPEST = 16
"""How many answers a dear condition may have on its stack."""

DEAR, ELSE = -1, -2
"""In place of a step's number: the level's condition is dear, or there is none."""

_EMPTY = re.compile(r'\(("[^"]+") IS NULL\)')
"""How language.condition() writes that a column is null."""

VALUE, TRUTH, LIST = "value", "truth", "list"
Column = tuple[str, str]
"""What is kept of records: a kind of VALUE, TRUTH or LIST, and the expression."""

Steps = NDArray[np.int32]
Numbers = NDArray[np.float64]


class Program(NamedTuple):
    """The steps as arrays. Where two axes are named they are comparisons and their levels."""

    block: Steps
    """By cheap step: what is done, to which two columns or steps."""
    limit: Numbers
    """By cheap step, the difference allowed."""
    measure: Steps
    """By measure: of which kind, of which two columns, and above what it is all the same."""
    least: Numbers
    """By measure, below what it is all the same."""
    dear: Steps
    """By dear step: what is done, to which cheap step or measure, and the answer on the top of the
    stack with which the measure need not be taken."""
    bar: Numbers
    """By dear step, the number that a measure is held against."""
    levels: Steps
    """By comparison, how many levels it has."""
    number: Steps
    """Splink's comparison vector value of a level."""
    step: Steps
    """The cheap step that answers a level, else DEAR or ELSE."""
    begin: Steps
    end: Steps
    """Where the dear steps of a level begin and end."""
    weight: Numbers
    upper: Numbers
    """The most that a pair can weigh of which this is the first level whose cheap answer is yes."""
    open: Steps
    """1 where a dear level comes before: what a pair weighs is not known without it."""
    adjusted: Steps
    """The adjustment of a level, else -1."""
    adjustment: Numbers
    """By adjustment: log2 of u, its weight, and log2 of the least frequency."""
    frequency: Steps
    """By adjustment, its column."""
    key: Steps
    """The columns of all rules' keys, one rule after the other."""
    keys: Steps
    """By rule where its keys begin, and one more."""
    besides: Steps
    """By rule the cheap step that must hold besides, else -1."""
    order: Steps
    """Comparisons in the order in which their dear levels are answered."""
    prior: float


@dataclass
class Builder:
    """Steps and columns as they come to be needed."""

    lists: frozenset[str] = frozenset()
    """Expressions that are lists."""
    columns: dict[Column, int] = field(default_factory=dict)
    cheap: dict[tuple[int, int, int, float], int] = field(default_factory=dict)
    measures: dict[tuple[int, int, int], int] = field(default_factory=dict)
    dear: list[tuple[int, int, int]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    up_to: dict[int, int] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)

    def asked(self, asked: Condition) -> tuple[int, int]:
        """Adds the steps of a level: the cheap one that answers it, or where the dear ones begin
        and end."""
        if cost(asked) == "cheap":
            return self.answered(asked), DEAR
        begin = len(self.dear)
        self.written(asked)
        return begin, len(self.dear)

    def column(self, sql: str, kind: str = VALUE) -> int:
        return self.columns.setdefault((kind, sql), len(self.columns))

    def answered(self, asked: Condition) -> int:
        """The step that answers a cheap condition."""
        match asked:
            case Equal(left, right):
                return self._step(EQUAL, self.column(left), self.column(right))
            case Apart(left, right, up_to):
                return self._step(APART, self.column(left), self.column(right), up_to)
            case Holds(side, sql) if null := _EMPTY.fullmatch(sql):
                of = LIST if null[1] in self.lists else VALUE
                return self._step(EMPTY, self.column(null[1], of), int(side == "r"))
            case Holds(side, sql):
                return self._step(HOLDS, self.column(sql, TRUTH), int(side == "r"))
            case Not(part):
                return self._step(NOT, self.answered(part))
            case IsTrue(part):
                return self._step(IS_TRUE, self.answered(part))
            case And(parts):
                return self._joined(AND, parts, TRUE)
            case Or(parts):
                return self._joined(OR, parts, FALSE)
        raise NotUnderstood(f"{type(asked).__name__} where only what is cheap may be asked")

    def _joined(self, how: int, parts: Iterable[Condition], none: int) -> int:
        steps = [self.answered(part) for part in parts]
        whole = steps[0] if steps else self._step(CONSTANT, none)
        for step in steps[1:]:
            whole = self._step(how, whole, step)
        return whole

    def _step(self, how: int, a: int, b: int = 0, limit: float = 0.0) -> int:
        return self.cheap.setdefault((how, a, b, limit), len(self.cheap))

    def written(self, asked: Condition, depth: int = 1, moot: int = NULL) -> None:
        """Adds the steps of a dear condition. With the answer `moot` on the stack before it, it
        need not be asked (NULL: there is none)."""
        if depth > DEEPEST:
            raise NotUnderstood("a condition that is nested very deeply")
        if cost(asked) == "cheap":
            return self._dear(ANSWER, self.answered(asked))
        match asked:
            case Alike(how, left, right, at_least):
                kind = JARO if how == "jaro" else JARO_WINKLER
                measure = self._measure(kind, left, right, at_least=at_least)
                return self._dear(AT_LEAST, measure, moot, at_least)
            case Edits(how, left, right, up_to):
                kind = LEVENSHTEIN if how == "levenshtein" else DAMERAU_LEVENSHTEIN
                return self._dear(UP_TO, self._measure(kind, left, right, up_to), moot, up_to)
            case Shared(left, right, at_least):
                return self._dear(AT_LEAST, self._measure(SHARED, left, right), moot, at_least)
            case Not(part):
                self.written(part, depth, moot)
                return self._dear(OPPOSITE)
            case IsTrue(part):
                self.written(part, depth, moot)
                return self._dear(SURELY)
            case And(parts):
                return self._all(BOTH, FALSE, parts, depth, moot)
            case Or(parts):
                return self._all(EITHER, TRUE, parts, depth, moot)
        raise NotUnderstood(type(asked).__name__)

    def _all(
        self, how: int, deciding: int, parts: tuple[Condition, ...], depth: int, moot: int
    ) -> None:
        # What is cheap first: where it decides, nothing dear is asked.
        first, *rest = sorted(parts, key=lambda part: cost(part) == "dear")
        self.written(first, depth, moot)
        for part in rest:
            self.written(part, depth + 1, deciding)
            self._dear(how)

    def _dear(self, how: int, what: int = 0, moot: int = NULL, bar: float = 0.0) -> None:
        self.dear.append((how, what, moot))
        self.bars.append(float(bar))

    def _measure(
        self, kind: int, left: str, right: str, up_to: int = 0, at_least: float = 0.0
    ) -> int:
        of = LIST if kind == SHARED else VALUE
        columns = self.column(left, of), self.column(right, of)
        made = self.measures.setdefault((kind, *columns), len(self.measures))
        self.up_to[made] = max(up_to, self.up_to.get(made, 0))
        self.least[made] = min(at_least, self.least.get(made, at_least))
        return made
