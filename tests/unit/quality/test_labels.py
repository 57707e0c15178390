"""Are decisions read as they were meant, and faults told by line and never by value?"""

import re

import pytest

from datafirst.errors import ValidationFailed
from datafirst.quality.labels import decisions

HEADER = "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r,clerical_match_score"
PAIRS = {
    ("a", "1", "b", "2"): 7,
    ("b", "2", "a", "1"): 7,
    ("a", "3", "a", "4"): 8,
    ("a", "4", "a", "3"): 8,
}


def read(*lines: str, header: str = f"{HEADER},reviewer,decided,reason", **more: object):
    return decisions("\n".join((header, *lines)) + "\n", "Ann", PAIRS, **more)


def test_a_pair_is_known_either_way_round() -> None:
    found, _ = read("a,1,b,2,1,Ann,,", 'a,4,a,3,0,Ann,2024-05-01,"moved, twice"')
    assert [(d.pair_id, d.line, d.score, d.decided, d.reason) for d in found] == [
        (7, 2, 1.0, "", ""), (8, 3, 0.0, "2024-05-01", "moved, twice")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "score"), [("1", 1), ("1.0", 1), ("0", 0), ("0.0", 0), (".5", 0.5), ("", 0.5)]
)
def test_scores(said: str, score: float) -> None:
    [decision], _ = read(f"a,1,b,2,{said},Ann,,")
    assert decision.score == score


def test_a_line_in_which_nothing_is_said_is_not_decided() -> None:
    found, undecided = read("a,1,b,2,,,,", "a,3,a,4,1,Ann,,")
    assert ([d.pair_id for d in found], undecided) == ([8], 1)


def test_the_reviewer_needs_no_column() -> None:
    [decision], undecided = read("a,1,b,2,0,LEE", "a,3,a,4,,LEE", header=f"{HEADER},surname")
    assert (decision.reviewer, decision.reason, undecided) == ("Ann", "", 1)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a,secret,b,2,1,Ann,,", "a pair that is not in the sample (line 3)"),
        ("a,1,b,2,secret,Ann,,", "a score that is not 1, 0 or 0.5 (line 3)"),
        ("a,1,b,2,1.5,Ann,,", "a score that is not 1, 0 or 0.5 (line 3)"),
        ("a,1,b,2,nan,Ann,,", "a score that is not 1, 0 or 0.5 (line 3)"),
        ("a,1,b,2,0.8,Ann,,", "a score that is not 1, 0 or 0.5 (line 3)"),
        ("a,1,b,2,1,,,", "no reviewer (line 3)"),
        ("a,1,b,2,1,secret,,", "another reviewer than --reviewer names (line 3)"),
        ("a,4,a,3,1,Ann,,", "the same pair a second time (line 3)"),
        ("a,1,b,2,1,Ann,,,secret", "more cells than columns (line 3)"),
        ('a,1,b,2,1,Ann,,"x"secret', "line 3 is not CSV"),
    ],
)  # fmt: skip
def test_faults_are_told_by_line(line: str, fault: str) -> None:
    with pytest.raises(ValidationFailed, match=re.escape(fault)) as refused:
        read("a,3,a,4,1,Ann,,", line)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_all_faults_are_told_at_once_and_lines_of_a_kind_together() -> None:
    with pytest.raises(ValidationFailed) as refused:
        read("a,1,b,2,7,Ann,,", *["x,1,b,2,1,Ann,,"] * 12)
    assert str(refused.value) == (
        "nothing was kept: a score that is not 1, 0 or 0.5 (line 2); a pair that is not in the "
        "sample (lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more)"
    )


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="no column unique_id_r, clerical_match_score;"):
        read("a,1,b", header="source_dataset_l,unique_id_l,source_dataset_r")


def test_an_adjudicator_is_a_third_person_with_something_to_adjudicate() -> None:
    found, _ = read("a,1,b,2,1,Ann,,", disputed={7: frozenset({"Bea", "Cem"})})
    assert [d.pair_id for d in found] == [7]
    with pytest.raises(ValidationFailed, match=r"not in dispute \(line 3\)"):
        read("a,1,b,2,1,Ann,,", "a,3,a,4,1,Ann,,", disputed={7: frozenset({"Bea", "Cem"})})
    with pytest.raises(ValidationFailed, match=r"another must adjudicate \(line 2\)"):
        read("a,1,b,2,1,Ann,,", disputed={7: frozenset({"Ann", "Cem"})})
