"""Each known fault of FamilyMan is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from datafirst.spec import Specification, Window

from .landed import Read, Rows

CASE, LIBERTY = "BM15C00000000001", "FD19C40000000001"
EVENT = {"case_number": CASE, "event_model": "U22", "receipt_date": "2015-03-10",
         "entry_date": "2015-03-10", "creating_court": "101", "error": "N"}  # fmt: skip
ROLE = {"case_number": CASE, "role_model": "RSPC", "delete_flag": "N", "entry_date": "2015-03-10"}
PERSON = {"forename1": "ANN", "surname": "LEE", "dob": "1980-02-03", "gender": "2"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "fm_events": [{**EVENT, "event": 1011}],
    "fm_roles": [{**ROLE, "role": 1, "party": 1}],
    "fm_parties": [{**PERSON, "party": 1, "address": 1}],
    "fm_addresses": [{"address": 1, "postcode": "B1 1AA"}],
}


class FamilyMan(Read):
    """One sound case, and what else is given."""

    systems, dataset, share, sound = ("familyman",), "family", "family", SOUND
    covered = Window(start=date(2011, 1, 1), end=date(2021, 1, 31))


Land = Callable[[Rows], FamilyMan]


@pytest.fixture
def read(whole: Specification, tmp_path: Path) -> Iterator[Land]:
    """Lands rows beside one sound case."""
    yield lambda more: FamilyMan(whole, tmp_path, more)


@pytest.mark.parametrize("error", ["Y", None])
def test_events_in_error_are_left_out(read: Land, error: str | None) -> None:
    found = read({"fm_events": [{**EVENT, "event": 1012, "error": error}]})
    told, ledger = found.shared("SELECT event FROM family.events")
    assert told == [(1011,)]
    assert ledger["fm_events", "entered_by_mistake"] == 1


@pytest.mark.parametrize(
    ("flag", "roles", "deleted"), [("Y", 1, 1), ("N", 2, None), (None, 2, None)]
)
def test_deleted_roles_are_left_out_and_their_parties_not_linked(
    read: Land, flag: str | None, roles: int, deleted: int | None
) -> None:
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2, "delete_flag": flag}],
            "fm_parties": [{**PERSON, "party": 2}],
        }
    )
    told, ledger = found.shared("SELECT role FROM family.people")
    assert len(told) == roles == len(found.linked())
    assert ledger.get(("fm_roles", "deleted")) == deleted


def test_vacated_hearings_are_left_out(read: Land) -> None:
    heard = {"hearing_type": "FIN", "hearing_date": "2015-06-01"}
    notices = [{**EVENT, "event": n, "event_model": "C6"} for n in (1012, 1013, 1014)]
    flags = {1012: "Y", 1013: "N", 1014: None}
    found = read(
        {
            "fm_events": notices,
            "fm_hearings": [{**heard, "event": n, "vacated_flag": f} for n, f in flags.items()],
        }
    )
    told, ledger = found.shared("SELECT event, hearing_type FROM family.events ORDER BY event")
    assert told == [(1011, None), (1012, None), (1013, "FIN"), (1014, "FIN")]
    assert ledger["fm_hearings", "vacated"] == 1


def test_deprivation_of_liberty_cases_are_left_out_and_not_linked(
    read: Land,
) -> None:
    found = read(
        {
            "fm_events": [{**EVENT, "event": 1012, "case_number": LIBERTY}],
            "fm_roles": [{**ROLE, "role": 2, "party": 2, "case_number": LIBERTY}],
            "fm_parties": [{**PERSON, "party": 2}],
            "fm_case_fields": [{"case_number": LIBERTY, "field_model": "HARMAL", "value": "Y"}],
        }
    )
    told, ledger = found.shared("SELECT case_number_hash FROM family.cases")
    assert told == [(CASE,)]
    assert found.linked() == [("1",)]
    tables = ("fm_events", "fm_roles", "fm_case_fields")
    assert [ledger[t, "deprivation_of_liberty"] for t in tables] == [1, 1, 1]


def test_events_outside_the_coverage_take_their_roles_with_them(
    read: Land,
) -> None:
    early = {"event": 1012, "case_number": "BM10C00001", "receipt_date": "2010-12-31"}
    late = {"event": 1013, "receipt_date": None, "entry_date": "2021-02-01"}
    found = read(
        {
            "fm_events": [{**EVENT, **early}, {**EVENT, **late}],
            "fm_roles": [{**ROLE, "role": 2, "party": 1, "case_number": "BM10C00001"}],
        }
    )
    told, ledger = found.shared("SELECT role FROM family.people")
    assert told == [(1,)]
    assert ledger["fm_events", "outside_coverage"] == 2
    assert ledger["fm_roles", "case_left_out"] == 1


def test_children_not_recorded_on_an_application_and_no_child_at_all(
    read: Land,
) -> None:
    found = read(
        {
            "fm_events": [{**EVENT, "event": 1012, "case_number": "BM15F00001"}],
            "fm_roles": [{**ROLE, "role": n, "party": n, "role_model": "CHLDC"} for n in (2, 3)],
            "fm_parties": [{**PERSON, "party": n} for n in (2, 3)],
            "fm_event_fields": [{"event": 1011, "field_model": "CHILDR", "value": " "}],
        }
    )
    told, _ = found.shared("SELECT children_recorded_flag, children_count FROM family.events")
    assert sorted(told) == [("N", 0), ("N", 2)]


@pytest.mark.parametrize("said", ["--", "Child"])
def test_relationships_of_the_menus_head_are_not_recorded(read: Land, said: str) -> None:
    found = read({"fm_role_fields": [{"role": 1, "field_model": "RELCHD", "value": said}]})
    assert found.broken("fm_role_fields") == {}
    assert found.shared("SELECT relationship_to_child FROM family.people")[0] == [(None,)]


@pytest.mark.parametrize(("gender", "sex"), [("1", "M"), ("2", "F"), ("9", None), (None, None)])
def test_genders_are_1_2_and_other(read: Land, gender: str | None, sex: str | None) -> None:
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2}],
            "fm_parties": [{**PERSON, "party": 2, "gender": gender}],
        }
    )
    assert found.broken("fm_parties") == {}
    assert found.linked("sex")[1] == (sex,)


def test_a_gender_of_no_list_is_quarantined_and_not_linked(
    read: Land,
) -> None:
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2}],
            "fm_parties": [{**PERSON, "party": 2, "gender": "M"}],
        }
    )
    assert found.broken("fm_parties") == {"codes:gender": 1}
    assert found.linked() == [("1",)]


@pytest.mark.parametrize("born", ["2015-07-01", "1990-01-01"])
def test_ages_of_children_below_nought_or_above_17_are_other(read: Land, born: str) -> None:
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2, "role_model": "CHLDC"}],
            "fm_parties": [{**PERSON, "party": 2, "dob": born}],
        }
    )
    query = "SELECT age_at_case_start, child_age_group FROM family.people WHERE role = 2"
    assert found.shared(query)[0] == [(None, "Other")]


def test_a_blank_representation_stands_for_nobody(read: Land) -> None:
    found = read({"fm_roles": [{**ROLE, "role": 2, "party": 1, "representation": "  "}]})
    told, _ = found.shared("SELECT represented_flag FROM family.people ORDER BY role")
    assert told == [("N",), ("N",)]


def test_values_joined_by_commas_with_stray_spaces_are_read(
    read: Land,
) -> None:
    found = read(
        {"fm_event_fields": [{"event": 1011, "field_model": "APPTYP", "value": "PSO, EO"}]}
    )
    assert found.broken("fm_event_fields") == {}
    told, _ = found.shared("SELECT application_type_value_array FROM family.events")
    assert told == [("EO|PSO",)]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("UNMAPPED", "Y", "codes:field_model"),
        ("APPTYP", "EO, ZZZ", "rule:types_of_application_are_codes_of_their_list"),
        ("ORDTYP", "ZZZ", "rule:types_of_order_are_codes_of_their_list"),
        ("INTORD", "Maybe", "rule:fields_that_are_ticked_say_yes_or_no"),
        ("JUDTIER", "XX", "rule:the_level_of_a_judge_is_a_code_of_its_list"),
        ("WDRAWN", "the last one",
         "rule:a_withdrawal_names_the_application_by_the_number_of_its_event"),
    ],
)  # fmt: skip
def test_fields_and_values_of_no_list_are_quarantined(
    read: Land, field: str, value: str, rule: str
) -> None:
    found = read({"fm_event_fields": [{"event": 1011, "field_model": field, "value": value}]})
    assert found.broken("fm_event_fields") == {rule: 1}


def test_a_date_of_issue_that_is_no_date_is_quarantined(read: Land) -> None:
    field = {"case_number": CASE, "field_model": "DTISSU", "value": "31/02/2015"}
    found = read({"fm_case_fields": [field]})
    assert found.broken("fm_case_fields") == {"rule:a_date_of_issue_is_a_date": 1}


def test_an_event_numbered_by_another_court_is_quarantined(
    read: Land,
) -> None:
    found = read({"fm_events": [{**EVENT, "event": 1041}]})
    rule = "rule:the_number_of_an_event_begins_with_the_court_that_made_it"
    assert found.broken("fm_events") == {rule: 1}


@pytest.mark.parametrize(
    "body",
    [
        {"organisation": "KENT COUNTY COUNCIL"},
        {"surname": "LEEDS CITY COUNCIL"},
        {"organisation": "CAFCASS"},
    ],
)
def test_bodies_are_not_linked(read: Land, body: dict[str, str]) -> None:
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2, "role_model": "APLC"}],
            "fm_parties": [{"party": 2, **body}],
        }
    )
    assert found.linked() == [("1",)]
    told, _ = found.shared("SELECT party_type FROM family.people ORDER BY role")
    assert told == [("P",), ("O",)]


@pytest.mark.parametrize("born", ["1900-01-01", "1970-01-01"])
def test_placeholders_and_junk_are_not_linked_on(read: Land, born: str) -> None:
    junk = {"forename1": "NOT ENTERED", "surname": "MIG_ERROR_O'HARA-LEE", "dob": born}
    found = read(
        {
            "fm_roles": [{**ROLE, "role": 2, "party": 2}],
            "fm_parties": [{**PERSON, "party": 2, "address": 2, **junk}],
            "fm_addresses": [{"address": 2, "postcode": "NF1 1NF"}],
        }
    )
    assert found.broken("fm_parties") == found.broken("fm_addresses") == {}
    linked = found.linked("forename1, surname, date_of_birth, postcode")
    assert linked[1] == (None, "OHARA LEE", None, None)
    told, _ = found.shared("SELECT dob_recorded_flag FROM family.people ORDER BY role")
    assert told == [("Y",), ("N",)]


def test_a_party_sent_twice_is_one_record(read: Land) -> None:
    found = read({"fm_parties": [{**PERSON, "party": 1, "address": 1}]})
    assert found.broken("fm_parties") == {"key": 1}
    assert found.linked("record_id, surname, sex, postcode") == [("1", "LEE", "F", "B1 1AA")]


@pytest.mark.parametrize(
    ("table", "row", "rule"),
    [
        ("fm_roles", {**ROLE, "role": 2, "party": 1, "role_model": "XXXX"}, "codes:role_model"),
        ("fm_events", {**EVENT, "event": 1012, "event_model": "ZZ9"}, "codes:event_model"),
        ("fm_events", {**EVENT, "event": 1012, "case_number": "BM15X00001"}, "pattern:case_number"),
    ],
)
def test_what_no_list_or_form_allows_is_quarantined(
    read: Land, table: str, row: dict[str, Any], rule: str
) -> None:
    found = read({table: [row]})
    assert found.broken(table) == {rule: 1}
    assert found.shared("FROM family.people")[1][table, rule] == 1
    assert found.linked() == [("1",)]
