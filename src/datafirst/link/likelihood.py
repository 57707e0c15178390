"""Did EM climb? What it says of the pairs it saw must become likelier with every round.

Each round of expectation maximisation raises the likelihood, or leaves it (Dempster, Laird and
Rubin 1977). Where it falls, something other than EM has been at the estimates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

PATTERNS = "__splink__agreement_pattern_counts"
"""How the table begins in which Splink counts the pairs of each pattern of agreement."""

SLACK = 1e-9
"""By which share of itself a sum of logarithms may differ with the order of addition."""


@dataclass(frozen=True)
class Patterns:
    """How many of the pairs that EM saw agree in the same way."""

    levels: dict[str, NDArray[np.int64]]
    """By comparison, the level of each pattern; -1 where it says nothing."""
    pairs: NDArray[np.float64]


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drops the patterns of the session before, so that those found next are its own."""
    for table in _tables(con):
        con.execute(f'DROP TABLE "{table}"')


def patterns(con: duckdb.DuckDBPyConnection) -> Patterns:
    """What the session saw that has run since forget()."""
    [table] = _tables(con)
    found = con.execute(f'FROM "{table}" ORDER BY ALL').fetchnumpy()
    pairs = found.pop("agreement_pattern_count").astype(np.float64)
    levels = {name.removeprefix("gamma_"): np.asarray(level) for name, level in found.items()}
    return Patterns(levels, pairs)


def falls(history: Sequence[Any], seen: Patterns) -> bool:
    """Whether any round of EM (Splink's settings after each) is less likely than the one before."""
    likely = [likelihood(round_, seen) for round_ in history]
    return any(now < then - SLACK * abs(then) for then, now in pairwise(likely))


def likelihood(estimated: Any, seen: Patterns) -> float:
    """The log-likelihood of all pairs by the estimates (Fellegi and Sunter 1969)."""
    match, other = _each_way(estimated, seen)
    return float(np.sum(seen.pairs * np.log(match + other)))


def informed(estimated: Any, seen: Patterns) -> dict[str, float]:
    """By comparison that the session estimated, about how many matches it was known in."""
    match, other = _each_way(estimated, seen)
    matches = seen.pairs * match / (match + other)
    return {name: float(matches[level >= 0].sum()) for name, level in sorted(seen.levels.items())}


def _each_way(estimated: Any, seen: Patterns) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How likely a match, and how likely another pair, is to show each pattern."""
    prior = estimated.probability_two_random_records_match
    match, other = np.full(seen.pairs.size, prior), np.full(seen.pairs.size, 1 - prior)
    for comparison in estimated.comparisons:
        level = seen.levels[comparison.output_column_name]
        for each in comparison._comparison_levels_excluding_null:
            here = level == each.comparison_vector_value
            if here.any():
                match[here] *= each.m_probability
                other[here] *= each.u_probability
    return match, other


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    query = "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, ?)"
    return [name for (name,) in con.execute(query, [PATTERNS]).fetchall()]
