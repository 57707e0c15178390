"""Each known fault of nDelius is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from datafirst.spec import Specification, Window

from .landed import Read, Rows

PERSON = {"crn": "X100001", "first_name": "ANN", "surname": "LEE", "gender_id": 1,
          "date_of_birth_date": "1980-02-03", "partition_area_id": 0,
          "soft_deleted": 0}  # fmt: skip
EVENT = {"offender_id": 1, "event_number": "1", "referral_date": "2015-06-10", "active_flag": 1,
         "soft_deleted": 0}  # fmt: skip
DISPOSAL = {"event_id": 1, "disposal_type_id": 1, "disposal_date": "2015-06-10", "soft_deleted": 0}
OFFENCE = {"event_id": 1, "offence_id": 1, "offence_date": "2015-01-01", "soft_deleted": 0}
RQMNT = {"disposal_id": 1, "rqmnt_type_main_category_id": 1, "start_date": "2015-06-10",
         "active_flag": 1, "soft_deleted": 0}  # fmt: skip
HOME = {"offender_id": 1, "postcode": "B1 1AA", "address_status_id": 1,
        "start_date": "2014-01-01", "soft_deleted": 0}  # fmt: skip
KIND = {"code": "CO", "description": "ORA Community Order", "sentence_type": "SP", "cja2003": "Y",
        "pre_cja2003": "N"}  # fmt: skip
SOUND: Rows = {
    "offender": [{**PERSON, "offender_id": 1}],
    "event": [{**EVENT, "event_id": 1}],
    "disposal": [{**DISPOSAL, "disposal_id": 1}],
    "r_gender": [{"gender_id": 1, "code": "F", "description": "Female"}],
    "r_address_status": [
        {"address_status_id": 1, "code": "M", "description": "Main"},
        {"address_status_id": 2, "code": "P", "description": "Previous"},
    ],
    "r_disposal_type": [{**KIND, "disposal_type_id": 1}],
}


PLACEHOLDERS = ("1900-01-01", "1970-01-01")


def beside(people: list[dict[str, Any]]) -> Rows:
    """Other service users, from number 2, each with an event and a disposal of that number."""
    nth = dict(enumerate(people, start=2))
    return {
        "offender": [
            {**PERSON, "crn": f"X1{n:05}", **who, "offender_id": n} for n, who in nth.items()
        ],
        "event": [{**EVENT, "event_id": n, "offender_id": n} for n in nth],
        "disposal": [{**DISPOSAL, "disposal_id": n, "event_id": n} for n in nth],
    }


class Delius(Read):
    """One sound event of one service user, and what else is given."""

    systems, dataset, share, prefix = ("delius",), "probation", "probation", "delius_"
    covered = Window(start=date(2014, 1, 1), end=date(2020, 12, 31))
    sound = SOUND


Land = Callable[[Rows], Delius]


@pytest.fixture
def read(whole: Specification, tmp_path: Path) -> Land:
    """Lands rows beside one sound event of one service user."""
    return lambda more: Delius(whole, tmp_path, more)


def test_what_is_sound_is_found_sound(read: Land) -> None:
    found = read({})
    told, _ = found.shared("SELECT gender, disposal_type_description FROM probation.flatfile")
    assert told == [("F", "ORA Community Order")]
    assert found.linked("record_id, surname, sex") == [("1", "LEE", "F")]
    assert not any(report.broken for report in found.reports.values())


def test_placeholder_dates_of_birth_give_no_age_and_no_link(read: Land) -> None:
    found = read({**beside([{"date_of_birth_date": day} for day in PLACEHOLDERS]), "main_offence": [
        {**OFFENCE, "main_offence_id": n, "event_id": n} for n in (1, 2, 3)]})  # fmt: skip
    told, _ = found.shared(
        "SELECT age_at_offence, age_at_referral, age_at_disposal FROM probation.flatfile "
        "ORDER BY event_id_hash"
    )
    assert told == [(34, 35, 35), (None,) * 3, (None,) * 3]
    assert found.linked("date_of_birth") == [(date(1980, 2, 3),), (None,), (None,)]
    assert found.broken("offender") == {}


def test_placeholder_sentence_and_offence_dates_are_given_as_missing(
    read: Land,
) -> None:
    nth = dict(enumerate(PLACEHOLDERS, start=2))
    found = read({
        "event": [{**EVENT, "event_id": n, "conviction_date": day} for n, day in nth.items()],
        "disposal": [{**DISPOSAL, "disposal_id": n, "event_id": n, "disposal_date": day}
                     for n, day in nth.items()],
        "main_offence": [{**OFFENCE, "main_offence_id": n, "event_id": n, "offence_date": day}
                         for n, day in nth.items()],
    })  # fmt: skip
    told, _ = found.shared(
        "SELECT disposal_date, conviction_date, offence_date, age_at_offence, age_at_disposal, "
        "days_referral_to_disposal FROM probation.flatfile WHERE event_id_hash > 1"
    )
    assert told == [(None,) * 6] * 2
    assert found.broken("disposal") == found.broken("main_offence") == {}


LABELS = [
    ("ETH03", "Z_Dummy Ethnicity 04/05", None, None),
    ("Z1", "", None, None),
    ("NS", "Refusal", "Not stated", None),
    ("O1", "Chinese", "Asian or Asian British: Chinese", "A4"),
    ("A4", "Asian or Asian British: Chinese", "Asian or Asian British: Chinese", "A4"),
    ("W2", "White : Irish", "White: Irish", "W2"),
    ("O9", "Other Ethnic Group", "Other Ethnic Group", "O9"),
]  # fmt: skip


def test_labels_of_ethnicity(read: Land) -> None:
    found = read({
        **beside([{"ethnicity_id": n + 1} for n in range(len(LABELS))]),
        "r_ethnicity": [{"ethnicity_id": n, "code": code, "description": label}
                        for n, (code, label, *_) in enumerate(LABELS, start=1)],
    })  # fmt: skip
    assert found.broken("r_ethnicity") == {}
    told, _ = found.shared(
        "SELECT ethnicity_desc FROM probation.flatfile WHERE event_id_hash > 1 "
        "ORDER BY event_id_hash"
    )
    assert told == [(delivered,) for *_, delivered, _ in LABELS]
    assert found.linked("ethnicity")[1:] == [(compared,) for *_, compared in LABELS]


def test_every_label_of_ethnicity_becomes_one_that_is_declared(whole: Specification) -> None:
    raw = whole.source_table("delius.delius_r_ethnicity").variables["description"].codes or {}
    given = whole.shares["probation"].tables["flatfile"].variables["ethnicity_desc"].codes or {}
    strange = {"Z_Dummy Ethnicity 04/05", "", "Refusal", "Chinese"}
    assert {label.replace(" :", ":") for label in set(raw) - strange} | {"Not stated"} == set(given)
    assert strange < set(raw)


AREAS = [
    ("T01", "Avon & Somerset", "TRUST"),
    ("C01", "BVT CRC", "CRC"),
    ("C12", "CPA London", "CRC"),
    ("N02", "NPS Midlands", "NPS"),
    ("R04", "Kent Surrey Sussex Region", "REGION"),
    ("P01", "Altcourse (HMP)", "PRISON"),
    ("X01", "Ext - Scotland", "OTHER"),
    ("X04", "No Trust or Trust Unknown", "OTHER"),
    ("X05", "National Security Division", "OTHER"),
]


def test_areas_of_three_eras_and_prisons_keep_their_labels(read: Land) -> None:
    found = read({
        "event": [{**EVENT, "event_id": n, "probation_area_id": n} for n in range(2, 11)],
        "r_probation_area": [{"probation_area_id": n, "code": code, "description": label}
                             for n, (code, label, _) in enumerate(AREAS, start=2)],
    })  # fmt: skip
    assert found.broken("r_probation_area") == {}
    told, _ = found.shared(
        "SELECT probation_area_desc, probation_area_era FROM probation.flatfile "
        "WHERE event_id_hash > 1 ORDER BY event_id_hash"
    )
    assert told == [(label, era) for _, label, era in AREAS]


def test_an_area_that_is_not_on_the_list_is_refused(read: Land) -> None:
    area = {"probation_area_id": 5, "code": "T99", "description": "Barsetshire"}
    assert read({"r_probation_area": [area]}).broken("r_probation_area") == {"codes:description": 1}


def test_ages_that_cannot_be_are_missing(read: Land) -> None:
    days = {2: date(1985, 1, 1), 3: date(1915, 1, 1)}
    found = read({
        "event": [{**EVENT, "event_id": n} for n in days],
        "main_offence": [{**OFFENCE, "main_offence_id": n, "event_id": n, "offence_date": str(day)}
                         for n, day in days.items()],
    })  # fmt: skip
    told, _ = found.shared(
        "SELECT age_at_offence, offence_date FROM probation.flatfile WHERE event_id_hash > 1 "
        "ORDER BY event_id_hash"
    )
    assert told == [(None, days[2]), (None, days[3])]


def test_missing_commencement_dates_are_counted_and_delivered_as_missing(
    read: Land,
) -> None:
    rows = [{**RQMNT, "rqmnt_id": n} for n in (1, 2)]
    found = read({"rqmnt": [rows[0], {**rows[1], "commencement_date": "2015-06-20"}]})
    assert found.reports["delius.delius_rqmnt"].missing["commencement_date"] == 1
    assert found.broken("rqmnt") == {}
    told, _ = found.shared(
        "SELECT rqmnt_commencement_date, days_start_to_commencement FROM probation.rqmnts "
        "ORDER BY rqmnt_id_hash"
    )
    assert told == [(None, None), (date(2015, 6, 20), 10)]


def test_areas_of_the_census_in_wales_are_as_good_as_english_ones(
    read: Land,
) -> None:
    homes = [{**HOME, "offender_address_id": 1, "lsoa11_code": "W01000001"},
             {**HOME, "offender_address_id": 2, "lsoa11_code": "S01000001"}]  # fmt: skip
    found = read({"address": homes})
    assert found.broken("address") == {"pattern:lsoa11_code": 1}
    assert found.shared("SELECT lsoa_residence FROM probation.flatfile")[0] == [("W01000001",)]


def test_junk_in_names_is_cleaned_away(read: Land) -> None:
    names = {"NOT ENTERED": None, "MIG_ERROR_LEE": "LEE", "DUPLICATE_LEE": "LEE",
             "NO_SHOW_LEE": "LEE", "MC DONALD": "MCDONALD", "LEE-GREY": "LEE GREY",
             "O'NEILL": "ONEILL"}  # fmt: skip
    found = read(beside([{"surname": name} for name in names]))
    assert found.linked("surname") == [("LEE",), *((name,) for name in names.values())]


def test_no_fixed_abode_is_no_address(read: Land) -> None:
    written = ("NF1 1NF", "NF1 1FA", "UNKNOWN")
    homes = [{**HOME, "offender_address_id": n, "offender_id": n, "postcode": postcode}
             for n, postcode in enumerate(written, start=2)]  # fmt: skip
    found = read({**beside([{}, {}, {}]), "address": homes})
    assert found.linked("postcode") == [(None,)] * 4
    assert found.broken("address") == {}


def test_the_placeholder_of_cro_numbers_links_nobody(read: Land) -> None:
    found = read(beside([{"cro_number": "000000/00Z", "pnc_number": "99/0000001X"}]))
    assert found.linked("cro, pnc") == [(None, None)] * 2


def test_a_row_made_by_mistake_is_a_record_of_its_own(read: Land) -> None:
    found = read(beside([{}]))
    assert found.linked("record_id, surname") == [("1", "LEE"), ("2", "LEE")]
    told, _ = found.shared("SELECT _record FROM probation.flatfile ORDER BY event_id_hash")
    assert told == [(0,), (1,)]


def test_deleted_service_users_are_neither_shared_nor_linked(
    read: Land,
) -> None:
    found = read(beside([{"soft_deleted": 1}]))
    assert found.linked() == [("1",)]
    told, ledger = found.shared("SELECT event_id_hash FROM probation.flatfile")
    assert told == [(1,)]
    assert ledger["event", "offender_deleted"] == ledger["offender", "soft_deleted"] == 1


def test_quarantined_service_users_take_their_events_with_them(
    read: Land,
) -> None:
    found = read(beside([{"crn": "PENDING"}]))
    told, ledger = found.shared("SELECT event_id_hash FROM probation.flatfile")
    assert (told, found.linked()) == ([(1,)], [("1",)])
    assert ledger["offender", "pattern:crn"] == ledger["event", "offender_left_out"] == 1


def test_deleted_events_and_disposals_are_excluded_with_all_that_hangs_on_them(
    read: Land,
) -> None:
    events = [{**EVENT, "event_id": n, "soft_deleted": int(n == 3)} for n in (2, 3)]
    found = read({
        "event": events,
        "disposal": [{**DISPOSAL, "disposal_id": n, "event_id": n, "soft_deleted": int(n == 2)}
                     for n in (2, 3)],
        "rqmnt": [{**RQMNT, "rqmnt_id": n, "disposal_id": n} for n in (1, 2, 3)],
    })  # fmt: skip
    told, ledger = found.shared(
        "SELECT event_id_hash, disposals_count, rqmnts_count FROM probation.flatfile ORDER BY 1"
    )
    assert told == [(1, 1, 1), (2, 0, 0)]
    assert ledger["event", "soft_deleted"] == ledger["disposal", "soft_deleted"] == 1
    assert ledger["disposal", ""] == 1
    assert ledger["rqmnt", "disposal_left_out"] == 2


def test_a_second_disposal_of_an_event_replaces_the_first(read: Land) -> None:
    kinds = [{**KIND, "disposal_type_id": 2, "code": "LIFE", "description": "Life Imprisonment"}]
    again = [{**DISPOSAL, "disposal_id": 2, "disposal_type_id": 2},
             {**DISPOSAL, "disposal_id": 3, "soft_deleted": 1}]  # fmt: skip
    found = read({"disposal": again, "r_disposal_type": kinds})
    told, ledger = found.shared("SELECT disposal_type_code FROM probation.flatfile")
    assert told == [("LIFE",)]
    assert ledger["disposal", "superseded"] == ledger["disposal", "soft_deleted"] == 1


def test_events_count_by_their_referral(read: Land) -> None:
    days = {2: "2013-12-31", 3: "2014-01-01", 4: "2020-12-31", 5: "2021-01-01"}
    found = read(
        {"event": [{**EVENT, "event_id": n, "referral_date": day} for n, day in days.items()]}
    )
    told, ledger = found.shared("SELECT event_id_hash FROM probation.flatfile ORDER BY ALL")
    assert told == [(1,), (3,), (4,)]
    assert ledger["event", "outside_coverage"] == 2


def test_other_names_and_earlier_addresses_are_ways_of_writing_one_record(
    read: Land,
) -> None:
    alias = {"offender_id": 2, "first_name": "ANNA", "surname": "BLACK", "soft_deleted": 0}
    home = {**HOME, "offender_id": 2}
    found = read({
        **beside([{"previous_surname": "GREY"}]),
        "alias": [{**alias, "alias_id": 1},
                  {**alias, "alias_id": 2, "surname": "GONE", "soft_deleted": 1}],
        "address": [
            {**home, "offender_address_id": 1},
            {**home, "offender_address_id": 2, "postcode": "M1 1AE", "address_status_id": 2,
             "start_date": "2019-01-01", "end_date": "2020-01-01"}],
    })  # fmt: skip
    assert found.linked("variant, forename1, surname, date_of_birth, postcode")[1:] == [
        (0, "ANN", "LEE", date(1980, 2, 3), "B1 1AA"),
        (1, "ANNA", "BLACK", date(1980, 2, 3), "B1 1AA"),
        (2, "ANN", "GREY", date(1980, 2, 3), "B1 1AA"),
        (3, "ANN", "LEE", date(1980, 2, 3), "M1 1AE"),
    ]


def test_other_identifiers_of_any_kind_are_counted_and_go_no_further(
    read: Land,
) -> None:
    kinds = ("NINO", "DRL", "IMMN", "YCRN")
    found = read({
        "additional_identifier": [
            {"additional_identifier_id": n, "offender_id": 1, "identifier_name_id": n,
             "identifier": "QQ123456C", "soft_deleted": 0} for n in range(1, len(kinds) + 2)],
        "r_identifier_type": [{"identifier_name_id": n, "code": kind, "description": kind}
                              for n, kind in enumerate(kinds, start=1)],
    })  # fmt: skip
    report = found.reports["delius.delius_additional_identifier"]
    assert (report.rows, dict(report.broken)) == (5, {})
    # The fifth is of no kind that the reference table has.
    assert list(report.unmatched.values()) == [0, 1]
    assert found.linked("pnc, cro, noms_number") == [(None, None, None)]
    _, ledger = found.shared("FROM probation.flatfile")
    assert ledger["additional_identifier", "identifiers_only"] == 5
