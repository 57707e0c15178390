"""Whatever goes into a release and differs is a reason, and only that."""

from typing import Any

import pytest

from datafirst.compare import Side, pseudonyms, reasons, recounted

RELEASE: dict[str, Any] = {
    "version": "2021-03",
    "shares": ["visits"],
    "coverage": {"visits": {"start": "2011-01-01", "end": "2020-06-30"}},
    "snapshots": {"register": "2021-02-28"},
    "models": ["people"],
    "ladders": [],
    "thresholds": {"people strict": 14.0, "people standard": 8.0, "people loose": 4.0},
    "previous": None,
    "recipients": ["room"],
    "key_epoch": "2021",
}


def side(run: str | None = None, code: str = "c", model: str = "m", **said: Any) -> Side:
    inputs = {"code": code, "models": {"people": model}} if run else {}
    return Side({**RELEASE, **said}, {}, run, inputs)


@pytest.mark.parametrize(
    ("said", "what", "of", "old", "new"),
    [
        (
            {"coverage": {"visits": {"start": "2011-01-01", "end": "2020-12-31"}}},
            "coverage", "visits", "2011-01-01 to 2020-06-30", "2011-01-01 to 2020-12-31",
        ),
        ({"snapshots": {"register": "2022-01-31"}}, "snapshot", "register", "2021-02-28",
         "2022-01-31"),
        ({"models": []}, "model", "people", "used", None),
        ({"ladders": ["a"]}, "ladder", "a", None, "used"),
        ({"thresholds": {**RELEASE["thresholds"], "people loose": 3.0}}, "threshold",
         "people loose", "4.0", "3.0"),
        ({"bridges": "majority"}, "bridges", "", None, "majority"),
        ({"previous": "2020-12"}, "previous", "", None, "2020-12"),
        ({"key_epoch": "2022"}, "key epoch", "", "2021", "2022"),
        ({"recipients": ["room", "hall"]}, "recipient", "hall", None, "used"),
    ],
)  # fmt: skip
def test_what_differs_is_a_reason(
    said: dict[str, Any], what: str, of: str, old: str | None, new: str | None
) -> None:
    [change] = reasons(side(), side(**said))
    assert (change.what, change.of, change.old, change.new) == (what, of, old, new)


def test_code_and_training_are_reasons_where_both_were_made() -> None:
    old, new = side("1", code="a" * 20, model="x" * 20), side("2", code="b" * 20, model="y" * 20)
    found = {change.what: (change.old, change.new) for change in reasons(old, new)}
    assert found == {"model": ("x" * 12, "y" * 12), "code": ("a" * 12, "b" * 12)}


def test_the_same_has_no_reasons() -> None:
    assert reasons(side("1"), side("2")) == []


def test_pseudonyms_are_the_same_within_an_epoch_and_a_root_key_only() -> None:
    def keyed(key: str, **said: Any) -> Side:
        return Side({**RELEASE, **said}, {}, keys={"room": key})

    assert pseudonyms(keyed("k"), keyed("k"))["same"]
    other_epoch = pseudonyms(keyed("k"), keyed("k", key_epoch="2022"))
    assert not other_epoch["same"] and "2022 and was 2021" in other_epoch["says"]
    assert not pseudonyms(keyed("k"), keyed("l"))["same"]


def test_only_lines_of_the_ledger_that_changed_are_told() -> None:
    snapshot, late = ("v", "r.visit", "snapshot", ""), ("v", "r.visit", "excluded", "late")
    old = Side(RELEASE, {}, ledger={snapshot: 8, late: 2})
    new = Side(RELEASE, {}, ledger={snapshot: 8})
    [line] = recounted(old, new)
    assert (line["outcome"], line["reason"], line["old"], line["new"]) == ("excluded", "late", 2, 0)
