"""Which steps does a plan come to, in arrays that a kernel can follow?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .conditions import lists
from .plan import Adjustment, Comparison, Level, Plan
from .program import DEAR, ELSE, Builder, Program

Where = tuple[int, int]


@dataclass(frozen=True)
class Steps:
    """A plan, its steps, and where each level's are: the cheap one, or the dear ones' ends."""

    plan: Plan
    made: Builder
    levels: list[list[Where]]
    besides: list[int]
    frequencies: list[int]
    """The column of each adjustment."""

    @property
    def adjustments(self) -> list[Adjustment]:
        return adjustments(self.plan)


def steps(plan: Plan) -> Steps:
    """The steps of a plan, and with them the columns that records are kept for."""
    asked = [level.condition for each in plan.comparisons for level in each.levels]
    asked += [rule.besides for rule in plan.rules]
    made = Builder(frozenset(name for one in asked if one for name in lists(one)))
    for rule in plan.rules:
        for key in rule.keys:
            made.column(key)
    besides = [-1 if r.besides is None else made.answered(r.besides) for r in plan.rules]
    levels = [
        [
            (ELSE, DEAR) if level.condition is None else made.asked(level.condition)
            for level in comparison.levels
        ]
        for comparison in plan.comparisons
    ]
    columns = [made.column(f'"{a.column}"') for a in adjustments(plan)]
    return Steps(plan, made, levels, besides, columns)


def adjustments(plan: Plan) -> list[Adjustment]:
    """The different adjustments of a plan."""
    found = (level.adjusted for each in plan.comparisons for level in each.levels)
    return list(dict.fromkeys(each for each in found if each))


def program(of: Steps, rarest: Mapping[str, float]) -> Program:
    """The arrays. `rarest` is log2 of the least frequency in each column that adjusts weights:
    agreement on no value can weigh more."""
    plan, made, told = of.plan, of.made, of.adjustments
    keys = [[made.column(key) for key in rule.keys] for rule in plan.rules]
    bounds = [
        _bounds(c, where, rarest) for c, where in zip(plan.comparisons, of.levels, strict=True)
    ]
    upper = _table([[most for most, _ in each] for each in bounds], np.float64)
    whole = [[(a, b) if b != DEAR else (0, 0) for a, b in each] for each in of.levels]
    return Program(
        block=_rows([(how, a, b) for how, a, b, _ in made.cheap], 3),
        limit=np.array([limit for *_, limit in made.cheap], np.float64),
        measure=_rows([(*m, made.up_to[n]) for m, n in made.measures.items()], 4),
        least=np.array([made.least[n] for n in made.measures.values()], np.float64),
        dear=_rows(made.dear, 3),
        bar=np.array(made.bars, np.float64),
        levels=np.array([len(c.levels) for c in plan.comparisons], np.int32),
        number=_table([[x.number for x in c.levels] for c in plan.comparisons]),
        step=_table([[a if b == DEAR else DEAR for a, b in each] for each in of.levels]),
        begin=_table([[a for a, _ in each] for each in whole]),
        end=_table([[b for _, b in each] for each in whole]),
        weight=_table([[x.weight for x in c.levels] for c in plan.comparisons], np.float64),
        upper=upper,
        open=_table([[opened for _, opened in each] for each in bounds]),
        adjusted=_table([[_place(x, told) for x in c.levels] for c in plan.comparisons]),
        adjustment=_numbers([(a.log2_u, a.weight, _log2(a.least)) for a in told], 3),
        frequency=np.array(of.frequencies, np.int32),
        key=np.array([column for each in keys for column in each], np.int32),
        keys=np.array([0, *accumulate(map(len, keys))], np.int32),
        besides=np.array(of.besides, np.int32),
        order=_order(bounds),
        prior=plan.prior,
    )


def _bounds(
    comparison: Comparison, where: list[Where], rarest: Mapping[str, float]
) -> list[tuple[float, int]]:
    """By level that is the first whose cheap answer is yes: the most that a pair can weigh, and
    whether a dear level comes before."""
    found: list[tuple[float, int]] = []
    dear: list[float] = []
    for level, (_, end) in zip(comparison.levels, where, strict=True):
        most = _most(level, rarest)
        # What is known without a dear answer is added exactly, its adjustment when it is met.
        found.append((max([most, *dear]), 1) if dear else (level.weight, 0))
        if end != DEAR:
            dear.append(most)
    return found


def _most(level: Level, rarest: Mapping[str, float]) -> float:
    by = level.adjusted
    if by is None:
        return level.weight
    least = max(rarest[by.column], _log2(by.least))
    # Where the frequency of neither value is known the weight is not adjusted at all.
    return level.weight + max(0.0, by.weight * (by.log2_u - least), by.weight * by.log2_u)


def _order(bounds: list[list[tuple[float, int]]]) -> NDArray[np.int32]:
    """Comparisons with dear levels, those first that can take most away from a bound."""
    spread = {
        n: max(most for most, opened in each if opened) - min(most for most, _ in each)
        for n, each in enumerate(bounds)
        if any(opened for _, opened in each)
    }
    return np.array(sorted(spread, key=lambda n: (-spread[n], n)), np.int32)


def _place(level: Level, told: list[Adjustment]) -> int:
    return told.index(level.adjusted) if level.adjusted else -1


def _log2(share: float) -> float:
    return math.log2(share) if share > 0 else -math.inf


def _numbers(rows: list[Any], width: int) -> NDArray[np.float64]:
    return np.array(rows, np.float64).reshape(-1, width)


def _rows(rows: list[Any], width: int) -> NDArray[np.int32]:
    return np.array(rows, np.int32).reshape(-1, width)


def _table(rows: list[list[Any]], kind: Any = np.int32) -> NDArray[Any]:
    """Rows of different lengths as one table; what is beyond a row's end is never read."""
    made = np.zeros((len(rows), max(map(len, rows), default=0)), kind)
    for n, row in enumerate(rows):
        made[n, : len(row)] = row
    return made
