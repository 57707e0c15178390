"""How many pairs of records show each pattern of agreement? Counted without making the pairs."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..tabled import FREE
from .assembled import program, steps
from .blocks import Blocks, blocks
from .columns import Columns
from .conditions import NotUnderstood
from .kept import kept
from .patterns import Counting, Counts, counted
from .plan import Comparison, Plan, Rule
from .program import Program
from .rows import Kept
from .same import distinct

AT_ONCE = 250_000
"""Pairs that a thread compares before it tells what it counted."""

MOST = 2**62
"""Patterns that whole numbers can tell apart."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Patterns of agreement, in order, and how many pairs show each."""

    levels: dict[str, Numbers]
    """By comparison, Splink's comparison vector value in each pattern."""
    pairs: Numbers

    def of(self, comparison: str) -> dict[int, int]:
        """How many pairs fall under each level of a comparison."""
        number, level = np.unique(self.levels[comparison], return_inverse=True)
        each = np.zeros(len(number), np.int64)
        np.add.at(each, level, self.pairs)
        return dict(zip(number.tolist(), each.tolist(), strict=True))


@dataclass(frozen=True)
class Asked:
    """Whose patterns are counted: what a pair is asked, and which records make pairs."""

    comparisons: tuple[Comparison, ...]
    across: bool
    """Whether only records of two datasets make a pair."""
    rule: Rule | None = None
    """What brings a pair together; None: all records make pairs."""

    @property
    def plan(self) -> Plan:
        return Plan(self.comparisons, (self.rule,) if self.rule else (), self.across, 0.0)


@dataclass(frozen=True)
class _Sample:
    """Records that pairs are made of."""

    of: Kept
    many: Numbers
    """How many records of one dataset each row stands for."""
    blocks: Blocks
    program: Program
    asked: Counting

    def counted(self, part: tuple[int, int]) -> Counts:
        return counted(
            self.blocks.order, self.blocks.until, *part, self.of.rows, self.of.dataset, self.many,
            self.program, self.of.tables, self.asked,
        )  # fmt: skip


def tally(source: Columns, asked: Asked, threads: int = 2) -> Tally:
    """The patterns of pairs of records.

    NotUnderstood where a comparison asks what only SQL can answer.
    """
    of = steps(asked.plan)
    records = kept(source, of, {})
    made = program(of, records.rarest)
    digit = _digits(made)
    besides = int(made.besides[0]) if asked.rule else -1
    counting = Counting(asked.across, besides, digit)
    sample = _Sample(*_brought(records, made, asked), made, counting)
    with ThreadPoolExecutor(threads) as pool:
        return _merged(list(pool.map(sample.counted, _parts(sample.blocks))), asked, made, digit)


def _brought(of: Kept, made: Program, asked: Asked) -> tuple[Kept, Numbers, Blocks]:
    """The records, how many each stands for, and those side by side that share a key; or all."""
    many = np.ones(len(of.rows), np.int64)
    if asked.rule:
        return of, many, blocks(of.rows, made.key)
    # Few records have a value of their own: those that are the same in all that is asked are one,
    # where it is the same which of a pair is the left one.
    same = distinct(of.rows, of.dataset) if asked.plan.either_way else None
    if same:
        rows, dataset = np.ascontiguousarray(of.rows[same.first]), of.dataset[same.first]
        of, many = replace(of, rows=rows, dataset=dataset), np.diff(same.begin).astype(np.int64)
    order = np.arange(len(many), dtype=np.int32)
    return of, many, Blocks(order, np.full(len(many), len(many), np.int32))


def _digits(made: Program) -> Numbers:
    digits = [1]
    for levels in made.levels.tolist():
        digits.append(digits[-1] * levels)
    if digits[-1] > MOST:
        raise NotUnderstood("more patterns of agreement than can be numbered")
    return np.array(digits[:-1], np.int64)


def _parts(own: Blocks) -> Iterator[tuple[int, int]]:
    """Places from one to another, for one thread at a time."""
    if len(own.order):
        pairs = np.cumsum(own.pairs() + 1)
        cuts = np.searchsorted(pairs, np.arange(AT_ONCE, pairs[-1], AT_ONCE)) + 1
        ends = np.unique(np.append(cuts, len(pairs))).tolist()
        yield from zip([0, *ends[:-1]], ends, strict=True)


def _merged(counts: Sequence[Counts], asked: Asked, made: Program, digit: Numbers) -> Tally:
    empty = np.empty(0, np.int64)
    met = [each.pattern != FREE for each in counts]
    every = np.concatenate([empty, *(c.pattern[m] for c, m in zip(counts, met, strict=True))])
    times = np.concatenate([empty, *(c.pairs[m] for c, m in zip(counts, met, strict=True))])
    pattern, place = np.unique(every, return_inverse=True)
    pairs = np.zeros(len(pattern), np.int64)
    np.add.at(pairs, place, times)
    levels = {
        comparison.name: made.number[c, pattern // digit[c] % made.levels[c]].astype(np.int64)
        for c, comparison in enumerate(asked.comparisons)
    }
    return Tally(levels, pairs)
