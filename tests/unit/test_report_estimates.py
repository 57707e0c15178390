"""Does a terminal show error by group with its intervals, and the truth beside it?"""

from io import StringIO
from typing import Any

from rich.console import Console

from datafirst.report_estimates import by_group

SHARE = {"value": 0.99, "low": 0.97, "high": 0.995, "least": 0.96, "most": 0.996}
ESTIMATES: dict[str, Any] = {
    "measured": [
        {"by": "all", "category": "all", "decided": 1200, "undecided": 3, "precision": SHARE,
         "recall": None},
        {"by": "sex", "category": "female", "decided": 400, "undecided": 0, "precision": SHARE,
         "recall": SHARE},
    ],
    "contrasts": [
        {"by": "sex", "category": "female", "reference": "male", "measure": "precision",
         "value": -0.02, "low": -0.03, "high": -0.01, "detectable": 0.014},
    ],
}  # fmt: skip
GROUPS = [{"by": "sex", "category": "female", "linked": 9, "true": 9, "precision": 0.9876,
           "recall": 0.8765, "f1": 0.9}]  # fmt: skip


def shown(**answer: Any) -> str:
    text = StringIO()
    found = {"release": "2022-02", "estimates": None, "groups": [], **answer}
    Console(file=text, width=140).print(*by_group(found))
    return " ".join(text.getvalue().split())


def test_review_and_truth_stand_side_by_side() -> None:
    text = shown(estimates=ESTIMATES, groups=GROUPS)
    assert "0.9900 (0.9600 to 0.9960)" in text
    assert "1,200" in text and "0.9876" in text and "0.8765" in text
    assert "-0.0200 (-0.0300 to -0.0100) *" in text and "0.0140" in text


SAMPLE = {"sample": "beef", "run": "f00d", "of_this_run": True, "kappa": 0.91, "decided": 1203,
          "pairs": 1300, "reviewers": 2, "silent": 4, "strata": 120, "beyond": SHARE}  # fmt: skip


def test_it_is_said_of_whose_links_the_estimates_are() -> None:
    text = shown(estimates={**ESTIMATES, **SAMPLE})
    assert "sample beef of run f00d, of this run" in text
    assert "1,203 of 1,300 pairs decided by 2 reviewers, kappa 0.91" in text
    assert "4 of 120 strata" in text
    assert "OF AN EARLIER LINKAGE" in shown(estimates={**ESTIMATES, **SAMPLE, "of_this_run": False})


def test_stars_are_put_in_proportion() -> None:
    many = {**ESTIMATES, "contrasts": ESTIMATES["contrasts"] * 60}
    assert "here are 60 comparisons" in shown(estimates=many)


def test_either_may_be_missing() -> None:
    assert "true precision" not in shown(estimates=ESTIMATES)
    assert "with interval" not in shown(groups=GROUPS)
    assert by_group({"release": "r", "estimates": None, "groups": []}) == []
