"""What becomes of CaseMan's claims: parties of two kinds, cases in sum, events of four tables."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from datafirst.derive.tables import cover
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Window, load

from .kept import Kept

CASE = "A01AB123"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


class Court(Kept):
    """CaseMan's kept rows, to be filled, and what the share's queries make of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        super().__init__(con, spec, "civil")

    def add(self, table: str, **values: Any) -> None:
        super().add(table, **{"case_number": CASE, **values})

    def party(self, number: int, role: str = "DEFT", **values: Any) -> None:
        self.add("cm_party", party_number=number, party_role=role, **values)


@pytest.fixture
def court(spec: Specification) -> Iterator[Court]:
    with duckdb.connect() as con:
        yield Court(con, spec)


def test_a_party_is_what_the_flag_or_the_name_says(court: Court) -> None:
    court.add("cm_case")
    court.party(1, name="MR JOHN SMITH", is_company="N")
    court.party(2, name="SMITH ROOFING LTD", is_company="N")
    court.party(3, name="EASTMERE BOROUGH COUNCIL")
    court.party(4, name="THE LARCHES", is_company="Y")
    told = court.ask("SELECT party_kind, organisation_kind FROM civil.parties ORDER BY 1, 2")
    assert told == [("O", "COMP"), ("O", "COUN"), ("O", "OTHR"), ("P", None)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PENNINE BUILDING SOCIETY", "BANK"),
        ("HILLCREST HOUSING ASSOCIATION", "HOUS"),
        ("COMMISSIONERS FOR REVENUE COLLECTION", "GOVT"),
        ("GUARDIAN VALE INSURANCE PLC", "INSU"),
        ("PENNINE WATER PLC", "UTIL"),
        ("SWIFTPARK PARKING LLP", "PARK"),
        ("NORTHERN TRANSPORT LTD", "COMP"),
    ],
)
def test_the_kind_of_an_organisation_is_told_by_its_name(
    court: Court, name: str, kind: str
) -> None:
    court.party(1, name=name)
    assert court.ask("SELECT organisation_kind FROM civil.parties") == [(kind,)]


@pytest.mark.parametrize("born", ["1990-06-01", "1990-06-30"])
def test_the_age_at_issue_does_not_tell_the_birthday(court: Court, born: str) -> None:
    court.add("cm_case", issue_date="2015-06-10")
    court.party(1, name="MR JOHN SMITH", date_of_birth=born)
    assert court.ask("SELECT age_at_issue FROM civil.parties") == [(25,)]


@pytest.mark.parametrize(
    ("values", "sex"),
    [
        ({"title": "MR", "forename1": "JOHN", "surname": "SMITH"}, "M"),
        ({"forename1": "MRS JANE", "surname": "SMITH"}, "F"),
        ({"name": "MISS JANE SMITH"}, "F"),
        ({"name": "DR JANE SMITH"}, None),
        ({"name": "MASTERS JANE"}, None),
        ({"name": "MR TYRE LTD"}, None),
    ],
)
def test_sex_is_told_by_the_title_of_a_person(
    court: Court, values: dict[str, str], sex: str | None
) -> None:
    court.party(1, **values)
    assert court.ask("SELECT sex_by_title FROM civil.parties") == [(sex,)]


def test_an_organisation_is_nobody_even_where_a_person_was_linked(
    court: Court, spec: Specification
) -> None:
    court.party(1, name="SMITH ROOFING LTD")
    court.con.execute(
        "CREATE OR REPLACE VIEW people AS SELECT 'civil' AS dataset, 1::BIGINT AS _row, "
        "'somebody' AS dataset_person"
    )
    told = court.ask("SELECT estimated_dataset_person_id, _record, record_id FROM civil.parties")
    assert told == [(None, 1, f"civil/{CASE}/1")]


def test_each_row_of_four_tables_is_an_event(court: Court) -> None:
    court.add("cm_hearing", hearing_id=7, hearing_date="2015-05-01", hearing_type="SMCL")
    court.add("cm_judgment", judgment_id=7, judgment_date="2015-05-01", judgment_amount=99.6,
              party_number=2, status="SATI", status_date="2015-06-01")  # fmt: skip
    court.add("cm_warrant", warrant_id=7, issue_date="2015-07-01", warrant_amount=110.4)
    court.add("cm_event", event_id=7, event_code="060")
    told = court.ask(
        "SELECT _table, _row, event_number, event_kind, party_number, event_date::VARCHAR, "
        "coalesce(judgment_amount, warrant_amount) FROM civil.events ORDER BY _row"
    )
    assert told == [
        ("caseman.cm_hearing", 1, "H/7", "H", None, "2015-05-01", None),
        ("caseman.cm_judgment", 2, "J/7", "J", 2, "2015-05-01", 100.0),
        ("caseman.cm_warrant", 3, "W/7", "W", None, "2015-07-01", 110.0),
        ("caseman.cm_event", 4, "E/7", "E", None, None, None),
    ]


def test_a_case_sums_its_parties_and_events(court: Court) -> None:
    court.add("cm_case", claim_amount=1234.56)
    court.party(1, "CLMT", name="NORTHMOOR BANK PLC")
    court.party(2, name="MR JOHN SMITH")
    court.party(3, name="SMITH ROOFING LTD")
    court.add("cm_hearing", hearing_id=1, vacated_flag="Y")
    court.add("cm_hearing", hearing_id=2, vacated_flag="N")
    for number, (kind, day) in enumerate([("TRIA", "2016-01-01"), ("DEFA", "2015-01-01")]):
        court.add("cm_judgment", judgment_id=number, judgment_type=kind, judgment_date=day)
    told = court.ask(
        "SELECT claim_amount, claimants_count, defendants_count, claimant_kind, defendant_kind, "
        "hearings_count, judgments_count, warrants_count, first_judgment_type FROM civil.cases"
    )
    assert told == [(1235.0, 1, 2, "O", "B", 1, 2, 0, "DEFA")]


def test_a_form_sent_again_stands_for_the_earlier_one(court: Court) -> None:
    court.add("cm_case", claim_type="PSOC")
    court.add("pcol_claim", form_id=1, submitted_date="2015-01-01", tenancy_type="SECU")
    court.add("pcol_claim", form_id=2, submitted_date="2015-01-02", tenancy_type="ASSU")
    assert court.ask("SELECT tenancy_type, landlord_kind FROM civil.cases") == [("ASSU", "SL")]


def test_exclusions_leave_out_whole_claims_and_what_came_after(
    court: Court, spec: Specification
) -> None:
    cover(court.con, Window.model_validate({"start": "2012-01-01", "end": "2022-01-31"}))
    court.add("cm_case", case_number="IN", issue_date="2012-01-01", deleted_flag="N")
    court.add("cm_case", case_number="BEFORE", issue_date="2011-12-31")
    court.add("cm_case", case_number="ERROR", issue_date="2013-01-01", deleted_flag="Y")
    kept = _left(court, "cm_case")
    assert kept == {"BEFORE": "outside_coverage", "ERROR": "created_in_error", "IN": None}
    court.con.execute("DELETE FROM cm_case WHERE case_number <> 'IN'")
    court.add("cm_event", case_number="IN", event_date="2022-02-01")
    court.add("cm_event", case_number="BEFORE", event_date="2015-01-01")
    assert _left(court, "cm_event") == {"IN": "after_coverage", "BEFORE": "case_left_out"}


def _left(court: Court, table: str) -> dict[str, str | None]:
    """The reason for which each row is left out, by its claim."""
    cases = " ".join(
        f"WHEN {e.where} THEN '{e.reason}'"
        for e in court.share.exclusions
        if e.table == f"caseman.{table}"
    )
    query = f"SELECT case_number, CASE {cases} END FROM {table} AS row"
    return dict(court.con.execute(query).fetchall())


def test_grounds_joined_by_commas_are_taken_apart(court: Court) -> None:
    court.add("cm_case")
    court.add("pcol_claim", grounds=" 8 ,10, 11")
    told = court.ask("SELECT possession_ground, grounds_count FROM civil.cases")
    assert told == [("8", 3)]


def test_a_ground_of_an_earlier_act_is_counted_and_not_told(court: Court) -> None:
    court.add("cm_case")
    court.add("pcol_claim", grounds="RA")
    told = court.ask("SELECT possession_ground, grounds_count FROM civil.cases")
    assert told == [(None, 1)]
