"""Which pairs of records weigh enough by a trained model? Found by threads, in one order."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assembled import program, steps
from .blocks import Blocks, blocks
from .columns import Columns
from .conditions import NotUnderstood
from .kept import kept
from .pairs import ANYWAY, EVERYTHING, Asked, Found, found, themselves
from .plan import Plan, plan
from .program import Program
from .rows import Kept
from .same import Distinct, distinct, fronted, spread

AT_ONCE = 1_000_000
"""Pairs that a thread compares before it tells what it found; and records that it looks up count
as several, because they are far apart in memory."""

LOOKED_UP = 8
"""As how many pairs a record counts that is looked up."""


@dataclass
class Engine:
    """A trained model, and the records that it is applied to."""

    program: Program
    kept: Kept
    across: bool
    same: Distinct | None
    rows: NDArray[np.int32] = field(init=False)
    dataset: NDArray[np.int8] = field(init=False)
    told: list[int] = field(default_factory=list)
    """How many pairs each job has compared: threads may add to a list, not to a number."""

    @property
    def compared(self) -> int:
        """Pairs of different rows that have been compared so far."""
        return sum(self.told)

    def __post_init__(self) -> None:
        self.rows, self.dataset = self.kept.rows, self.kept.dataset
        if self.same is not None:
            self.rows = fronted(self.rows, self.same.first)
            self.dataset = self.dataset[self.same.first]

    def edges(self, least: float, threads: int = 2) -> Iterator[Found]:
        """Pairs of records that weigh at least this, each once, always in the same order."""
        with ThreadPoolExecutor(threads) as pool:
            for each in _in_order(pool, self._jobs(least), 2 * threads):
                if len(each.left):
                    yield each if self.same is None else self._spread(each)

    def _spread(self, each: Found) -> Found:
        assert self.same is not None
        return spread(each, self.same.member, self.same.begin)

    def of_rule(self, rule: int, least: float, share: int = 0, shares: int = 1) -> Iterator[Found]:
        """The same of what a rule brings together and no earlier one; of several shares of that
        work, one."""
        asked = Asked(rule, self.across, least)
        for n, job in enumerate(chain(self._themselves(asked), self._by_rule(asked))):
            if n % shares == share:
                each = job()
                if len(each.left):
                    yield each if self.same is None else self._spread(each)

    def alone(self, threads: int = 2) -> NDArray[np.float64]:
        """What each record weighs compared with itself, whether or not a rule would compare it."""
        asked = Asked(ANYWAY, self.across, -np.inf)
        every = np.arange(len(self.rows), dtype=np.int32)
        parts = np.array_split(every, 1 + every.size * LOOKED_UP // AT_ONCE)
        jobs = (
            partial(themselves, part, self.rows, self.program, self.kept.tables, asked)
            for part in parts
        )
        with ThreadPoolExecutor(threads) as pool:
            each = [found.weight for found in _in_order(pool, jobs, 2 * threads)]
        weight = np.concatenate([np.empty(0), *each])
        if self.same is None:
            return weight
        whole = np.empty(self.same.member.size)
        whole[self.same.member] = np.repeat(weight, np.diff(self.same.begin))
        return whole

    def _jobs(self, least: float) -> Iterator[Callable[[], Found]]:
        yield from self._themselves(Asked(EVERYTHING, self.across, least))
        for rule in range(len(self.program.keys) - 1):
            yield from self._by_rule(Asked(rule, self.across, least))

    def _themselves(self, asked: Asked) -> Iterator[Callable[[], Found]]:
        if self.same and not self.across:
            several = np.flatnonzero(np.diff(self.same.begin) > 1).astype(np.int32)
            for part in np.array_split(several, 1 + several.size * LOOKED_UP // AT_ONCE):
                yield partial(themselves, part, self.rows, self.program, self.kept.tables, asked)

    def _by_rule(self, asked: Asked) -> Iterator[Callable[[], Found]]:
        at, end = self.program.keys[asked.rule : asked.rule + 2]
        own = blocks(self.rows, self.program.key[at:end])
        for start, stop, room in _parts(own):
            yield partial(self._found, own, start, stop, room, asked)

    def _found(self, own: Blocks, start: int, stop: int, room: int, asked: Asked) -> Found:
        made, compared = found(
            own.order, own.until, start, stop, self.rows, self.dataset, self.program,
            self.kept.tables, asked, room,
        )  # fmt: skip
        self.told.append(compared)
        return made


def engine(settings: Mapping[str, Any], source: Columns, shares: Mapping[str, str]) -> Engine:
    """The engine for a trained model (Splink's settings) and records. `shares` names, by column, a
    table of how frequent its values are.

    NotUnderstood where the model asks what only SQL can answer.
    """
    return planned(plan(settings), source, shares)


def planned(asked: Plan, source: Columns, shares: Mapping[str, str]) -> Engine:
    """The same for a plan that was made of them before."""
    if not (asked.either_way or asked.across or len(source.tables) == 1):
        # Splink orders the records of one dataset by their numbers as texts there.
        raise NotUnderstood("a model of several datasets that asks more of the left record")
    of = steps(asked)
    records = kept(source, of, shares)
    same = distinct(records.rows, records.dataset) if asked.either_way else None
    return Engine(program(of, records.rarest), records, asked.across, same)


def _parts(own: Blocks) -> Iterator[tuple[int, int, int]]:
    """Places from one to another, and how many pairs they make, for one thread at a time."""
    if not len(own.order):
        return
    pairs = np.cumsum(own.pairs())
    work = pairs + LOOKED_UP * np.arange(1, len(pairs) + 1)
    cuts = np.searchsorted(work, np.arange(AT_ONCE, work[-1], AT_ONCE))
    ends = np.unique(np.append(cuts + 1, len(pairs)))
    start = 0
    for stop in ends.tolist():
        yield start, stop, int(pairs[stop - 1] - (pairs[start - 1] if start else 0))
        start = stop


def _in_order(
    pool: ThreadPoolExecutor, jobs: Iterator[Callable[[], Found]], ahead: int
) -> Iterator[Found]:
    """What jobs come to, in their order; so many are begun before the first is told."""
    waiting: deque[Future[Found]] = deque()
    for job in jobs:
        waiting.append(pool.submit(job))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
