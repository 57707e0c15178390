"""Does the engine say of any records, by any model, what Splink says?

Models and records at random: the same pairs, each once, what they weigh, and who is one person.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from datafirst.link.engine.columns import columns
from datafirst.link.engine.edges import engine
from datafirst.link.graph import STRONGEST, components

from .both import Record, Weights, splink, told
from .peopled import IDS, People, peopled
from .trained import LINKS, models

NEAR = 1e-6
"""No least weight is so near to what a pair weighs that rounding would decide."""


@dataclass(frozen=True)
class Case:
    link: str
    model: dict[str, Any]
    people: People
    share: float
    """Of the least weights that are asked for, that are less than the one that makes people."""


PEOPLE = st.builds(
    People,
    seed=st.integers(0, 2**32),
    records=st.sampled_from([70, 40, 100, 10, 1]),
    different=st.sampled_from([10, 3, 40, 1]),
    missing=st.sampled_from([0.1, 0.0, 0.4]),
    ids=st.sampled_from(list(IDS)),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    link = draw(st.sampled_from(["dedupe_only", *LINKS]))
    return Case(link, draw(models(link)), draw(PEOPLE), draw(st.floats(0.0, 1.0)))


def bars(weights: Weights) -> list[float]:
    """Least weights that may be asked for: all, and up to eight between two weights of pairs."""
    each = np.unique(list(weights.values()))
    cuts = ((each[1:] + each[:-1]) / 2)[np.diff(each) > 4 * NEAR]
    some = np.linspace(0, len(cuts) - 1, min(len(cuts), 8)).astype(int)
    return [-np.inf, *cuts[some].tolist()]


def either(weights: Weights) -> Weights:
    """The pairs without regard to which is the left record."""
    return {(min(a, b), max(a, b)): weight for (a, b), weight in weights.items()}


def agree(ours: Weights, theirs: Weights, way: bool) -> None:
    """The same pairs and weights; the same record on the left where that is Splink's `way`."""
    if not way:
        ours, theirs = either(ours), either(theirs)
    assert ours.keys() == theirs.keys()
    furthest = max((abs(ours[pair] - weight) for pair, weight in theirs.items()), default=0.0)
    assert furthest <= 1e-9


def connected(pairs: Weights) -> set[frozenset[Record]]:
    """The people that pairs make, by our own clustering."""
    number = {record: n for n, record in enumerate({end: None for pair in pairs for end in pair})}
    left, right = (np.array([number[p[side]] for p in pairs], np.int32) for side in (0, 1))
    found = components(len(number), left, right, np.full(len(pairs), STRONGEST, np.int8))[0]
    people: dict[int, set[Record]] = {}
    for record, n in number.items():
        people.setdefault(int(found[n]), set()).add(record)
    return {frozenset(records) for records in people.values()}


def compared(case: Case) -> int:
    """Asks both; how many pairs there are."""
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        tables, shares = peopled(con, case.people, LINKS[case.link])
        theirs = splink(con, case.model, tables, shares)
        ours = engine(case.model, columns(con, tables), shares)
        # Splink takes ids for texts where it links and dedupes.
        way = case.link != "link_and_dedupe" or case.people.ids == "text"
        cuts = bars(theirs.weights)
        for bar in cuts:
            some = {pair: weight for pair, weight in theirs.weights.items() if weight >= bar}
            agree(told(ours, tables, bar), some, way)
        bar = cuts[int(case.share * (len(cuts) - 1))]
        found = told(ours, tables, bar, threads=1)
        assert connected(found) == theirs.people(bar)
        return len(theirs.weights)


EASY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller example takes minutes to find
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def asked(how: settings) -> list[int]:
    """Asks both of cases at random; how many pairs each has."""
    pairs: list[int] = []

    @settings(how)
    @given(case=cases())
    def each(case: Case) -> None:
        pairs.append(compared(case))

    each()
    return pairs


def test_the_same_as_splink() -> None:
    """And most of what is asked has pairs."""
    pairs = asked(settings(EASY, max_examples=40))
    assert np.median(pairs) > 100


@pytest.mark.slow
def test_the_same_as_splink_at_length() -> None:
    """Others each time."""
    pairs = asked(settings(EASY, max_examples=400, derandomize=False, print_blob=True))
    assert np.median(pairs) > 100
