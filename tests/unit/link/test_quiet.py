"""Does a level that was never seen say nothing, and only where that may be chance?"""

from typing import Any

import pytest

from datafirst.link.quiet import quieted

UNSEEN = "level not observed in training dataset"


def trained(levels: list[tuple[str, object, object]]) -> dict[str, Any]:
    made = [
        {"label_for_charts": name, "m_probability": m, "u_probability": u} for name, m, u in levels
    ]
    null = {"label_for_charts": "missing", "is_null_level": True}
    return {"comparisons": [{"output_column_name": "postcode", "comparison_levels": [null, *made]}]}


def test_a_rare_level_that_was_never_seen_says_nothing() -> None:
    before = trained([("same", 0.9, 1e-5), ("near", UNSEEN, 1e-4), ("else", 0.1, 0.999)])
    after, quiet = quieted(before)
    assert quiet == ["postcode: near"]
    assert after["comparisons"][0]["comparison_levels"][2]["m_probability"] == 1e-4
    assert before["comparisons"][0]["comparison_levels"][2]["m_probability"] == UNSEEN


@pytest.mark.parametrize(
    "levels",
    [
        [("same", UNSEEN, 1e-5), ("near", 0.1, 1e-4), ("else", 0.1, 0.999)],
        [("same", 0.9, 1e-5), ("near", 0.1, 1e-4), ("else", UNSEEN, 0.001)],
        [("same", 0.9, 1e-5), ("near", UNSEEN, 0.2), ("else", 0.1, 0.8)],
        [("same", 0.9, 1e-5), ("near", 0.1, UNSEEN), ("else", 0.1, 0.8)],
        [("same", 0.9, 1e-5), ("near", 0.1, 1e-4), ("else", 0.1, 0.999)],
    ],
    ids=["full agreement", "none at all", "common by chance", "no u", "all seen"],
)
def test_any_other_level_is_left_as_it_is(levels: list[tuple[str, object, object]]) -> None:
    assert quieted(trained(levels)) == (trained(levels), [])
