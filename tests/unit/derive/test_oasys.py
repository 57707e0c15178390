"""What becomes of OASys: answers in rows become columns, scores stay where their items agree."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from datafirst.derive.proofs import prove
from datafirst.errors import ValidationFailed
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Type, load

from .kept import Kept

QUESTIONS = {
    "3": ["3.3", "3.4", "3.5", "3.6", "3.TOT", "3.98"],
    "1": ["1.29", "1.32"],
    "2": ["2.2_V2"],
    "6": ["6.7", "6.7.1", "6.7_V2"],
    "8": ["8.2"],
    "10": ["10.6"],
    "ROSH": ["R1.2", "R2.1"],
    "SECTION3": ["BCS33"],
    "TR_SECTION3": ["TR33"],
    "SARA": ["SR45.1.1"],
    "SAQ": ["SAQC1.1"],
    "SKILLSCHECKER": ["SC1"],
    "RMP": ["RM20", "RM30"],
}
SECTION = {question: section for section, all in QUESTIONS.items() for question in all}
MULTIPLE = {"2.2_V2", "6.7.1", "6.7_V2", "8.2", "R1.2", "RM20"}
SCORED = {"3.3", "3.4", "3.5", "3.6", "10.6"}
FORMS = {"LAYER1": "LAYER_1", "LAYER3": "LAYER_3", "BCS": "BASIC_CUSTODY_SCREENING"}
CORE = "oasys.oasys_assessments_details_core_risk"
META = "oasys.oasys_assessments_metadata"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


class Assessors(Kept):
    """OASys' kept rows, to be filled, and what the share's queries make of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        super().__init__(con, spec, "oasys")
        for question, section in SECTION.items():
            self.add("oasys_ref_question", ref_section_code=section, ref_question_code=question,
                     multiple_ind="Y" if question in MULTIPLE else "N",
                     scored_ind="Y" if question in SCORED else "N")  # fmt: skip

    def assess(
        self, number: int, form: str = "LAYER3", day: str = "2015-06-10", **values: Any
    ) -> None:
        values = {
            "offender_pk": 1,
            "assessment_type_elm": FORMS.get(form, form),
            "initiation_date": day,
            "date_completed": day,
            **values,
        }
        self.add("oasys_set", oasys_set_pk=number, ref_ass_version_code=form, **values)

    def answer(self, number: int, question: str, code: str | None, text: str | None = None) -> None:
        self.add("oasys_answer", oasys_answer_pk=self.rows, oasys_set_pk=number,
                 ref_section_code=SECTION[question], ref_question_code=question,
                 ref_answer_code=code, free_format_answer=text)  # fmt: skip


@pytest.fixture
def assessors(spec: Specification) -> Iterator[Assessors]:
    with duckdb.connect() as con:
        yield Assessors(con, spec)


def test_answers_in_rows_become_columns(assessors: Assessors) -> None:
    assessors.assess(1)
    assessors.assess(2)
    assessors.answer(1, "3.3", "NO")
    assessors.answer(1, "10.6", "2")
    assessors.answer(1, "1.29", None, "03/05/2015")
    assessors.answer(1, "1.32", None, "7")
    assessors.answer(2, "3.3", "M")
    told = assessors.ask(
        "SELECT question_3_3, question_10_6, question_1_29, question_1_32, question_3_4 "
        f"FROM {CORE} ORDER BY oasys_set_pk"
    )
    assert told == [("NO", "2", date(2015, 5, 3), 7, None), ("M", None, None, None, None)]


def test_the_last_answer_to_a_question_counts(assessors: Assessors) -> None:
    assessors.assess(1)
    for code in ("0", "2", "1"):
        assessors.answer(1, "3.4", code)
    assessors.answer(1, "3.TOT", None, "1")
    assert assessors.ask(f"SELECT question_3_4, question_3_tot FROM {CORE}") == [("1", 1)]


@pytest.mark.parametrize("typed", ["01/01/1900", "31/02/2015", "last May"])
def test_a_date_that_is_none_is_left_empty(assessors: Assessors, typed: str) -> None:
    assessors.assess(1)
    assessors.answer(1, "1.29", None, typed)
    assert assessors.ask(f"SELECT question_1_29 FROM {CORE}") == [(None,)]


def test_what_is_not_ticked_is_no_only_where_it_was_asked(assessors: Assessors) -> None:
    assessors.assess(1)
    assessors.assess(2, day="2017-01-10")
    assessors.assess(3, "LAYER1")
    assessors.assess(4, assessment_type_elm="FAST_REVIEW")
    assessors.assess(5)
    for number in (1, 2, 3, 4):
        assessors.answer(number, "2.2_V2", "WEAPON")
    told = assessors.ask(
        "SELECT question_2_2_v2_weapon, question_2_2_v2_arson, question_r1_2_1_1, "
        "question_8_2_heroin, question_6_7_1_victim, question_6_7_v2_victpartner "
        f"FROM {CORE} ORDER BY oasys_set_pk"
    )
    assert told == [
        ("YES", "NO", "NO", "NO", "NO", None),
        ("YES", "NO", "NO", "NO", None, "NO"),
        ("YES", "NO", "NO", None, None, None),
        ("YES", "NO", "NO", None, None, None),
        (None, None, None, None, None, None),
    ]


@pytest.mark.parametrize(("recorded", "kept"), [("4", 4), ("3", None), ("about 4", None)])
def test_a_score_is_kept_where_its_items_amount_to_it(
    assessors: Assessors, recorded: str, kept: int | None
) -> None:
    assessors.assess(1)
    for question, code in {"3.3": "YES", "3.4": "2", "3.5": "M", "3.6": "0", "3.98": "YES"}.items():
        assessors.answer(1, question, code)
    assessors.answer(1, "3.TOT", None, recorded)
    assert assessors.ask(f"SELECT question_3_tot FROM {CORE}") == [(kept,)]


def test_the_rule_of_scores_would_find_a_wrong_one(assessors: Assessors) -> None:
    assessors.assess(1)
    assessors.answer(1, "3.4", "2")
    assessors.answer(1, "3.TOT", None, "2")
    assessors.ask("SELECT 1")
    core = assessors.share.tables["oasys_assessments_details_core_risk"]
    prove(assessors.con, [core])
    assessors.con.execute(f"UPDATE {CORE} SET question_3_tot = 3")
    with pytest.raises(ValidationFailed, match="section on accommodation is the sum"):
        prove(assessors.con, [core])


def test_each_part_has_the_assessments_that_have_it(assessors: Assessors) -> None:
    assessors.assess(1)
    assessors.assess(2, "LAYER1")
    assessors.assess(3, "BCS")
    assessors.assess(4, "TR_BCS")
    assessors.assess(5, "SARA", parent_oasys_set_pk=1)
    for number, question, code in [
        (1, "SAQC1.1", "YES"), (1, "RM20", "POLICE"), (2, "SC1", "NO"), (3, "BCS33", "NFA"),
        (4, "TR33", "NFA"), (5, "SR45.1.1", "2"),
    ]:  # fmt: skip
        assessors.answer(number, question, code)
    parts = [
        name.removeprefix("oasys_assessments_details_")
        for name in assessors.share.tables
        if "_details_" in name
    ]
    flags = ", ".join(f"has_{part}" for part in parts)
    told = assessors.ask(f"SELECT {flags} FROM {META} ORDER BY oasys_set_pk")
    has = [{part for part, flag in zip(parts, row, strict=True) if flag == "Y"} for row in told]
    assert has == [{"core_risk", "saq", "rmp"}, {"core_risk", "skillschecker"}, {"bcs"},
                   {"tr_bcs"}, {"sara"}]  # fmt: skip
    for part in parts:
        rows = assessors.con.execute(
            f"SELECT oasys_set_pk FROM oasys.oasys_assessments_details_{part} ORDER BY 1"
        ).fetchall()
        assert [n for (n,) in rows] == [n for n, set in enumerate(has, 1) if part in set], part
    prove(assessors.con, assessors.share.tables.values())


def test_the_plan_names_agencies(assessors: Assessors) -> None:
    assessors.assess(1)
    assessors.answer(1, "RM20", "POLICE")
    assessors.answer(1, "RM30", "YES")
    told = assessors.ask(
        "SELECT question_rm20_police, question_rm20_health, question_rm30 "
        "FROM oasys.oasys_assessments_details_rmp"
    )
    assert told == [("YES", "NO", "YES")]


def test_assessments_are_counted_by_offender_and_spousal_ones_with_their_parent(
    assessors: Assessors,
) -> None:
    assessors.assess(3, day="2016-06-10")
    assessors.assess(1, day="2015-06-10")
    assessors.assess(2, "SARA", day="2015-06-12", parent_oasys_set_pk=1)
    assessors.assess(4, "SARA", day="2015-06-12", parent_oasys_set_pk=99)
    assessors.assess(5, offender_pk=2)
    told = assessors.ask(
        "SELECT oasys_set_pk, parent_oasys_set_pk, assessment_number, days_since_previous "
        f"FROM {META} ORDER BY oasys_set_pk"
    )
    assert told == [(1, None, 1, None), (2, 1, None, None), (3, None, 2, 366),
                    (4, None, None, None), (5, None, 1, None)]  # fmt: skip


@pytest.mark.parametrize("born", ["1997-06-01", "1997-06-30"])
def test_an_age_does_not_tell_the_birthday(assessors: Assessors, born: str) -> None:
    for number, day in enumerate(["2015-05-31", "2015-06-10", "2015-07-01"]):
        assessors.assess(number, day=day, date_of_birth=born)
    told = assessors.ask(f"SELECT age_at_initiation FROM {META} ORDER BY oasys_set_pk")
    assert told == [(17,), (18,), (18,)]


def test_each_row_says_which_record_it_is(assessors: Assessors) -> None:
    assessors.assess(7)
    [(row, record, named)] = assessors.ask(f"SELECT _row, _record, record_id FROM {META}")
    assert row == record
    assert named == "oasys/7"


def test_no_text_leaves(spec: Specification) -> None:
    for table in spec.shares["oasys"].tables.values():
        for variable in table:
            free = variable.type is Type.STRING and not (variable.codes or variable.pattern)
            assert not free or variable.role == "internal_id", variable.name
