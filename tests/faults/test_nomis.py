"""Each known fault of p-NOMIS is seen by validation or cleaning, counted, and never linked on."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from datafirst.spec import Specification, Window

from .landed import Read, Rows

PERSON = {"offender_id_display": "A0001AA", "last_name": "LEE", "first_name": "ANN",
          "birth_date": "1980-02-03", "sex_code": "F", "create_date": "2015-06-10"}  # fmt: skip
BOOKING = {"booking_begin_date": "2015-06-10", "booking_end_date": "2015-07-10",
           "agy_loc_id": "OUT", "in_out_status": "OUT", "active_flag": "N"}  # fmt: skip
COMES = {"movement_seq": 1, "movement_date": "2015-06-10", "movement_type": "ADM",
         "movement_reason_code": "I", "direction_code": "IN"}  # fmt: skip
GOES = {"movement_seq": 2, "movement_date": "2015-07-10", "movement_type": "REL",
        "movement_reason_code": "CR", "direction_code": "OUT"}  # fmt: skip
PLACEHOLDERS = ("1900-01-01", "1970-01-01")


def people(*who: dict[str, Any]) -> Rows:
    """Offenders with the numbers 1, 2, ..., each with a booking of that number."""
    nth = dict(enumerate(who, start=1))
    return {
        "offenders": [
            {**PERSON, "offender_id": n, "root_offender_id": n, **one} for n, one in nth.items()
        ],
        "offender_bookings": [
            {**BOOKING, "offender_book_id": n, "offender_id": n, "root_offender_id": n} for n in nth
        ],
        "offender_external_movements": [
            {**movement, "offender_book_id": n} for n in nth for movement in (COMES, GOES)
        ],
    }


class Nomis(Read):
    systems, dataset, share = ("nomis",), "prison", "prison"
    covered = Window(start=date(2011, 1, 1), end=date(2021, 9, 30))

    def impossible(self, *together: int) -> list[tuple[Any, ...]]:
        """Which of the rows of one cluster cannot be one person."""
        rows = ", ".join(f"({row}, 'P1')" for row in together)
        query = self.spec.linkage.impossible["custody_overlap"].query or ""
        # In front of the query's own first step, so that it finds the cluster there.
        given = f"WITH together AS (FROM (VALUES {rows}) AS t(_row, person)), "
        return self.asked(re.sub(r"^WITH\b", given, query, count=1, flags=re.MULTILINE))

    def journeys(self, columns: str) -> tuple[list[tuple[Any, ...]], dict[tuple[str, str], int]]:
        """What the share says, and the ledger's rows by table and reason."""
        return self.shared(
            f"SELECT {columns} FROM prison.custodial_journey ORDER BY custodial_journey_id"
        )


Land = Callable[[Rows], Nomis]


@pytest.fixture
def read(whole: Specification, tmp_path: Path) -> Land:
    return lambda rows: Nomis(whole, tmp_path, rows)


def test_what_is_sound_is_found_sound(read: Land) -> None:
    found = read(people({}))
    assert found.journeys("sex, days_in_custody")[0] == [("F", 30)]
    assert found.linked("record_id, surname, sex, noms_number") == [("1", "LEE", "F", "A0001AA")]
    assert not any(report.broken for report in found.reports.values())


def test_placeholder_dates_of_birth_give_no_age_and_no_link(read: Land) -> None:
    found = read(people({}, *({"birth_date": day} for day in PLACEHOLDERS)))
    assert found.journeys("age_at_reception, age_at_release")[0] == [(35, 35), *[(None, None)] * 2]
    assert found.linked("date_of_birth") == [(date(1980, 2, 3),), (None,), (None,)]
    assert found.broken("offenders") == {}


def test_placeholder_sentence_and_offence_dates_are_given_as_missing(
    read: Land,
) -> None:
    nth = dict(enumerate((*PLACEHOLDERS, "2015-06-10"), start=1))
    found = read({
        **people({}, {}, {}),
        "offender_sentences": [
            {"offender_book_id": n, "sentence_seq": 1, "sentence_calc_type": "ADIMP",
             "start_date": day, "sentence_category": "2003", "sentence_status": "A"}
            for n, day in nth.items()],
        "nomis_offences": [{"offence_code": "TH68010", "statute_code": "TH68",
                            "severity_ranking": 9, "active_flag": "Y", "ho_code": "049/10"}],
        "offender_charges": [
            {"offender_charge_id": n, "offender_book_id": n, "offence_code": "TH68010",
             "offence_date": day} for n, day in nth.items()],
    })  # fmt: skip
    told, _ = found.journeys(
        "first_sentence_date, age_at_sentence, main_offence_date, sentences_count"
    )
    day = date(2015, 6, 10)
    assert told == [(None, None, None, 1), (None, None, None, 1), (day, 35, day, 1)]
    assert found.broken("offender_sentences") == found.broken("offender_charges") == {}


NAMES = {"NOT ENTERED": None, "MIG_ERROR_LEE": "LEE", "DUPLICATE_LEE": "LEE", "NO_SHOW_LEE": "LEE",
         "MC DONALD": "MCDONALD", "LEE-GREY": "LEE GREY", "O'NEILL": "ONEILL", '"LEE"': "LEE",
         "LEE\\": "LEE", "LEE\n": "LEE", " ": None}  # fmt: skip


def test_junk_in_names_is_cleaned_away(read: Land) -> None:
    found = read(people(*({"last_name": name} for name in NAMES)))
    assert found.broken("offenders") == {}
    with_number = {int(record): name for record, name in found.linked("record_id, surname")}
    assert with_number == dict(enumerate(NAMES.values(), start=1))


def test_no_fixed_abode_is_no_address_to_link_on(read: Land) -> None:
    written = [("NF1 1NF", None), ("NF1 1FA", "N"), ("B1 1AA", "Y"), ("B1 1AA", "N")]
    homes = [
        {"address_id": n, "root_offender_id": n, "postal_code": postcode,
         "no_fixed_address_flag": flag, "start_date": "2015-06-10"}
        for n, (postcode, flag) in enumerate(written, start=1)
    ]  # fmt: skip
    found = read({**people({}, {}, {}, {}), "offender_addresses": homes})
    assert found.linked("postcode") == [(None,)] * 3 + [("B1 1AA",)]
    assert found.journeys("no_fixed_abode_flag")[0] == [(None,), ("N",), ("Y",), ("N",)]
    assert found.broken("offender_addresses") == {}


def number(n: int, kind: str, written: str, **more: Any) -> dict[str, Any]:
    return {"offender_id": n, "offender_id_seq": 1, "root_offender_id": n, "identifier_type": kind,
            "identifier": written, **more}  # fmt: skip


def test_the_placeholder_of_cro_numbers_and_a_wrong_check_letter_link_nobody(
    read: Land,
) -> None:
    numbers = [number(1, "CRO", "000000/00Z"), number(2, "PNC", "99/0000001X")]
    found = read({**people({}, {}), "offender_identifiers": numbers})
    assert found.linked("cro, pnc") == [(None, None)] * 2
    assert found.broken("offender_identifiers") == {}
    assert found.journeys("1")[1]["offender_identifiers", "identifiers_only"] == 2


@pytest.mark.parametrize("written", ["2012/0364875A", "12/0364875A", "12/364875A", "20120364875A"])
def test_pnc_numbers_in_every_form_are_one(read: Land, written: str) -> None:
    canonical = "2012/0364875" + "ZABCDEFGHJKLMNPQRTUVWXY"[120364875 % 23]
    numbers = [number(1, "PNC", written[:-1] + canonical[-1])]
    found = read({**people({}), "offender_identifiers": numbers})
    assert found.linked("pnc") == [(canonical,)]


def test_a_verified_number_goes_before_the_first_one(read: Land) -> None:
    good = "2012/0364875" + "ZABCDEFGHJKLMNPQRTUVWXY"[120364875 % 23]
    other = "2013/0364875" + "ZABCDEFGHJKLMNPQRTUVWXY"[130364875 % 23]
    numbers = [number(1, "PNC", other, verified_flag="N"),
               number(1, "PNC", good, verified_flag="Y", offender_id_seq=2)]  # fmt: skip
    found = read({**people({}), "offender_identifiers": numbers})
    assert found.linked("pnc") == [(good,)]


@pytest.mark.parametrize(("code", "compared"), [
    ("MERGE", None), ("NS", None), ("UN", None), ("O1", "A4"), ("A4", "A4"), ("B1", "B1"),
])  # fmt: skip
def test_ethnicity_that_awaits_confirmation_after_a_merge_is_shared_but_not_compared(
    read: Land, code: str, compared: str | None
) -> None:
    found = read(people({"race_code": code}))
    assert found.broken("offenders") == {}
    assert found.journeys("ethnicity")[0] == [(code,)]
    assert found.linked("ethnicity") == [(compared,)]


def test_sex_that_nobody_knew_is_not_compared(read: Land) -> None:
    found = read(people(*({"sex_code": code} for code in ("M", "F", "NK", "NS", "REF", "U"))))
    assert found.linked("sex") == [("M",), ("F",), (None,), (None,), (None,)]
    assert found.broken("offenders") == {"codes:sex_code": 1}


def test_other_names_of_an_offender_are_ways_to_write_one_record(
    read: Land,
) -> None:
    rows = people({"middle_name": "JO"})
    alias = {**PERSON, "root_offender_id": 1, "alias_offender_id": 1}
    rows["offenders"] += [
        {**alias, "offender_id": 7, "last_name": "GREY", "birth_date": "1980-03-02"},
        {**alias, "offender_id": 8, "first_name": None, "last_name": "BLACK"},
    ]
    homes = [("B1 1AA", "2012-01-01", None), ("B2 2BB", "2010-01-01", "2012-01-01")]
    rows["offender_addresses"] = [
        {
            "address_id": n,
            "root_offender_id": 1,
            "postal_code": code,
            "start_date": a,
            "end_date": b,
        }
        for n, (code, a, b) in enumerate(homes, start=1)
    ]
    found = read(rows)
    born, other = date(1980, 2, 3), date(1980, 3, 2)
    assert found.linked("record_id, variant, forename1, surname, date_of_birth, postcode") == [
        ("1", 0, "ANN", "LEE", born, "B1 1AA"), ("1", 1, "ANN", "GREY", other, "B1 1AA"),
        ("1", 2, "ANN", "BLACK", born, "B1 1AA"), ("1", 3, "ANN", "LEE", born, "B2 2BB"),
    ]  # fmt: skip
    assert found.journeys("_record")[1]["offenders", "other_name"] == 2


def test_a_prison_number_that_two_offenders_share_does_not_make_them_one(
    read: Land,
) -> None:
    found = read(people({}, {"last_name": "GREY"}))
    assert found.linked("record_id, noms_number") == [("1", "A0001AA"), ("2", "A0001AA")]
    assert len(found.journeys("1")[0]) == 2


OVERLAPS = [("2015-07-02", "2015-08-01", True), ("2015-07-03", "2015-08-01", False),
            ("2015-06-20", "2015-06-28", True), ("2016-01-01", "2016-02-01", False)]  # fmt: skip


@pytest.mark.parametrize(("comes", "goes", "impossible"), OVERLAPS)
def test_two_in_prison_at_the_same_time_under_two_numbers_are_two_people(
    read: Land, comes: str, goes: str, impossible: bool
) -> None:
    rows = people({}, {})
    rows["offender_external_movements"][2]["movement_date"] = comes
    rows["offender_external_movements"][3]["movement_date"] = goes
    found = read(rows)
    assert found.impossible(0, 1) == ([(0, 1)] if impossible else [])
    assert found.impossible(1) == []


@pytest.mark.parametrize(("flag", "ends", "pairs"), [
    ("Y", None, [(0, 1)]), ("N", "2015-06-12", []), ("N", "2015-07-01", [(0, 1)]), ("N", None, []),
])  # fmt: skip
def test_where_no_release_follows_the_booking_tells_who_was_in_prison(
    read: Land, flag: str, ends: str | None, pairs: list[Any]
) -> None:
    rows = people({}, {})
    del rows["offender_external_movements"][3]
    rows["offender_bookings"][1] |= {"active_flag": flag, "booking_end_date": ends}
    assert read(rows).impossible(0, 1) == pairs


def test_a_booking_that_nobody_came_under_is_excluded(read: Land) -> None:
    rows = people({}, {})
    del rows["offender_external_movements"][2:]
    told, ledger = read(rows).journeys("custodial_journey_id")
    assert told == [(1,)]
    assert ledger["offender_bookings", "never_received"] == 1


def test_what_begins_after_the_coverage_is_excluded(read: Land) -> None:
    rows = people({}, {})
    rows["offender_bookings"][1] |= {"booking_begin_date": "2021-10-01", "booking_end_date": None}
    told, ledger = read(rows).journeys("custodial_journey_id")
    assert told == [(1,)]
    assert ledger["offender_bookings", "outside_coverage"] == 1


def test_a_quarantined_offender_takes_the_bookings_along(read: Land) -> None:
    found = read(people({}, {"offender_id_display": "NOT KNOWN"}))
    told, ledger = found.journeys("custodial_journey_id")
    assert (told, found.linked("record_id, variant")) == ([(1,)], [("1", 0)])
    assert ledger["offenders", "pattern:offender_id_display"] == 1
    assert ledger["offender_bookings", "offender_left_out"] == 1


def test_a_row_sent_again_is_counted_once(read: Land) -> None:
    rows = people({})
    rows["offender_bookings"] *= 2
    rows["offender_external_movements"] += rows["offender_external_movements"][-1:]
    found = read(rows)
    assert (
        found.broken("offender_bookings")
        == found.broken("offender_external_movements")
        == {"key": 1}
    )
    assert found.journeys("releases_count, days_in_custody")[0] == [(1, 30)]


def test_a_sentence_entered_by_mistake_does_not_count(read: Land) -> None:
    sentences = [
        {"offender_book_id": 1, "sentence_seq": n, "sentence_calc_type": kind,
         "sentence_status": "A", "start_date": "2015-06-10", "sentence_category": "2003",
         "termination_reason": reason}
        for n, (kind, reason) in enumerate([("ADIMP", None), ("MLP", "ERR")], start=1)
    ]  # fmt: skip
    told, ledger = read({**people({}), "offender_sentences": sentences}).journeys(
        "sentences_count, sentence_calc_type"
    )
    assert told == [(1, "ADIMP")]
    assert ledger["offender_sentences", "entered_by_mistake"] == 1


@pytest.mark.parametrize(
    ("table", "change", "rule"),
    [
        ("offender_external_movements", {"movement_reason_code": "ZZ"},
         "codes:movement_reason_code"),
        ("offender_external_movements", {"movement_date": "1900-01-01"}, "minimum:movement_date"),
        ("offenders", {"race_code": "Q9"}, "codes:race_code"),
        ("offenders", {"offender_id_display": "a0001aa"}, "pattern:offender_id_display"),
    ],
)  # fmt: skip
def test_what_no_list_or_bound_allows_is_quarantined(
    read: Land, table: str, change: dict[str, Any], rule: str
) -> None:
    rows = people({}, {})
    rows[table][-1] = {**rows[table][-1], **change}
    found = read(rows)
    assert found.broken(table) == {rule: 1}
    assert found.journeys("1")[1][table, rule] == 1
    assert len(found.linked("record_id, variant")) == (1 if table == "offenders" else 2)


def test_a_sentence_of_no_known_act_is_quarantined(read: Land) -> None:
    sentence = {"offender_book_id": 1, "sentence_seq": 1, "sentence_calc_type": "ADIMP",
                "sentence_status": "A", "start_date": "2015-06-10",
                "sentence_category": "1948"}  # fmt: skip
    found = read({**people({}), "offender_sentences": [sentence]})
    assert found.broken("offender_sentences") == {"codes:sentence_category": 1}
    assert found.journeys("sentences_count")[0] == [(0,)]
