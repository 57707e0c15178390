"""What the probation share makes of events, disposals, requirements and licences."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from datafirst.derive.proofs import prove
from datafirst.errors import ValidationFailed
from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

from .kept import Kept

CODED = {  # reference table: its number, then codes and what users see
    "gender": ("gender_id", {"M": "Male", "F": "Female", "N": "Not Known / Not Recorded"}),
    "disposal_type": ("disposal_type_id", {"CO": "ORA Community Order", "LIFE": "Life"}),
    "custodial_status": ("custodial_status_id", {"B": "Released - On Licence"}),
    "release_type": ("release_type_id", {"ADL": "Adult Licence", "FTR": "Fixed Term Recall"}),
    "recall_reason": ("recall_reason_id", {"FA": "Further Offence", "OT": "Out of Touch"}),
    "rqmnt_main_category": ("rqmnt_type_main_category_id", {"W": "Unpaid Work", "F": "RAR"}),
    "rqmnt_term_reason": (
        "rqmnt_termination_reason_id",
        {"C": "Requirement Completed", "E": "Expired (Normal)", "B": "Revoked - breach"},
    ),
    "report_type": ("court_report_type_id", {"SDR": "Standard", "FDR": "Fast"}),
    "delivered_type": ("delivered_court_report_type_id", {"SDR": "Standard", "FDR": "Fast"}),
}


class Probation(Kept):
    """The share's source tables, to be filled, and what its queries make of them."""

    prefix = "delius_"

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        super().__init__(con, spec, "probation")
        for name, (number, entries) in CODED.items():
            for place, (code, text) in enumerate(entries.items()):
                self.add(f"r_{name}", **{number: place + 1, "code": code, "description": text})

    def event(
        self, event: int = 1, offender: int = 1, disposal: bool = True, **values: Any
    ) -> None:
        self.add("event", _row=event, event_id=event, offender_id=offender,
                 **{"referral_date": "2015-06-10", **values})  # fmt: skip
        if disposal:
            self.add("disposal", disposal_id=event, event_id=event, disposal_type_id=1,
                     disposal_date="2015-06-10")  # fmt: skip

    def offender(self, offender: int = 1, **values: Any) -> None:
        self.add("offender", _row=100 + offender, offender_id=offender,
                 **{"date_of_birth_date": "1990-05-20", "gender_id": 1, **values})  # fmt: skip

    def prove(self) -> None:
        prove(self.con, self.share.tables.values())


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def probation(spec: Specification) -> Iterator[Probation]:
    with duckdb.connect() as con:
        yield Probation(con, spec)


def test_each_event_is_one_row_whatever_hangs_on_it(probation: Probation) -> None:
    probation.offender()
    for event in (1, 2):
        probation.event(event)
        probation.add("main_offence", event_id=event, offence_id=1)
        probation.add("custody", custody_id=event, disposal_id=event)
        for n in (1, 2):
            place = event * 10 + n
            probation.add("rqmnt", _row=place, rqmnt_id=place, disposal_id=event)
            probation.add("lic_condition", _row=place, lic_condition_id=place, disposal_id=event)
            probation.add("pss_rqmnt", _row=place, pss_rqmnt_id=place, custody_id=event)
            probation.add("release", release_id=place, custody_id=event,
                          actual_release_date="2016-01-01")  # fmt: skip
            probation.add("recall", recall_id=place, release_id=place, recall_date="2016-02-01")
            probation.add("address", offender_address_id=place, offender_id=1)
    told = probation.ask(
        "SELECT event_id_hash, rqmnts_count, lic_conditions_count, pss_rqmnts_count, "
        "release_count, recall_count FROM probation.flatfile ORDER BY ALL"
    )
    assert told == [(1, 2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 2)]
    probation.prove()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("main_offence", {"event_id": 1}),
        ("disposal", {"event_id": 1}),
        ("custody", {"disposal_id": 1}),
    ],
)
def test_two_where_there_may_be_one_are_refused(
    probation: Probation, table: str, row: dict[str, int]
) -> None:
    probation.offender()
    probation.event(disposal=table != "disposal")
    for number in (1, 2):
        probation.add(table, **{f"{table}_id": number}, **row)
    probation.ask("SELECT 1")
    with pytest.raises(ValidationFailed, match=r"flatfile: 1 values of the key \(event_id_hash\)"):
        probation.prove()


def test_tables_are_joined_by_the_event(probation: Probation) -> None:
    probation.offender()
    probation.event()
    probation.add("rqmnt", _row=1, rqmnt_id=1, disposal_id=1)
    probation.ask("SELECT 1")
    probation.con.execute("UPDATE probation.rqmnts SET event_id_hash = 77")
    with pytest.raises(ValidationFailed, match=r"rqmnts: 1 of 1 rows find no row in probation"):
        probation.prove()


def test_an_event_without_a_disposal_stays(probation: Probation) -> None:
    probation.offender()
    probation.event(disposal=False)
    assert probation.ask(
        "SELECT disposals_count, disposal_date, rqmnts_count FROM probation.flatfile"
    ) == [(0, None, 0)]
    probation.prove()


def test_the_row_belongs_to_the_linkage_record_of_its_service_user(probation: Probation) -> None:
    probation.offender(1)
    probation.offender(2)
    probation.event(5, offender=2)
    assert probation.ask("SELECT _row, _record, record_id FROM probation.flatfile") == [
        (5, 102, "probation/5")
    ]


@pytest.mark.parametrize(
    ("offence", "age"),
    [
        ("2015-04-30", 24),
        ("2015-05-01", 25),  # from the month of birth, so the day of birth is not told
        ("1995-06-10", None),
        ("1915-06-10", None),
        ("2105-06-10", 115),
        ("2115-06-10", None),
        ("1900-01-01", None),
        ("1970-01-01", None),
        (None, None),
    ],
)
def test_an_age_that_cannot_be_is_missing(
    probation: Probation, offence: str | None, age: int | None
) -> None:
    probation.offender()
    probation.event()
    probation.add("main_offence", event_id=1, offence_date=offence)
    assert probation.ask("SELECT age_at_offence FROM probation.flatfile") == [(age,)]


def test_releases_and_recalls_are_told_first_and_last(probation: Probation) -> None:
    probation.offender()
    probation.event()
    probation.add("custody", custody_id=1, disposal_id=1, custodial_status_id=1)
    for number, (out, kind) in enumerate([("2016-03-01", 2), ("2016-01-01", 1)]):
        probation.add("release", release_id=number, custody_id=1, release_type_id=kind,
                      actual_release_date=out)  # fmt: skip
    for number, (back, why) in enumerate([("2016-04-01", 2), ("2016-02-01", 1)]):
        probation.add("recall", recall_id=number, release_id=number, recall_reason_id=why,
                      recall_date=back)  # fmt: skip
    assert probation.ask(
        "SELECT release_count, first_release_date, last_release_type_desc, recall_count, "
        "first_recall_date, last_recall_date, last_recall_reason_desc, "
        "days_first_release_to_recall FROM probation.flatfile"
    ) == [
        (2, date(2016, 1, 1), "Fixed Term Recall", 2, date(2016, 2, 1), date(2016, 4, 1),
         "Out of Touch", 31)
    ]  # fmt: skip


def test_hours_and_days_are_added_up_where_they_are_hours_and_days(probation: Probation) -> None:
    probation.offender()
    probation.event()
    for number, (kind, length, unit) in enumerate(
        [(1, 80, "H"), (1, 40, "H"), (1, 6, "M"), (2, 20, "D"), (2, 12, "M")]
    ):
        probation.add("rqmnt", _row=number, rqmnt_id=number, disposal_id=1, length=length,
                      length_units=unit, rqmnt_type_main_category_id=kind)  # fmt: skip
    assert probation.ask("SELECT unpaid_work_hours, rar_days FROM probation.flatfile") == [
        (120, 20)
    ]


def test_a_requirement_is_completed_by_its_reason(probation: Probation) -> None:
    probation.offender()
    probation.event()
    for number, why in enumerate([1, 2, 3, None]):
        probation.add("rqmnt", _row=number, rqmnt_id=number, disposal_id=1,
                      rqmnt_termination_reason_id=why)  # fmt: skip
    told = probation.ask("SELECT completed_flag FROM probation.rqmnts ORDER BY rqmnt_id_hash")
    assert told == [("Y",), ("Y",), ("N",), (None,)]


def test_a_report_is_told_with_its_appearance(probation: Probation) -> None:
    probation.offender()
    probation.event()
    probation.add("court_appearance", court_appearance_id=3, event_id=1,
                  appearance_date="2015-06-10")  # fmt: skip
    probation.add("court_report", _row=0, court_report_id=4, court_appearance_id=3,
                  court_report_type_id=1, delivered_court_report_type_id=2,
                  date_required="2015-06-08", completed_date="2015-06-09")  # fmt: skip
    assert probation.ask(
        "SELECT event_id_hash, court_report_type_desc, delivered_court_report_type_desc, "
        "appearance_date, completed_in_time_flag FROM probation.court_reports"
    ) == [(1, "Standard", "Fast", date(2015, 6, 10), "N")]


def test_the_latest_main_address_says_where_they_live(probation: Probation) -> None:
    probation.offender()
    probation.event()
    for number, (since, area) in enumerate(
        [("2015-01-01", "E01000001"), ("2018-01-01", "W01000002"), (None, "E01000003")]
    ):
        probation.add("address", offender_address_id=number, offender_id=1, start_date=since,
                      lsoa11_code=area, no_fixed_abode="N")  # fmt: skip
    assert probation.ask("SELECT lsoa_residence FROM probation.flatfile") == [("W01000002",)]
