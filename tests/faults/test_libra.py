"""Each known fault of Libra is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from datafirst.deidentify import release
from datafirst.spec import Specification

DEFENDANT = {
    "defendant_type": "P", "forename1": "ANN", "surname": "LEE", "defendant_dob": "05/03/1985",
    "defendant_sex": "F", "youth_flag": "N", "court_code": "1001", "court_type": "A",
    "case_class": "C", "initiation_type": "C", "first_hearing_date": "2015-02-01",
    "final_hearing_date": "2015-03-01", "initiation_date": "2015-01-01", "hearings_count": 2,
    "adjournments_count": 1, "warrant_flag": "N", "case_status": "F", "committal_type": "N",
    "pre_sentence_report_flag": "N", "offences_count": 1, "tic_count": 0,
    "domestic_abuse_flag": "N", "hate_crime_flag": "N", "breach_flag": "N", "appeal_flag": "N",
    "last_updated": "2015-03-02", "defendant_id": "0000000001",
}  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]
Land = Callable[[Rows], Any]


def written(*people: dict[str, Any]) -> Rows:
    """Defendants who differ from Ann Lee as told, in the cases 1, 2, ..."""
    return {
        "hocas_flatfile": [
            {**DEFENDANT, "case_id": f"{n:012}", **who} for n, who in enumerate(people, start=1)
        ]
    }


def test_what_is_sound_is_found_sound(libra: Land, whole: Specification) -> None:
    found = libra(written({}))
    assert found.broken("hocas_flatfile") == found.cleaned() == {}
    assert found.linked("surname, date_of_birth, sex") == [("LEE", date(1985, 3, 5), "F")]
    assert len(found.shared("FROM magistrates.defendant_case")[0]) == 1


def test_dates_of_birth_are_read_day_first(libra: Land) -> None:
    found = libra(written({"defendant_dob": "03/05/1985"}, {"defendant_dob": "31/12/1985"}))
    assert found.broken("hocas_flatfile") == {}
    assert found.linked("date_of_birth") == [(date(1985, 5, 3),), (date(1985, 12, 31),)]


@pytest.mark.parametrize("text", ["31/02/1985", "12/31/1985", "UNKNOWN"])
def test_a_date_of_birth_that_is_no_date_is_quarantined(libra: Land, text: str) -> None:
    found = libra(written({}, {"defendant_dob": text}))
    assert found.broken("hocas_flatfile") == {"type:defendant_dob": 1}
    assert len(found.linked()) == 1
    told, ledger = found.shared("FROM magistrates.defendant_case")
    assert len(told) == ledger["hocas_flatfile", "type:defendant_dob"] == 1


@pytest.mark.parametrize("text", ["01/01/1900", "01/01/1970"])
def test_placeholder_dates_of_birth_give_no_age_and_no_link(libra: Land, text: str) -> None:
    found = libra(written({"defendant_dob": text}))
    assert found.broken("hocas_flatfile") == {}
    assert found.cleaned() == {("date_of_birth", "placeholders"): 1}
    assert found.linked("date_of_birth") == [(None,)]
    assert found.shared("SELECT age_at_first_hearing FROM magistrates.defendant_case")[0] == [
        (None,)
    ]


def test_junk_in_names_is_cleaned_away_and_counted(libra: Land) -> None:
    names = {"NOT ENTERED": None, "MIG_ERROR_LEE": "LEE", "DUPLICATE_LEE": "LEE",
             "NO_SHOW_LEE": "LEE", "MC DONALD": "MCDONALD", "LEE-GREY": "LEE GREY",
             "O'NEILL": "ONEILL"}  # fmt: skip
    found = libra(written(*({"surname": name} for name in names)))
    assert found.broken("hocas_flatfile") == {}
    assert found.linked("surname") == [(name,) for name in names.values()]
    counts = found.cleaned()
    assert counts["surname", "marks of migration and of duplicates"] == 3
    assert counts["surname", "words that say there is no name"] == 1
    assert counts["surname", "MC belongs to what follows"] == 1


def test_no_fixed_abode_is_no_home(libra: Land) -> None:
    found = libra(written({"postcode": "NF1 1NF"}, {"postcode": "NF1 1FA"}))
    assert found.broken("hocas_flatfile") == {}
    assert found.cleaned() == {("postcode", "no fixed abode"): 2}
    assert found.linked("postcode") == [(None,), (None,)]


def test_the_placeholder_of_cro_numbers_links_nobody(libra: Land) -> None:
    found = libra(written({"cro": "000000/00Z"}, {"cro": "000124/14A"}))
    assert found.cleaned() == {("cro", "serials are not nought"): 1}
    assert found.linked("cro") == [(None,), ("000124/14A",)]


def test_pnc_numbers_in_every_form_are_one_and_wrong_letters_none(libra: Land) -> None:
    forms = ("2014/0123456D", "14/0123456D", "14/123456D", "140123456D", "2014/0123456X")
    found = libra(written(*({"pnc": form} for form in forms)))
    assert found.broken("hocas_flatfile") == {}
    assert found.linked("pnc") == [("2014/0123456D",)] * 4 + [(None,)]
    assert found.cleaned() == {("pnc", "the check letter holds"): 1}


def test_companies_among_defendants_are_shared_but_not_linked(libra: Land) -> None:
    company = {"defendant_type": "O", "organisation_name": "NORTHERN TRANSPORT LTD",
               "forename1": None, "surname": None, "defendant_dob": None,
               "defendant_sex": None}  # fmt: skip
    found = libra(written({}, company))
    assert found.broken("hocas_flatfile") == {}
    assert len(found.linked()) == 1
    told, _ = found.shared(
        "SELECT defendant_type, count(*) FROM magistrates.defendant_case GROUP BY ALL ORDER BY ALL"
    )
    assert told == [("O", 1), ("P", 1)]


@pytest.mark.parametrize(
    "broken",
    [
        ({"surname": None}, "rule:a_person_has_a_surname"),
        ({"defendant_type": "O"}, "rule:an_organisation_has_a_name"),
    ],
)
def test_a_defendant_without_a_name_is_quarantined(libra: Land, broken: Any) -> None:
    who, rule = broken
    found = libra(written({}, who))
    assert found.broken("hocas_flatfile") == {rule: 1}
    assert len(found.linked()) == 1


def test_sex_not_specified_is_shared_but_not_compared(libra: Land) -> None:
    found = libra(written({"defendant_sex": "NS"}, {"defendant_sex": "U"}))
    assert found.broken("hocas_flatfile") == {"codes:defendant_sex": 1}
    assert found.cleaned() == {("sex", "codes that say nothing"): 1}
    assert found.linked("sex") == [(None,)]
    assert found.shared("SELECT defendant_sex FROM magistrates.defendant_case")[0] == [("NS",)]


def test_names_and_lines_of_addresses_never_leave(whole: Specification) -> None:
    table = whole.source_table("libra.hocas_flatfile")
    kept = {"forename1", "forename2", "forename3", "surname", "title", "postcode"} | {
        f"address_line{n}" for n in range(1, 6)
    }
    assert kept <= set(table.variables)
    for share_table in whole.shares["magistrates"].tables.values():
        leaving = release(whole, share_table)[0]
        sources = {v.source for v in leaving}
        assert not {f"{table.id}.{name}" for name in kept} & sources
        assert not kept & set(leaving.variables)


def test_missing_ethnicity_is_counted_and_refused_beyond_what_is_tolerated(libra: Land) -> None:
    some = [{"ethnicity_self_defined": "W1"}] * 2 + [{}] * 8
    found = libra(written(*some))
    assert found.missing("hocas_flatfile", "ethnicity_self_defined") == 8
    assert not [each for each in found.excesses("hocas_flatfile") if "self_defined" in each]
    found = libra(written(*some, {}))
    [excess] = [each for each in found.excesses("hocas_flatfile") if "self_defined" in each]
    assert "9 of 11" in excess


def test_both_ethnicities_are_there_each_with_its_own_list(libra: Land) -> None:
    found = libra(written({"ethnicity_self_defined": "A4", "ethnicity_officer": "5"}))
    assert found.broken("hocas_flatfile") == {}
    query = "SELECT ethnicity_self_defined, ethnicity_officer FROM magistrates.defendant_case"
    assert found.shared(query)[0] == [("A4", "5")]


@pytest.mark.parametrize("code", ["XX99999", "RV9801", "rv98011"])
def test_an_offence_code_that_is_none_is_quarantined(libra: Land, code: str) -> None:
    offence = {"case_id": f"{1:012}", "defendant_id": "0000000001", "offence_seq": 1,
               "offence_group": "01", "offence_mode": "S", "inchoate_type": "C",
               "disqualified_flag": "N", "forfeiture_flag": "N", "sent_to_crown_flag": "N",
               "offence_code": code}  # fmt: skip
    found = libra({**written({}), "hocas_offence": [offence]})
    assert found.broken("hocas_offence") == {"codes:offence_code": 1}
    told, ledger = found.shared("FROM magistrates.offence")
    assert told == []
    assert ledger["hocas_offence", "codes:offence_code"] == 1


def test_a_row_sent_again_is_one_record(libra: Land) -> None:
    rows = written({})
    found = libra({"hocas_flatfile": rows["hocas_flatfile"] * 2})
    assert found.broken("hocas_flatfile") == {"key": 1}
    assert len(found.linked()) == 1


def test_single_justice_and_open_cases_are_left_out(libra: Land) -> None:
    found = libra(
        written({}, {"initiation_type": "J"}, {"final_hearing_date": None, "case_status": "O"})
    )
    told, ledger = found.shared("FROM magistrates.defendant_case")
    assert len(told) == 1
    assert ledger["hocas_flatfile", "single_justice_procedure"] == 1
    assert ledger["hocas_flatfile", "not_completed"] == 1
