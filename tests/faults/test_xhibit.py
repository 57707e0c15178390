"""Each known fault of XHIBIT is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from datafirst.deidentify import release
from datafirst.spec import Specification

Rows = dict[str, list[dict[str, Any]]]
Land = Callable[[Rows], Any]
PERSON = {"first_name": "ANN", "surname": "LEE", "date_of_birth": "1985-03-05", "gender": 2,
          "is_company": "N", "court_id": "404", "address_id": 1}  # fmt: skip
CASE = {"case_id": 1, "case_number": "T20150001", "case_type": "T", "court_id": "404",
        "received_date": "2015-02-01"}  # fmt: skip
PART = {"case_id": 1, "defendant_number": 1, "completion_date": "2015-06-01", "obs_ind": "N"}
CHARGED = {"offence_id": 1, "obs_ind": "N", "defendant_on_case_id": 1}
MADE = {"defendant_on_case_id": 1, "disposal_code": "IMP", "template_version": 1,
        "disposal_date": "2015-06-01", "obs_ind": "N"}  # fmt: skip


def written(*people: dict[str, Any], **more: list[dict[str, Any]]) -> Rows:
    """A case with a defendant for each of these, numbered 1, 2, ..., who differ from Ann Lee."""
    nth = list(enumerate(people, start=1))
    return {
        "xhb_case": [CASE],
        "xhb_address": [{"address_id": 1, "postcode": "B1 1AA"}],
        "xhb_defendant": [
            {**PERSON, "defendant_id": n, **{k: v for k, v in who.items() if k not in PARTLY}}
            for n, who in nth
        ],
        "xhb_defendant_on_case": [
            {**PART, "defendant_on_case_id": n, "defendant_id": n,
             **{k: v for k, v in who.items() if k in PARTLY}}
            for n, who in nth
        ],
        **more,
    }  # fmt: skip


PARTLY = ("obs_ind", "pnc_id", "completion_date", "is_masked", "masked_name")
"""What is written of a defendant's part in the case, and not of the defendant."""


def test_what_is_sound_is_found_sound(xhibit: Land) -> None:
    found = xhibit(written({}))
    assert not any(report.broken for report in found.reports.values())
    assert found.cleaned() == {}
    assert found.linked("surname, date_of_birth, sex, postcode") == [
        ("LEE", date(1985, 3, 5), "F", "B1 1AA")
    ]
    assert found.shared("SELECT gender FROM crown.defendant_case")[0] == [(2,)]


def test_obsolete_rows_are_left_out_and_not_linked(xhibit: Land) -> None:
    heard = {"case_id": 1, "hearing_type_code": "TRI", "hearing_start_date": "2015-05-01",
             "hearing_end_date": "2015-05-02"}  # fmt: skip
    rows = written(
        {}, {"obs_ind": "Y"},
        xhb_hearing=[{**heard, "hearing_id": n, "obs_ind": f} for n, f in ((1, "N"), (2, "Y"))],
        xhb_charge=[{"charge_id": 1, "charge_type": "I", "case_id": 1}],
        xhb_offence=[{"offence_id": 1, "charge_id": 1, "offence_code": "TH68001"}],
        xhb_defendant_on_offence=[{**CHARGED, "defendant_on_offence_id": n, "obs_ind": f}
                                  for n, f in ((1, "N"), (2, "Y"))],
        xhb_disposal2=[{**MADE, "disposal2_id": n, "obs_ind": f} for n, f in ((1, "N"), (2, "Y"))],
    )  # fmt: skip
    found = xhibit(rows)
    assert not any(report.broken for report in found.reports.values())
    assert found.linked() == [("1",)]
    told, ledger = found.shared(
        "SELECT hearings_count, offences_count, disposals_count FROM crown.defendant_case"
    )
    assert told == [(1, 1, 1)]
    tables = ("xhb_defendant_on_case", "xhb_defendant_on_offence", "xhb_disposal2", "xhb_hearing")
    assert [ledger[table, "obsolete"] for table in tables] == [1] * 4


LINES = [
    (["TERM_YEARS=2", "TERM_MONTHS=6"], (913, None, None)),
    ([" term_months = 12 "], (365, None, None)),
    (["Fine = £1,250.50"], (None, 1250.5, None)),
    (["TERM=LIFE", "MINIMUM_YEARS=15"], (None, None, "Y")),
    (["TERM_MONTHS=twelve"], (None, None, None)),
    (["see the judge's note"], (None, None, None)),
    ([None], (None, None, None)),
]


@pytest.mark.parametrize(("lines", "told"), LINES)
def test_values_are_read_out_of_disposal_lines(xhibit: Land, lines: Any, told: Any) -> None:
    typed = [{"disposal2_id": 1, "line_number": n, "data": d} for n, d in enumerate(lines, start=1)]
    found = xhibit(
        written({}, xhb_disposal2=[{**MADE, "disposal2_id": 1}], xhb_disposal_line=typed)
    )
    assert found.broken("xhb_disposal_line") == {}
    assert found.missing("xhb_disposal_line", "data") == lines.count(None)
    length, fine, life = told
    query = "SELECT custodial_period_days, fine_amount, life_flag FROM crown.defendant_case"
    assert found.shared(query)[0] == [(length, fine, life or "N")]


def test_remarks_in_disposal_lines_never_leave(whole: Specification) -> None:
    for table in whole.shares["crown"].tables.values():
        sources = {v.source for v in release(whole, table)[0]}
        assert "xhibit.xhb_disposal_line.data" not in sources


def test_short_pnc_numbers_are_brought_to_the_long_form(xhibit: Land) -> None:
    forms = ("140123456D", "14/123456D", "140123456X")
    found = xhibit(written(*({"pnc_id": form} for form in forms)))
    assert found.broken("xhb_defendant_on_case") == {}
    assert found.linked("pnc") == [("2014/0123456D",)] * 2 + [(None,)]
    assert found.cleaned() == {("pnc", "the check letter holds"): 1}


def test_a_pnc_number_too_long_for_its_column_is_quarantined(xhibit: Land) -> None:
    found = xhibit(written({}, {"pnc_id": "2014/0123456D"}))
    assert found.broken("xhb_defendant_on_case") == {"pattern:pnc_id": 1}
    assert found.linked() == [("1",)]


@pytest.mark.parametrize(("gender", "sex"), [(1, "M"), (2, "F"), (0, None)])
def test_genders_are_numbers(xhibit: Land, gender: int, sex: str | None) -> None:
    found = xhibit(written({"gender": gender}))
    assert found.broken("xhb_defendant") == {}
    assert found.linked("sex") == [(sex,)]
    assert found.cleaned() == ({} if sex else {("sex", "codes that say nothing"): 1})


def test_a_gender_that_is_none_is_quarantined_and_its_details_not_linked_on(xhibit: Land) -> None:
    found = xhibit(written({}, {"gender": 9}))
    assert found.broken("xhb_defendant") == {"maximum:gender": 1}
    assert found.linked("surname, sex") == [("LEE", "F"), (None, None)]


@pytest.mark.parametrize("born", ["1900-01-01", "1970-01-01"])
def test_placeholder_dates_of_birth_give_no_age_and_no_link(xhibit: Land, born: str) -> None:
    found = xhibit(written({"date_of_birth": born}))
    assert found.broken("xhb_defendant") == {}
    assert found.cleaned() == {("date_of_birth", "placeholders"): 1}
    assert found.linked("date_of_birth") == [(None,)]
    assert found.shared("SELECT age_at_receipt FROM crown.defendant_case")[0] == [(None,)]


def test_a_placeholder_date_of_receipt_is_quarantined(xhibit: Land) -> None:
    rows = written({})
    rows["xhb_case"] = [{**CASE, "received_date": "1970-01-01"}]
    found = xhibit(rows)
    assert found.broken("xhb_case") == {"minimum:received_date": 1}
    _, ledger = found.shared("FROM crown.defendant_case")
    assert ledger["xhb_case", "minimum:received_date"] == 1


def test_companies_are_shared_but_not_linked(xhibit: Land) -> None:
    company = {"is_company": "Y", "first_name": None, "surname": "NORTHERN TRANSPORT LTD",
               "date_of_birth": None, "gender": 0}  # fmt: skip
    found = xhibit(written({}, company))
    assert found.broken("xhb_defendant") == {}
    assert found.linked() == [("1",)]
    told, _ = found.shared("SELECT is_company FROM crown.defendant_case ORDER BY ALL")
    assert told == [("N",), ("Y",)]


def test_junk_in_names_and_homes_is_cleaned_away_and_counted(xhibit: Land) -> None:
    rows = written({"surname": "MIG_ERROR_MC DONALD", "first_name": "NOT ENTERED"})
    rows["xhb_address"] = [{"address_id": 1, "postcode": "NF1 1NF"}]
    found = xhibit(rows)
    assert not any(report.broken for report in found.reports.values())
    assert found.linked("forename1, surname, postcode") == [(None, "MCDONALD", None)]
    assert found.cleaned() == {
        ("forename1", "words that say there is no name"): 1,
        ("postcode", "no fixed abode"): 1,
        ("surname", "MC belongs to what follows"): 1,
        ("surname", "marks of migration and of duplicates"): 1,
    }


def test_a_person_at_several_centres_is_several_records(xhibit: Land) -> None:
    found = xhibit(written({}, {"court_id": "406"}))
    assert found.linked("record_id, surname") == [("1", "LEE"), ("2", "LEE")]
    told, _ = found.shared("SELECT defendant_id FROM crown.defendant_case ORDER BY ALL")
    assert told == [(1,), (2,)]


def test_both_ethnicities_are_there_each_with_its_own_list(xhibit: Land) -> None:
    found = xhibit(written({"ethnicity_self_defined": "A4", "ethnic_appearance_code": "5"},
                           {"ethnicity_self_defined": "5"}))  # fmt: skip
    assert found.broken("xhb_defendant") == {"codes:ethnicity_self_defined": 1}
    query = (
        "SELECT ethnicity_self_defined, ethnic_appearance_code FROM crown.defendant_case ORDER BY 1"
    )
    assert found.shared(query)[0] == [("A4", "5"), (None, None)]


@pytest.mark.parametrize(
    ("table", "row", "rule"),
    [
        ("xhb_hearing", {"hearing_id": 1, "case_id": 1, "hearing_type_code": "TRI",
                         "hearing_start_date": "2015-05-02", "hearing_end_date": "2015-05-01"},
         "rule:a_hearing_does_not_end_before_it_began"),
        ("xhb_disposal2", {**MADE, "disposal2_id": 1, "disposal_code": "ZZZZ"},
         "codes:disposal_code"),
        ("xhb_disposal_line", {"disposal2_id": 1, "line_number": 0, "data": "FINE=1"},
         "minimum:line_number"),
        ("xhb_offence", {"offence_id": 1, "charge_id": 1, "offence_code": "XX99999"},
         "codes:offence_code"),
        ("xhb_offence", {"offence_id": 1, "charge_id": 1, "offence_code": "TH68001",
                         "crest_hoo_class_freetext": "theft"}, "pattern:crest_hoo_class_freetext"),
    ],
)  # fmt: skip
def test_what_no_list_or_bound_allows_is_quarantined(
    xhibit: Land, table: str, row: dict[str, Any], rule: str
) -> None:
    found = xhibit(written({}, **{table: [row]}))
    assert found.broken(table) == {rule: 1}
    _, ledger = found.shared("FROM crown.defendant_case")
    assert ledger[table, rule] == 1
