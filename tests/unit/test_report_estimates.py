"""Does a terminal show error by group with its intervals, and the truth beside it?"""

from io import StringIO
from typing import Any

from rich.console import Console

from datafirst.report_estimates import by_group

SHARE = {"value": 0.99, "low": 0.97, "high": 0.995, "least": 0.96, "most": 0.996}
ESTIMATES = {
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
    return text.getvalue()


def test_review_and_truth_stand_side_by_side() -> None:
    text = shown(estimates=ESTIMATES, groups=GROUPS)
    assert "0.9900 (0.9600 to 0.9960)" in text
    assert "1,200" in text and "0.9876" in text and "0.8765" in text
    assert "-0.0200 (-0.0300 to -0.0100) *" in text and "0.0140" in text


def test_either_may_be_missing() -> None:
    assert "true precision" not in shown(estimates=ESTIMATES)
    assert "with interval" not in shown(groups=GROUPS)
    assert by_group({"release": "r", "estimates": None, "groups": []}) == []
