"""Do the estimates of a model agree with each other?"""

import math
from collections.abc import Iterable
from typing import Any

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel

from .em import Session

TIMES = 4.0
"""How many times the matches that the prior says there are EM may find among the pairs of a rule.
Two bits of every match weight: beyond, one of the two is wrong."""

FEWEST = 20
"""Matches that EM must have among the pairs it compares, to say how often matches agree."""


def agreeing(model: LinkModel, sessions: Iterable[Session], matches: float) -> None:
    """EM finds about as many matches as the prior says that there are, and enough to learn from.

    LinkageRefused naming the rule.
    """
    for session in sessions:
        where = f"model {model.id}: EM blocked on ({session.rule})"
        found, seen = session.matching * session.pairs, session.matching * session.compared
        if found > TIMES * matches:
            raise LinkageRefused(
                f"{where} finds {found:,.0f} matches, and by the prior there are {matches:,.0f} in "
                "all; look at prior_rules and prior_recall, or choose another em_rule"
            )
        if seen < FEWEST:
            raise LinkageRefused(
                f"{where} finds {seen:,.0f} matches among the {session.compared:,} pairs it "
                f"compares, too few to learn from (the least is {FEWEST}); choose a rule that "
                "brings fewer strangers together, or raise em_max_pairs"
            )


def uneven(trained: dict[str, Any]) -> list[str]:
    """The levels that weigh less than one below them: they should be looked at. They are no
    refusal, for levels need not be in order of evidence: the same surname alone says less than
    two names that are nearly alike, and comes after it."""
    found = []
    for comparison in trained["comparisons"]:
        levels = [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        weights = [math.log2(x["m_probability"] / x["u_probability"]) for x in levels]
        found += [
            f"{comparison['output_column_name']}: {level['label_for_charts']}"
            for i, level in enumerate(levels)
            if weights[i] < max(weights[i + 1 :], default=-math.inf)
        ]
    return found
