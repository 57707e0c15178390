"""What becomes of the family courts' fields and values: people, cases and events."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

from .kept import Kept

CASE = "BM15P00000000001"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


class Court(Kept):
    """FamilyMan's kept rows, to be filled, and what the share's queries make of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        super().__init__(con, spec, "family")

    def event(self, event: int, model: str, day: str = "2015-03-10", **fields: str) -> None:
        self.add("fm_events", event=event, case_number=fields.pop("case", CASE), event_model=model,
                 receipt_date=day, entry_date=day, error="N")  # fmt: skip
        for field, value in fields.items():
            self.add("fm_event_fields", event=event, field_model=field, value=value)

    def role(self, role: int, model: str, party: int | None = None, **fields: str) -> None:
        acting = fields.pop("representation", None)
        self.add("fm_roles", role=role, case_number=CASE, party=party or role, role_model=model,
                 entry_date="2015-03-10", representation=acting)  # fmt: skip
        for field, value in fields.items():
            self.add("fm_role_fields", role=role, field_model=field, value=value)

    def party(self, party: int, **values: Any) -> None:
        self.add("fm_parties", party=party, **values)


@pytest.fixture
def court(spec: Specification) -> Iterator[Court]:
    with duckdb.connect() as con:
        yield Court(con, spec)


def test_values_joined_by_commas_are_taken_apart(court: Court) -> None:
    court.event(1011, "U22", APPTYP="CAO, EO,CAO , PSO,", JUDTIER=" DJ ")
    court.event(1012, "C21", ORDTYP=" EO", INTORD=" ")
    told = court.ask(
        "SELECT application_type_value_array, first_application_type, order_type_value_array, "
        "first_order_type, judge_tier, is_interim_order FROM family.events ORDER BY event"
    )
    assert told == [
        ("CAO|EO|PSO", "CAO", None, None, "DJ", None),
        (None, None, "EO", "EO", None, "N"),
    ]


def test_all_children_of_the_case_count_where_an_event_names_none_of_them(court: Court) -> None:
    court.role(1, "APLC")
    for child in (2, 3, 4):
        court.role(child, "CHLDC")
    court.add("fm_roles", role=5, case_number="LS15P00000000003", party=5, role_model="CHLDC")
    court.event(1011, "U22", CHILDR="2, 4,4")
    court.event(1012, "G50", CHILDR="1,5,99")
    court.event(1013, "C21", CHILDR=" ")
    court.event(1024, "U22", case="LS15F00000000002")
    told = court.ask(
        "SELECT children_recorded_flag, children_count FROM family.events ORDER BY event"
    )
    assert told == [("Y", 2), ("N", 3), ("N", 3), ("N", 0)]
    cases = court.con.execute("SELECT case_type, children_count FROM family.cases ORDER BY 1")
    assert cases.fetchall() == [("F", 0), ("P", 3)]


@pytest.mark.parametrize(
    ("born", "age", "group"),
    [
        ("2015-02-01", 0, "0"),
        ("2010-03-31", 5, "5-9"),
        ("1997-04-01", 17, "15-17"),
        ("1997-03-31", None, "Other"),
        ("2015-04-01", None, "Other"),
        ("1960-01-01", None, "Other"),
        ("1970-01-01", None, None),
        (None, None, None),
    ],
)
def test_a_child_has_no_age_that_a_child_cannot_have(
    court: Court, born: str | None, age: int | None, group: str | None
) -> None:
    court.event(1011, "U22")
    court.role(1, "CHLDC")
    court.party(1, dob=born)
    told = court.ask(
        "SELECT age_at_case_start, child_age_group, dob_recorded_flag FROM family.people"
    )
    assert told == [(age, group, "N" if group is None else "Y")]


def test_an_adult_keeps_an_age_and_is_in_no_group_of_children(court: Court) -> None:
    court.event(1011, "U22")
    court.role(1, "RSPC")
    court.party(1, dob="1980-03-31", forename1="ANN", surname="LEE", address=7)
    told = court.ask(
        "SELECT age_at_case_start, child_age_group, name_recorded_flag, address_recorded_flag "
        "FROM family.people"
    )
    assert told == [(35, None, "Y", "Y")]


@pytest.mark.parametrize("said", ["--", "Child", " ", None])
def test_a_relationship_left_at_the_top_of_the_menu_is_none(court: Court, said: str | None) -> None:
    court.event(1011, "U22")
    court.role(1, "APLC", **({} if said is None else {"RELCHD": said}))
    court.role(2, "RSPC", RELCHD="Step-parent")
    told = court.ask("SELECT relationship_to_child FROM family.people ORDER BY role")
    assert told == [(None,), ("Step-parent",)]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ({"forename1": "ANN", "surname": "BOROUGH"}, "P"),
        ({"surname": "SMITH"}, "P"),
        ({}, "P"),
        ({"organisation": "KENT COUNTY COUNCIL"}, "O"),
        ({"surname": "Leeds City Council"}, "O"),
        ({"surname": "CAFCASS CYMRU"}, "O"),
    ],
)
def test_bodies_are_told_from_people(court: Court, names: dict[str, str], kind: str) -> None:
    court.event(1011, "U22")
    court.role(1, "APLC")
    court.party(1, **names)
    record = court.rows
    told = court.ask("SELECT party_type, _record FROM family.people")
    assert told == [(kind, record if kind == "P" else None)]


def test_roles_of_one_party_are_rows_of_one_record(court: Court) -> None:
    court.event(1011, "U22")
    court.role(1, "RSPC", party=9, representation="Lamb & Co")
    court.role(2, "APLC", party=9, representation="  ")
    court.party(9, surname="LEE")
    told = court.ask(
        "SELECT record_id, role_group, represented_flag, party_roles_count, _record "
        "FROM family.people ORDER BY role"
    )
    record = court.rows
    assert told == [("family/1", "R", "Y", 2, record), ("family/2", "A", "N", 2, record)]


def test_how_a_case_stands_is_its_last_closing_or_reopening(court: Court) -> None:
    for number, (model, day) in enumerate(
        [("U22", "2015-01-05"), ("U24", "2015-06-01"), ("G62", "2015-08-01"), ("U24", "2015-12-01")]
    ):
        court.event(1010 + number, model, day)
        court.event(1040 + number, model, day, case="LS15C0001") if number < 3 else None
        court.event(1070 + number, model, day, case="LS15Z0001") if number < 1 else None
    told = court.ask(
        "SELECT case_type, case_status, case_closed_date::VARCHAR, reopened_count, case_year "
        "FROM family.cases ORDER BY 1"
    )
    assert told == [
        ("C", "R", None, 1, 2015), ("P", "C", "2015-12-01", 1, 2015), ("Z", "O", None, 0, 2015),
    ]  # fmt: skip


def test_a_final_order_is_of_a_final_form_and_not_interim(court: Court) -> None:
    court.event(1011, "C43", "2015-04-01", INTORD="Y")
    court.event(1012, "C43", "2015-05-01")
    court.event(1013, "C33", "2015-03-01")
    court.event(1014, "ORDREF", "2015-03-01")
    told = court.ask("SELECT is_interim_order, is_final_order FROM family.events ORDER BY event")
    assert told == [("Y", "N"), ("N", "Y"), ("Y", "N"), (None, None)]
    case = "SELECT orders_count, final_orders_count, first_final_order_date::VARCHAR"
    assert court.con.execute(f"{case} FROM family.cases").fetchall() == [(3, 1, "2015-05-01")]


def test_a_withdrawal_points_to_an_application_of_its_own_case(court: Court) -> None:
    court.event(1011, "G50")
    court.event(1012, "G63", WDRAWN=" 1011")
    court.event(1013, "G63", WDRAWN="9999")
    court.event(1021, "U22", case="LS15F0001")
    court.event(1014, "G63", WDRAWN="1021")
    told = court.ask(
        "SELECT event, withdrawn_application_type_value FROM family.events "
        "WHERE event_model = 'G63' ORDER BY event"
    )
    assert told == [(1012, 1011), (1013, None), (1014, None)]


def test_an_event_without_a_receipt_or_a_court_has_that_of_its_entry_and_number(
    court: Court,
) -> None:
    court.event(1041, "U22", "2015-03-10")
    court.add("fm_events", event=1042, case_number=CASE, event_model="G50", error="N",
              entry_date="2015-03-20")  # fmt: skip
    told = court.ask(
        "SELECT creating_court, event_sequence, days_since_case_start FROM family.events "
        "ORDER BY event"
    )
    assert told == [("104", 1, 0), ("104", 2, 10)]


def test_of_related_cases_one_is_named_and_all_are_counted(court: Court) -> None:
    court.event(1011, "U22")
    for field, value in {
        "RELCAS": f"LS14C00000000003 ,{CASE}, FD19C41234567, BM14P00000000004,see file",
        "DTISSU": "12/03/2015",
        "ORGCRT": "104",
    }.items():
        court.add("fm_case_fields", case_number=CASE, field_model=field, value=value)
    told = court.ask(
        "SELECT related_case_number_hash, related_cases_count, issue_date::VARCHAR, "
        "originating_court FROM family.cases"
    )
    assert told == [("LS14C00000000003", 2, "2015-03-12", "104")]


def test_the_tables_join_by_the_pseudonym_of_the_case(spec: Specification) -> None:
    share = spec.shares["family"]
    for table in share.tables.values():
        assert table.variables["case_number_hash"].identifies == "family_case"
    for name in ("people", "events"):
        assert ("case_number_hash",) in {j.on for j in share.tables[name].joins}
    assert sum(len(t.variables) for t in share.tables.values()) == 76


@pytest.mark.parametrize(
    ("column", "codes", "field"),
    [("application", "fm_application_type", "APPTYP"), ("order", "fm_order_type", "ORDTYP")],
)
def test_a_list_of_codes_is_the_same_wherever_it_stands(
    spec: Specification, column: str, codes: str, field: str
) -> None:
    events = spec.shares["family"].tables["events"].variables
    listed = events[f"first_{column}_type"]
    assert listed.codes_list == codes and listed.codes
    alternatives = "|".join(listed.codes)
    assert events[f"{column}_type_value_array"].pattern == rf"({alternatives})(\|({alternatives}))*"
    [rule] = [
        r.holds for r in spec.source_table("familyman.fm_event_fields").rules if field in r.holds
    ]
    for code in [*listed.codes, "ZZZ"]:
        row = f"SELECT '{field}' AS field_model, ' {code} , {code}' AS value"
        held = duckdb.sql(f"SELECT {rule} FROM ({row})").fetchall()
        assert held == [(code != "ZZZ",)]


def test_the_courts_that_a_case_may_begin_in_are_those_of_the_list(spec: Specification) -> None:
    courts = spec.source_table("familyman.fm_events").variables["creating_court"].codes
    [rule] = [
        r.holds for r in spec.source_table("familyman.fm_case_fields").rules if "ORGCRT" in r.holds
    ]
    assert courts
    for court in [*courts, "999"]:
        row = f"SELECT 'ORGCRT' AS field_model, '{court}' AS value"
        assert duckdb.sql(f"SELECT {rule} FROM ({row})").fetchall() == [(court != "999",)]
