"""Are estimates kept no surer than what they were learned from?"""

import pytest

from datafirst.link.em import Session
from datafirst.link.rounded import rounded


@pytest.mark.parametrize(
    ("matches", "u", "kept"),
    [(150, 0.3, 0.02), (150, 0.004, 0.004), (3e6, 0.3, 1e-4), (3e6, 1e-6, 1e-6)],
)
def test_few_matches_cannot_prove_that_a_disagreement_is_rarer(
    matches: float, u: float, kept: float
) -> None:
    """Nor does a level that no match showed ever speak for one. Only matches count in which the
    field was known, of sessions that estimated it."""
    levels = [
        {"is_null_level": True},
        {"m_probability": 1.0, "u_probability": 1e-3},
        {"m_probability": 1e-12, "u_probability": u},
    ]
    trained = {
        "probability_two_random_records_match": 0.1,
        "comparisons": [{"output_column_name": "sex", "comparison_levels": levels}],
    }
    sessions = [
        Session("a", 9, 9, 1, 0.5, 1e-4, {"sex": matches}),
        Session("b", 9**9, 9**9, 1, 0.5, 1e-4, {"other": 1e9}),
    ]
    [comparison] = rounded(trained, sessions)["comparisons"]
    assert comparison["comparison_levels"][2]["m_probability"] == pytest.approx(kept, rel=0.03)
