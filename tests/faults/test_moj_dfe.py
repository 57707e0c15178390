"""Each known fault of the PNC and the NPD is seen by validation or cleaning, never linked on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.link.standardise import standardised
from datafirst.spec import Specification

from .landed import Read

PNC = "2014/0123456D"
PERSON = {"pnc_person_id": 1, "pncid": PNC, "surname": "LEE", "forename1": "ANN", "sex": "F",
          "date_of_birth": "03/02/1990", "postcode": "B1 1AA", "owner_force": "20",
          "created_on": "2014-01-01", "last_event_on": "2014-01-01", "events_count": 1}  # fmt: skip
ARREST = {"arrest_summons_id": 1, "pnc_person_id": 1, "process_stage": "A", "force": "20",
          "event_on": "2014-01-01", "offences_count": 1, "first_entry_flag": "Y",
          "outcome": "CH"}  # fmt: skip
PUPIL = {"pupil_matching_ref": "PMR0000000000001", "upn": "A201200101001", "surname": "Lee",
         "forename": "Ann", "date_of_birth": "1990-02-03", "gender": "F", "postcode": "B1 1AA",
         "ethnicity": "APKN", "first_seen_on": "2002-01-17",
         "last_seen_on": "2006-01-17"}  # fmt: skip
CENSUS = {"pupil_matching_ref": "PMR0000000000001", "academic_year": "2005/06",
          "census_date": "2006-01-17", "school_urn": "100001", "nc_year": "11",
          "enrolment_status": "C"}  # fmt: skip
SOUND: dict[str, dict[str, Any]] = {
    "pnc_person": PERSON, "pnc_arrest_summons": ARREST, "npd_pupil": PUPIL,
    "npd_school": {"school_urn": "100001", "local_authority": "201", "region": "F",
                   "school_phase": "S", "school_type": "CY"},
    "npd_spring_census": CENSUS,
}  # fmt: skip


class PoliceAndSchools(Read):
    systems, dataset = ("pnc", "npd"), "pnc"


@pytest.fixture
def read(whole: Specification, tmp_path: Path) -> Iterator[Callable[..., PoliceAndSchools]]:
    """Lands one row of a table, changed, and what else is given."""

    def landed(table: str, change: dict[str, Any], **more: Any) -> PoliceAndSchools:
        return PoliceAndSchools(whole, tmp_path, {table: [{**SOUND[table], **change}], **more})

    yield landed


def pnc(whole: Specification, written: str) -> Any:
    field = standardised(whole.linkage.fields["pnc"], "written")
    with duckdb.connect() as con:
        return con.execute(f"SELECT {field} FROM (SELECT ? AS written)", [written]).fetchall()[0][0]


@pytest.mark.parametrize(
    "written",
    [
        "2014/0123456D",
        "2014/123456D",
        "20140123456D",
        "14/0123456D",
        "14/123456D",
        "140123456D",
        "2014/0123456d",
        " 2014/0123456D ",
    ],
)
def test_long_and_short_forms_of_a_pnc_number_are_one(whole: Specification, written: str) -> None:
    # The letter is that of year and serial: 140123456 leaves 4 when divided by 23.
    assert "ZABCDEFGHJKLMNPQRTUVWXY"[140123456 % 23] == "D"
    assert pnc(whole, written) == PNC


def test_a_pnc_number_whose_letter_does_not_check_is_not_linked_on(
    read: Callable[..., PoliceAndSchools],
) -> None:
    found = read("pnc_person", {"pncid": "2014/0123457D"})
    assert found.broken("pnc_person") == {}
    assert found.linked("pnc, surname", "pnc") == [(None, "LEE")]


def test_two_digits_of_a_later_year_are_of_the_century_before(whole: Specification) -> None:
    letter = "ZABCDEFGHJKLMNPQRTUVWXY"[890000012 % 23]
    assert pnc(whole, f"89/12{letter}") == f"1989/0000012{letter}"


@pytest.mark.parametrize("written", ["14/123456D", "2014123456D", "SEE FILE", "2014/0123456I"])
def test_a_pnc_number_not_in_the_long_form_is_quarantined_on_the_pnc_itself(
    read: Callable[..., PoliceAndSchools], written: str
) -> None:
    found = read("pnc_person", {"pncid": written})
    assert found.broken("pnc_person") == {"pattern:pncid": 1}
    assert found.linked("pnc", "pnc") == []


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("000000/00Z", None),
        ("000124/14A", "000124/14A"),
        ("124/14A", "000124/14A"),
        ("000124/14B", None),
    ],
)
def test_the_placeholder_cro_and_wrong_letters_are_not_linked_on(
    read: Callable[..., PoliceAndSchools], written: str, linked: str | None
) -> None:
    assert "ZABCDEFGHJKLMNPQRTUVWXY"[int("14" + "000124") % 23] == "A"
    found = read("pnc_person", {"cro": written})
    assert found.linked("cro", "pnc") == [(linked,)]


@pytest.mark.parametrize(
    ("table", "dataset", "placeholders"),
    [
        ("pnc_person", "pnc", ("01/01/1900", "01/01/1970")),
        ("npd_pupil", "npd", ("1900-01-01", "1970-01-01")),
    ],
)
def test_placeholder_dates_of_birth_pass_and_are_not_linked_on(
    read: Callable[..., PoliceAndSchools], table: str, dataset: str, placeholders: tuple[str, ...]
) -> None:
    for born in placeholders:
        found = read(table, {"date_of_birth": born})
        assert found.broken(table) == {}
        assert found.linked("date_of_birth", dataset) == [(None,)]


def test_a_date_of_birth_that_is_no_date_is_quarantined(
    read: Callable[..., PoliceAndSchools],
) -> None:
    found = read("pnc_person", {"date_of_birth": "31/02/1990"})
    assert found.broken("pnc_person") == {"type:date_of_birth": 1}
    assert found.linked("surname", "pnc") == []


@pytest.mark.parametrize(
    ("table", "dataset", "forename"),
    [("pnc_person", "pnc", "forename1"), ("npd_pupil", "npd", "forename")],
)
def test_junk_in_names_and_no_fixed_abode_are_not_linked_on(
    read: Callable[..., PoliceAndSchools], table: str, dataset: str, forename: str
) -> None:
    junk = {forename: "NOT ENTERED", "surname": "MIG_ERROR_O'HARA-LEE", "postcode": "NF1 1NF"}
    found = read(table, junk)
    assert found.broken(table) == {}
    linked = found.linked("forename1, surname, postcode", dataset)
    assert linked == [(None, "OHARA LEE", None)]
    found = read(table, {"surname": "NO_SHOW_MC DONALD", "postcode": "nf11fa"})
    assert found.linked("surname, postcode", dataset) == [("MCDONALD", None)]


def test_unknown_sex_is_not_linked_on(read: Callable[..., PoliceAndSchools]) -> None:
    assert read("pnc_person", {"sex": "U"}).linked("sex", "pnc") == [(None,)]
    assert read("pnc_person", {"sex": "F"}).linked("sex", "pnc") == [("F",)]


@pytest.mark.parametrize(
    ("school", "linked"),
    [("APKN", "A2"), ("CHNE", "A4"), ("WBRI", "W1"), ("REFU", None), ("NOBT", None)],
)
def test_ethnicity_of_the_census_is_brought_to_16_and_1(
    read: Callable[..., PoliceAndSchools], school: str, linked: str | None
) -> None:
    assert read("npd_pupil", {"ethnicity": school}).linked("ethnicity", "npd") == [(linked,)]


def test_aliases_are_other_ways_to_write_one_person(read: Callable[..., PoliceAndSchools]) -> None:
    alias = {"alias_id": 1, "pnc_person_id": 1, "alias_type": "A", "surname": "SMITH",
             "entered_on": "2014-01-01"}  # fmt: skip
    found = read("pnc_person", {}, pnc_alias=[alias])
    linked = found.linked("record_id, variant, forename1, surname, pnc", "pnc")
    assert linked == [("1", 0, "ANN", "LEE", PNC), ("1", 1, "ANN", "SMITH", PNC)]


def test_earlier_addresses_and_surnames_are_other_ways_to_write_a_pupil(
    read: Callable[..., PoliceAndSchools],
) -> None:
    ref = PUPIL["pupil_matching_ref"]
    homes = [
        {"pupil_matching_ref": ref, "address_seq": n, "postcode": p, "from_on": "2002-01-17"}
        for n, p in ((1, "L1 1AB"), (2, "B1 1AA"))
    ]
    found = read("npd_pupil", {"former_surname": "Shah"}, npd_pupil_address=homes)
    linked = found.linked("variant, surname, postcode", "npd")
    assert linked == [(0, "LEE", "B1 1AA"), (1, "SHAH", "B1 1AA"), (2, "LEE", "L1 1AB")]


@pytest.mark.parametrize(
    ("table", "change", "rule"),
    [
        ("pnc_person", {"owner_force": "00"}, "codes:owner_force"),
        ("pnc_person", {"last_event_on": "2013-12-31"}, "rule:no_record_ends_before_it_was_made"),
        ("pnc_arrest_summons", {"event_on": "1900-01-01"}, "minimum:event_on"),
        ("pnc_arrest_summons", {"outcome": None}, "required:outcome"),
        ("pnc_arrest_summons", {"charged_on": "2013-12-31"},
         "rule:nobody_is_charged_before_the_arrest"),
        ("npd_pupil", {"upn": "TEMP200101001"}, "pattern:upn"),
        ("npd_pupil", {"gender": "0"}, "codes:gender"),
        ("npd_pupil", {"ethnicity": "WEUR"}, "codes:ethnicity"),
        ("npd_spring_census", {"academic_year": "0506"}, "pattern:academic_year"),
        ("npd_spring_census", {"nc_year": "14"}, "codes:nc_year"),
        ("npd_spring_census", {"idaci_decile": 32}, "maximum:idaci_decile"),
    ],
)  # fmt: skip
def test_what_no_list_or_bound_allows_is_quarantined(
    read: Callable[..., PoliceAndSchools], table: str, change: dict[str, Any], rule: str
) -> None:
    assert read(table, change).broken(table) == {rule: 1}


def test_a_pupil_or_arrest_sent_twice_is_one(read: Callable[..., PoliceAndSchools]) -> None:
    found = read("npd_pupil", {}, npd_spring_census=[CENSUS, CENSUS])
    assert found.broken("npd_spring_census") == {"key": 1}
    found = read("pnc_person", {}, pnc_arrest_summons=[ARREST, ARREST])
    assert found.broken("pnc_arrest_summons") == {"key": 1}
