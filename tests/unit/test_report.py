"""Does a terminal show what the truth says, and a dash where there is nothing to be right about?"""

from io import StringIO
from typing import Any

from rich.console import Console

from datafirst.quality.journeys_truth import KindOfJourney
from datafirst.quality.share import few, hidden, rounded, share, told
from datafirst.quality.truth import Agreement
from datafirst.report import NOTHING, bands, cases


def shown(tables: list[Any]) -> str:
    text = StringIO()
    Console(file=text, width=140).print(*tables)
    return text.getvalue()


def test_the_precision_of_each_band_stands_beside_its_records() -> None:
    lines = [
        {"dataset": "", "band": "A", "records": 1234, "precision": 0.9991},
        {"dataset": "", "band": "D", "records": 56, "precision": 0.875},
        {"dataset": "crown", "band": "A", "records": 1234, "precision": 0.9991},
    ]
    text = shown(bands({"release": "2022-02", "bands": lines}))
    assert "0.9991 (1,234)" in text and "0.8750 (56)" in text and "all" in text
    [crown] = [line for line in text.splitlines() if "crown" in line]
    assert NOTHING in crown
    assert bands({"release": "2022-02", "bands": []}) == []


def test_of_nothing_there_is_no_share() -> None:
    none = KindOfJourney(planted=0, cases=0, found=9, right=0, best=0, best_right=0)
    assert none.links == Agreement(0.0, None) and none.links.f1 is None
    kind = {
        "planted": 0, "found": 9, "right": 0, "precision": none.links.precision,
        "recall": none.links.recall, "best_precision": none.best_precision,
    }  # fmt: skip
    text = shown(cases({"release": "2022-02", "cases": {"kinds": {"none": kind}, "shapes": {}}}))
    assert text.count(NOTHING) == 2 and "0.0000" in text


def test_few_are_told_of_nobody() -> None:
    assert [told(n) for n in (0, 1, 9, 10, 14, 15)] == [0, 0, 0, 10, 10, 20]
    assert [few(n) for n in (0, 1, 9, 10)] == [False, True, True, False]
    assert rounded(104) == 100 and share(1, 3) == 0.333333 and share(0, 0) is None
    assert hidden(50, 99) and hidden(99, 104) and hidden(5, 200) and not hidden(94, 104)
    assert not hidden(100, 100) and not hidden(0, 100)
