"""What the prison share makes of bookings, movements, sentences, charges and key dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.derive.proofs import prove
from datafirst.errors import ValidationFailed
from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

from .kept import Kept

COVERAGE_END = date(2021, 9, 30)
Day = str | date


class Prison(Kept):
    """The share's source tables, to be filled, and what its queries make of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        super().__init__(con, spec, "prison")
        con.execute(f"SET VARIABLE coverage_end = DATE '{COVERAGE_END}'")

    def empty(self) -> None:
        for table in self.tables:
            self.con.execute(f"DELETE FROM {table.name}")
        self.con.execute("DROP SCHEMA IF EXISTS prison CASCADE")

    def offender(self, number: int = 1, **values: Any) -> None:
        self.add("offenders", _row=number + 100, offender_id=number, root_offender_id=number,
                 offender_id_display=f"A{number:04}BC", **values)  # fmt: skip

    def booking(
        self, number: int, *gate: tuple[str, Day], offender: int = 1, **values: Any
    ) -> None:
        """A booking with its receptions and releases: (reason, date), one after the other."""
        released = len(gate) % 2 == 0
        self.add("offender_bookings", _row=number, offender_book_id=number,
                 root_offender_id=offender, booking_begin_date=gate[0][1],
                 **{"active_flag": "N" if released else "Y", **values})  # fmt: skip
        for place, (reason, day) in enumerate(gate):
            inwards = place % 2 == 0
            self.add("offender_external_movements", offender_book_id=number,
                     movement_seq=place + 1, movement_date=day, movement_reason_code=reason,
                     movement_type="ADM" if inwards else "REL", from_agy_loc_id="LEI",
                     to_agy_loc_id="LEI" if inwards else "OUT")  # fmt: skip

    def told(self, columns: str) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT {columns} FROM prison.custodial_journey ORDER BY reception_date")


@pytest.fixture(scope="module")
def real() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def prison(real: Specification) -> Iterator[Prison]:
    with duckdb.connect() as con:
        made = Prison(con, real)
        made.offender()
        yield made


def one_person(prison: Prison, *offenders: int) -> None:
    """Linkage takes the offenders for one person."""
    rows = ", ".join(f"('prison', {number + 100}, 'P1')" for number in offenders)
    prison.con.execute(
        "CREATE OR REPLACE VIEW people AS SELECT * FROM "
        f"(VALUES {rows}) AS t(dataset, _row, dataset_person)"
    )


@pytest.mark.parametrize(("begins", "journeys"), [
    ("2015-05-30", 1), ("2015-06-01", 1), ("2015-06-04", 1), ("2015-06-05", 2),
])  # fmt: skip
def test_bookings_meet_where_the_later_begins_within_three_days(
    prison: Prison, begins: str, journeys: int
) -> None:
    prison.booking(1, ("N", "2015-01-01"), ("BL", "2015-06-01"))
    prison.booking(2, ("I", begins), ("CR", "2015-12-01"))
    told = prison.told("_rows, bookings_count")
    assert told == ([([1, 2], 2)] if journeys == 1 else [([1], 1), ([2], 1)])


def test_a_booking_that_ends_within_another_does_not_end_the_journey(prison: Prison) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-12-01"))
    prison.booking(2, ("N", "2015-02-01"), ("BL", "2015-02-03"))
    prison.booking(3, ("N", "2015-11-01"), ("BL", "2016-01-01"))
    told = prison.told("_rows, release_date, release_reason, last_booking_id_hash, days_in_custody")
    assert told == [([1, 2, 3], date(2016, 1, 1), "BL", 3, 365)]


@pytest.mark.parametrize("own_booking", [True, False])
def test_a_recall_is_part_of_the_journey_however_late(prison: Prison, own_booking: bool) -> None:
    recall = ("L", "2016-03-01"), ("RE", "2016-03-11")
    if own_booking:
        prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"))
        prison.booking(2, *recall)
    else:
        prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"), *recall)
    told = prison.told(
        "spells_count, recall_flag, recall_count, first_recall_date, first_release_date, "
        "release_date, release_reason, days_in_custody, journey_days"
    )
    assert told == [(2, "Y", 1, date(2016, 3, 1), date(2015, 2, 1), date(2016, 3, 11), "RE",
                     31 + 10, 435)]  # fmt: skip


def test_a_recall_of_whom_nothing_came_before_begins_a_journey(prison: Prison) -> None:
    prison.booking(1, ("L", "2011-01-01"), ("RE", "2011-01-15"))
    prison.booking(2, ("I", "2015-01-01"), ("CR", "2015-02-01"))
    told = prison.told("journey_number, recall_count, days_since_previous_journey")
    assert told == [(1, 1, None), (2, 0, 1447)]


@pytest.mark.parametrize("linked", [True, False])
def test_the_journey_is_the_person_s_and_not_the_number_s(prison: Prison, linked: bool) -> None:
    prison.offender(2)
    prison.booking(1, ("N", "2015-01-01"), ("RR", "2015-06-01"))
    prison.booking(2, ("I", "2015-06-02"), ("CR", "2015-12-01"), offender=2)
    if linked:
        one_person(prison, 1, 2)
    told = prison.told("_rows, _record, estimated_offender_id, offender_id_hash, noms_number_hash")
    first = (101, "P1" if linked else None, 1, "A0001BC")
    assert told == (
        [([1, 2], *first)] if linked else [([1], *first), ([2], 102, None, 2, "A0002BC")]
    )


@pytest.mark.parametrize(("detail", "closed", "release"), [
    ("2015-06-01", "2015-06-05", date(2015, 6, 1)),
    (None, "2015-06-05", date(2015, 6, 5)),
    (None, "2014-06-05", None),
])  # fmt: skip
def test_a_release_that_was_never_entered_is_told_by_its_detail_or_the_booking(
    prison: Prison, detail: str | None, closed: str, release: date | None
) -> None:
    prison.booking(1, ("I", "2015-01-01"), active_flag="N", booking_end_date=closed)
    prison.add("offender_release_details", offender_book_id=1, release_date=detail)
    told = prison.told("release_date, release_reason, in_custody_flag")
    assert told == [(release, None, "Y" if release is None else "N")]


def test_before_another_reception_a_release_that_was_never_entered_is_no_later(
    prison: Prison,
) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"), ("L", "2015-04-01"))
    prison.con.execute("DELETE FROM offender_external_movements WHERE movement_type = 'REL'")
    assert prison.told("spells_count, first_release_date, in_custody_flag") == [
        (2, date(2015, 4, 1), "Y")
    ]


def test_what_comes_after_the_coverage_is_not_told(prison: Prison) -> None:
    prison.booking(1, ("I", "2021-09-20"), active_flag="N", booking_end_date="2021-11-01")
    told = prison.told("release_date, in_custody_flag, days_in_custody, last_prison")
    assert told == [(None, "Y", 10, "LEI")]


@pytest.mark.parametrize(
    ("marked", "main"), [("N N", "CL77017"), ("N Y", "TH68010"), ("Y Y", "CL77017")]
)
def test_the_main_offence_is_the_gravest_of_those_that_staff_marked(
    prison: Prison, marked: str, main: str
) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"))
    offences = {"CL77017": 4, "TH68010": 300}
    for (code, rank), flag in zip(offences.items(), marked.split(), strict=True):
        prison.add("nomis_offences", offence_code=code, severity_ranking=rank)
        prison.add("offender_charges", offender_charge_id=rank, offender_book_id=1,
                   offence_code=code, most_serious_flag=flag)  # fmt: skip
    told = prison.told("main_offence_code, main_offence_severity, offences_count")
    assert told == [(main, offences[main], 2)]


def sentence(
    prison: Prison, seq: int, kind: str = "ADIMP", category: str = "2003", **term: Any
) -> None:
    prison.add("offender_sentences", offender_book_id=1, sentence_seq=seq, case_id=seq,
               sentence_calc_type=kind, sentence_category=category,
               start_date=f"2015-01-{seq:02}")  # fmt: skip
    prison.add("offender_sentence_terms", offender_book_id=1, sentence_seq=seq, term_seq=1,
               sentence_term_code="IMP", **term)  # fmt: skip


def test_the_main_sentence_is_the_longest(prison: Prison) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"))
    sentence(prison, 1, weeks=8)
    sentence(prison, 2, "EDS21", years=2, months=6, days=3)
    prison.add("offender_sentence_terms", offender_book_id=1, sentence_seq=2, term_seq=2,
               sentence_term_code="LIC", years=1)  # fmt: skip
    sentence(prison, 3, "LR", category="LICENCE", years=20)
    told = prison.told(
        "sentences_count, sentence_calc_type, sentence_type, sentence_length_days, "
        "extension_days, case_id_hash, first_sentence_date, last_sentence_date"
    )
    assert told == [(2, "EDS21", "E", 916, 365, 2, date(2015, 1, 1), date(2015, 1, 2))]


def test_a_sentence_for_life_is_the_main_one_and_has_no_length(prison: Prison) -> None:
    prison.booking(1, ("I", "2015-01-01"))
    sentence(prison, 1, years=30)
    sentence(prison, 2, "DLP", life_sentence_flag="Y", years=99)
    told = prison.told("sentence_calc_type, sentence_type, sentence_length_days")
    assert told == [("DLP", "I", None)]


def test_a_key_date_is_the_last_one_and_staff_s_own_where_there_is_one(prison: Prison) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2016-02-01"))
    for number, day in enumerate(["2015-01-02", "2015-03-02"]):
        prison.add("offender_sent_calculations", offender_sent_calculation_id=9 - number,
                   offender_book_id=1, calculation_date=day, crd_calculated_date="2016-01-01",
                   crd_overrided_date=["2017-01-01", "2016-02-01"][number],
                   sed_calculated_date="2017-01-31",
                   effective_sentence_length="02/01/15")  # fmt: skip
    told = prison.told("conditional_release_date, sentence_expiry_date, effective_sentence_days")
    assert told == [(date(2016, 2, 1), date(2017, 1, 31), 776)]


def test_remand_is_counted_to_the_first_sentence_after_it(prison: Prison) -> None:
    prison.booking(1, ("N", "2014-12-01"), ("CR", "2015-06-01"))
    prison.add("offender_imprison_statuses", offender_book_id=1, imprison_status_seq=1,
               imprisonment_status="TRL", effective_date="2014-12-01")  # fmt: skip
    sentence(prison, 5, years=1)
    told = prison.told("remand_flag, remand_days, sentenced_flag, first_imprisonment_status")
    assert told == [("Y", 35, "Y", "TRL")]


def test_without_a_legal_ground_the_reception_tells_of_remand(prison: Prison) -> None:
    prison.booking(1, ("N", "2014-12-01"), ("BL", "2014-12-11"))
    assert prison.told("remand_flag, remand_days, sentenced_flag") == [("Y", 10, "N")]


def test_ages_are_counted_from_the_month_of_birth(prison: Prison) -> None:
    prison.con.execute("UPDATE offenders SET birth_date = '1990-01-31'")
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-12-31"))
    assert prison.told("age_at_reception, age_at_release") == [(25, 25)]


DAYS = st.integers(0, 90).map(lambda n: date(2015, 1, 1) + timedelta(n))
REASONS = st.sampled_from(["N", "I", "L", "E"])
BOOKINGS = st.lists(st.lists(st.tuples(REASONS, DAYS, DAYS), min_size=1, max_size=2), max_size=5)


@settings(max_examples=30, deadline=None)
@given(BOOKINGS)
def test_no_two_journeys_overlap_and_every_booking_is_in_one(bookings: list[Any]) -> None:
    with duckdb.connect() as con:
        prison = Prison(con, SPEC)
        prison.offender()
        inside: set[date] = set()
        for number, spells in enumerate(bookings):
            gate = _gate(spells)
            prison.booking(number, *gate)
            for (_, begins), (_, ends) in zip(gate[::2], gate[1::2], strict=True):
                inside |= {begins + timedelta(n) for n in range((ends - begins).days)}
        told = prison.told("_rows, reception_date, release_date, days_in_custody")
        assert sorted(row for rows, *_ in told for row in rows) == [*range(len(bookings))]
        for (_, _, ends, _), (_, begins, _, _) in pairwise(told):
            assert begins > ends + timedelta(3)
        assert sum(days for *_, days in told) == len(inside)
        prove(con, prison.share.tables.values())


def _gate(spells: list[tuple[str, date, date]]) -> list[tuple[str, date]]:
    """Receptions and releases one after the other, whatever the dates that were drawn."""
    days = sorted(day for _, *pair in spells for day in pair)
    reasons = [reason for one in spells for reason in (one[0], "CR")]
    return list(zip(reasons, days, strict=True))


SPEC = load(PROJECT / "config")


def test_journeys_of_a_person_at_the_same_time_are_refused(prison: Prison) -> None:
    prison.booking(1, ("I", "2015-01-01"), ("CR", "2015-02-01"))
    prison.booking(2, ("I", "2015-06-01"), ("CR", "2015-07-01"))
    prison.told("1")
    prove(prison.con, prison.share.tables.values())
    prison.con.execute(
        "UPDATE prison.custodial_journey SET days_since_previous_journey = -40 "
        "WHERE journey_number = 2"
    )
    with pytest.raises(ValidationFailed, match="1 of 2 rows break the rule 'No two journeys"):
        prove(prison.con, prison.share.tables.values())
