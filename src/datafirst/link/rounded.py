"""How exactly is an estimate kept? As surely as what it was learned from allows."""

from collections.abc import Sequence
from typing import Any

from .em import Session

SIGNIFICANT = 9
"""Digits kept of an estimate: what threads add in another order differs in the sixteenth."""

LEAST_M = 1e-4
"""No disagreement is taken as proof: EM drives levels that no match of the sample has to nought."""

NONE_SEEN = 3.0
"""Of n matches none of which shows a level, fewer than 3/n show it (95% confidence, the rule of
three, Hanley and Lippman-Hand 1983): a field that few matches know cannot teach that a disagreement
is rarer."""


def rounded(trained: dict[str, Any], sessions: Sequence[Session]) -> dict[str, Any]:
    """The estimates as they are kept, none surer than the matches that it was learned from."""
    prior = trained["probability_two_random_records_match"]
    comparisons = [
        {**c, "comparison_levels": _levels(c["comparison_levels"], _least(c, sessions))}
        for c in trained["comparisons"]
    ]
    return {
        **trained,
        "comparisons": comparisons,
        "probability_two_random_records_match": significant(prior),
    }


def _levels(levels: list[dict[str, Any]], least: float) -> list[dict[str, Any]]:
    """Levels whose m, none too small, come to one again: Splink takes each level's median over
    the sessions."""
    told = [x for x in levels if not x.get("is_null_level")]
    whole = sum(x["m_probability"] for x in told)
    # A level whose u is smaller still would otherwise come to speak for a match.
    m = [max(x["m_probability"] / whole, min(least, x["u_probability"])) for x in told]
    kept = iter(significant(each / sum(m)) for each in m)
    return [x if x.get("is_null_level") else _level(x, next(kept)) for x in levels]


def _least(comparison: dict[str, Any], sessions: Sequence[Session]) -> float:
    name = comparison["output_column_name"]
    matches = max((s.informed.get(name, 0.0) for s in sessions), default=0.0)
    return max(NONE_SEEN / max(matches, NONE_SEEN), LEAST_M)


def _level(level: dict[str, Any], m: float) -> dict[str, Any]:
    u = significant(level["u_probability"])
    return {**level, "m_probability": m, "u_probability": u}


def significant(number: float) -> float:
    """An estimate without the digits that mean nothing."""
    return float(f"{number:.{SIGNIFICANT}g}")
