"""What does a level of agreement weigh that no compared pair fell under? Nothing, if it is rare.

Any other level that was not observed is a refusal (guards.observed). This one exception is stated
(docs/adr/0016), leaves no invented default behind, and is told: in model.json as `never_seen` and
in the report on linkage quality.
"""

from collections.abc import Iterator
from typing import Any

RARE = 0.01
"""The share of random pairs below which a level may be missing by chance."""


def quieted(trained: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The settings in which a level that was never seen says nothing (its m is its u), and which
    levels those are.

    A dataset with few duplicates may well hold none whose homes are in one postcode sector. Full
    agreement and none at all are not let off, nor is a level that is common by chance: without
    those there is no model.
    """
    quiet = set(_never_seen(trained))
    comparisons = [
        {
            **c,
            "comparison_levels": [
                {**x, "m_probability": x["u_probability"]}
                if (c["output_column_name"], x["label_for_charts"]) in quiet
                else x
                for x in c["comparison_levels"]
            ],
        }
        for c in trained["comparisons"]
    ]
    return {**trained, "comparisons": comparisons}, sorted(": ".join(each) for each in quiet)


def _never_seen(trained: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for comparison in trained["comparisons"]:
        levels = [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        for level in levels[1:-1]:
            m, u = level.get("m_probability"), level.get("u_probability")
            if not isinstance(m, float) and isinstance(u, float) and u < RARE:
                yield comparison["output_column_name"], level["label_for_charts"]
