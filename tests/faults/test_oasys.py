"""Each known fault of OASys is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.derive.typed import typed
from datafirst.link.records import records
from datafirst.spec import Specification, Window

from .landed import Read, Rows

PERSON = {"family_name": "LEE", "forename_1": "ANN", "date_of_birth": "1980-02-03",
          "gender_elm": "2", "pnc": "2010/0000001Z"}  # fmt: skip
ASSESSED = {
    **PERSON, "offender_pk": 1, "current_post_code": "B1 1AA", "ref_ass_version_code": "LAYER3",
    "version_number": "1", "assessment_type_elm": "LAYER_3", "purpose_assessment_elm": "20",
    "assessment_status_elm": "COMPLETE", "prison_ind": "C", "initiation_date": "2015-03-10",
    "date_completed": "2015-03-20",
}  # fmt: skip
ANSWER = {"oasys_set_pk": 1, "ref_section_code": "3", "currently_hidden_ind": "N"}
ASKED = {"ref_section_code": "3", "ref_section_question": "Asked", "multiple_ind": "N"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "oasys_offender": [
        {**PERSON, "offender_pk": 1, "address_postcode": "B1 1AA", "nfa_ind": "N",
         "limited_access_offender": "N", "merged_ind": "N"}
    ],
    "oasys_set": [{**ASSESSED, "oasys_set_pk": 1}],
    "oasys_ref_question": [
        {**ASKED, "ref_question_code": "3.4", "scored_ind": "Y"},
        {**ASKED, "ref_question_code": "3.TOT", "scored_ind": "N"},
    ],
    "oasys_answer": [
        {**ANSWER, "oasys_answer_pk": 1, "ref_question_code": "3.4", "ref_answer_code": "2"}
    ],
}  # fmt: skip
CORE = "oasys.oasys_assessments_details_core_risk"


class Oasys(Read):
    """One sound assessment, and what else is given."""

    systems, dataset, share, sound = ("oasys",), "oasys", "oasys", SOUND
    covered = Window(start=date(2012, 1, 1), end=date(2021, 9, 30))

    def main(self, columns: str) -> list[tuple[Any, ...]]:
        """What linkage records say, the main way of writing."""
        return self.linked(columns, where="variant = 0")


Land = Callable[[Rows], Oasys]


@pytest.fixture
def read(whole: Specification, tmp_path: Path) -> Land:
    """Lands rows beside one sound assessment."""
    return lambda more: Oasys(whole, tmp_path, more)


def assessed(**values: Any) -> Rows:
    return {"oasys_set": [{**ASSESSED, "oasys_set_pk": 2, **values}]}


@pytest.mark.parametrize(
    ("column", "written", "field"),
    [
        ("date_of_birth", "1900-01-01", "date_of_birth"),
        ("date_of_birth", "1970-01-01", "date_of_birth"),
        ("forename_1", "NOT ENTERED", "forename1"),
        ("current_post_code", "NF1 1NF", "postcode"),
        ("current_post_code", "NF1 1FA", "postcode"),
        ("cro_number", "000000/00Z", "cro"),
        ("pnc", "2010/0000001A", "pnc"),
        ("gender_elm", "9", "sex"),
        ("ethnic_category_elm", "NS", "ethnicity"),
        ("ethnic_category_elm", "UN", "ethnicity"),
    ],
)
def test_placeholders_pass_and_are_never_linked_on(
    read: Land, column: str, written: str, field: str
) -> None:
    found = read(assessed(**{column: written}))
    assert not found.broken("oasys_set")
    assert found.main(field)[1] == (None,)


@pytest.mark.parametrize(
    ("column", "written", "field", "read_as"),
    [
        ("family_name", "MIG_ERROR_LEE", "surname", "LEE"),
        ("family_name", "NO_SHOW_LEE", "surname", "LEE"),
        ("forename_1", "DUPLICATE_ANN", "forename1", "ANN"),
        ("family_name", "MC DONALD", "surname", "MCDONALD"),
        ("pnc", "10/1Z", "pnc", "2010/0000001Z"),
    ],
)
def test_junk_is_cleaned_away(
    read: Land, column: str, written: str, field: str, read_as: str
) -> None:
    found = read(assessed(**{column: written}))
    assert not found.broken("oasys_set")
    [(cleaned,)] = found.main(field)[1:]
    if field == "pnc":
        assert cleaned == found.main(field)[0][0]
    else:
        assert cleaned == read_as


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"gender_elm": "U"}, "codes:gender_elm"),
        ({"assessment_type_elm": "OASYS_1"}, "codes:assessment_type_elm"),
        ({"cms_pris_number": "a1234bc"}, "pattern:cms_pris_number"),
        ({"cms_prob_number": "NOT ENTERED"}, "pattern:cms_prob_number"),
        ({"initiation_date": "1970-01-01"}, "minimum:initiation_date"),
        ({"ogrs3_2year": 999}, "maximum:ogrs3_2year"),
        (
            {"date_completed": "2014-01-01"},
            "rule:no_assessment_is_completed_before_it_was_begun",
        ),
        (
            {"ogp_st_wesc": 20, "ogp_dy_wesc": 10, "ogp_tot_wesc": 31},
            "rule:the_score_of_the_general_predictor_is_the_sum_of_its_two_parts",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_counted_and_goes_no_further(
    read: Land, values: dict[str, Any], rule: str
) -> None:
    found = read(assessed(**values))
    assert found.broken("oasys_set") == {rule: 1}
    assert found.main("record_id") == [("1",)]
    told, ledger = found.shared("SELECT oasys_set_pk FROM oasys.oasys_assessments_metadata")
    assert told == [(1,)]
    assert ledger["oasys_set", rule] == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"deleted_date": "2016-01-01"}, "deleted"),
        ({"assessment_voided_date": "2016-01-01"}, "void"),
    ],
)
def test_what_was_taken_back_is_left_out_and_not_linked(
    read: Land, values: dict[str, Any], reason: str
) -> None:
    found = read(assessed(**values))
    assert found.main("record_id") == [("1",)]
    told, ledger = found.shared("SELECT oasys_set_pk FROM oasys.oasys_assessments_metadata")
    assert told == [(1,)]
    assert ledger["oasys_set", reason] == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"assessment_status_elm": "OPEN", "date_completed": None}, "not_completed"),
        ({"assessment_status_elm": "LOCKED_INCOMPLETE"}, "not_completed"),
        ({"initiation_date": "2010-01-01", "date_completed": "2010-01-02"}, "outside_coverage"),
    ],
)
def test_what_is_not_of_the_share_is_left_out_with_a_reason(
    read: Land, values: dict[str, Any], reason: str
) -> None:
    more = assessed(**values) | {
        "oasys_answer": [
            {**ANSWER, "oasys_set_pk": 2, "oasys_answer_pk": 2, "ref_question_code": "3.4",
             "ref_answer_code": "1"}
        ]
    }  # fmt: skip
    told, ledger = read(more).shared(f"SELECT oasys_set_pk, question_3_4 FROM {CORE}")
    assert told == [(1, "2")]
    assert ledger["oasys_set", reason] == 1


def test_an_offender_entered_twice_is_read_as_both_ways_of_writing(
    read: Land,
) -> None:
    found = read(assessed(family_name="LEIGH"))
    with duckdb.connect() as con:
        for landed in found.landed.values():
            con.execute(f"CREATE VIEW {landed.table.name} AS {typed(landed)}")
        told = con.execute(
            f"SELECT record_id, variant, surname FROM ({records(found.spec, 'oasys')}) ORDER BY ALL"
        ).fetchall()
    assert told == [("1", 0, "LEE"), ("1", 1, "LEE"), ("2", 0, "LEIGH"), ("2", 1, "LEE")]


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        ({"ref_answer_code": "see notes"}, "pattern:ref_answer_code"),
        ({"ref_answer_code": None}, "rule:an_answer_is_a_code_or_a_text"),
        ({"ref_answer_code": "1", "ref_section_code": None}, "required:ref_section_code"),
        ({"ref_answer_code": "1", "oasys_answer_pk": 1}, "key"),
    ],
)
def test_a_broken_answer_is_counted_and_not_delivered(
    read: Land, answer: dict[str, Any], broken: str
) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.4", **answer}
    found = read({"oasys_answer": [row]})
    assert set(found.broken("oasys_answer")) == {broken}
    told, ledger = found.shared(f"SELECT question_3_4 FROM {CORE}")
    assert told == [("2",)]
    assert ledger["oasys_answer", broken] == 1


def test_an_answer_that_was_hidden_does_not_count(read: Land) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.4", "ref_answer_code": "0",
           "currently_hidden_ind": "Y"}  # fmt: skip
    told, ledger = read({"oasys_answer": [row]}).shared(f"SELECT question_3_4 FROM {CORE}")
    assert told == [("2",)]
    assert ledger["oasys_answer", "hidden"] == 1


@pytest.mark.parametrize(("typed_score", "kept"), [("2", 2), ("1", None), ("two", None)])
def test_a_score_that_is_out_of_date_is_not_delivered(
    read: Land, typed_score: str, kept: int | None
) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.TOT",
           "free_format_answer": typed_score}  # fmt: skip
    told, _ = read({"oasys_answer": [row]}).shared(f"SELECT question_3_tot FROM {CORE}")
    assert told == [(kept,)]
