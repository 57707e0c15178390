"""Are estimates that contradict each other refused, and odd ones told?"""

import math
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link import guards, likelihood
from datafirst.link.believed import agreeing, uneven
from datafirst.link.em import Session
from datafirst.spec import Specification


def session(matching: float, pairs: int = 1000, compared: int = 1000) -> Session:
    return Session("postcode", pairs, compared, 5, matching, 1e-4, {})


@pytest.mark.parametrize("found", [session(0.9), session(0.2), session(0.1, 4000, 400)])
def test_sessions_that_agree_with_the_prior_pass(spec: Specification, found: Session) -> None:
    agreeing(spec.linkage.models["magistrates"], [found], matches=250)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (session(0.9, 10_000), r"\(postcode\) finds 9,000 matches, and by the prior there are 250"),
        (session(0.01), "finds 10 matches among the 1,000 pairs"),
    ],
    ids=["strangers taken for matches", "too few to learn from"],
)
def test_sessions_that_do_not_are_refused(spec: Specification, found: Session, says: str) -> None:
    with pytest.raises(LinkageRefused, match=says):
        agreeing(spec.linkage.models["magistrates"], [session(0.2), found], matches=250)


def trained(*weights: float) -> dict[str, Any]:
    levels = [
        {"label_for_charts": f"level {i}", "m_probability": 2.0**w * 1e-3, "u_probability": 1e-3}
        for i, w in enumerate(weights)
    ]
    null = {"label_for_charts": "missing", "is_null_level": True}
    return {"comparisons": [{"output_column_name": "name", "comparison_levels": [null, *levels]}]}


def test_levels_out_of_order_are_told() -> None:
    assert uneven(trained(9, 5, 1, -4)) == []
    assert uneven(trained(9, 1, 5, 2, -4)) == ["name: level 1"]


SEEN = likelihood.Patterns(
    {"name": np.array([1, 0, -1]), "sex": np.array([1, 1, 0])}, np.array([30.0, 60.0, 10.0])
)


def estimate(prior: float, m: float) -> Any:
    def comparison(name: str, m: float, u: float) -> Any:
        levels = [
            SimpleNamespace(comparison_vector_value=1, m_probability=m, u_probability=u),
            SimpleNamespace(comparison_vector_value=0, m_probability=1 - m, u_probability=1 - u),
        ]
        return SimpleNamespace(output_column_name=name, _comparison_levels_excluding_null=levels)

    both = [comparison("name", m, 0.1), comparison("sex", 0.9, 0.5)]
    return SimpleNamespace(probability_two_random_records_match=prior, comparisons=both)


def test_the_likelihood_is_that_of_the_mixture() -> None:
    by_hand = (
        30 * math.log(0.2 * 0.8 * 0.9 + 0.8 * 0.1 * 0.5)
        + 60 * math.log(0.2 * 0.2 * 0.9 + 0.8 * 0.9 * 0.5)
        + 10 * math.log(0.2 * 0.1 + 0.8 * 0.5)
    )
    assert likelihood.likelihood(estimate(0.2, 0.8), SEEN) == pytest.approx(by_hand)


def test_em_that_goes_downhill_is_refused(spec: Specification) -> None:
    worse, better = estimate(0.01, 0.3), estimate(0.25, 0.9)
    assert not likelihood.falls([worse, better, better], SEEN)
    assert likelihood.falls([worse, better, worse], SEEN)
    model = spec.linkage.models["magistrates"]
    guards.climbed(model, False, "surname")
    with pytest.raises(LinkageRefused, match="EM blocked on surname made the pairs"):
        guards.climbed(model, True, "surname")


def test_patterns_of_the_session_before_are_forgotten() -> None:
    con = duckdb.connect()
    for letter, n in (("a", 1), ("b", 7)):
        likelihood.forget(con)
        con.execute(
            f"CREATE TABLE {likelihood.PATTERNS}_{letter} AS "
            f"SELECT 0 AS gamma_name, {n}::BIGINT AS agreement_pattern_count"
        )
    assert likelihood.patterns(con).pairs.tolist() == [7.0]
    con.close()
