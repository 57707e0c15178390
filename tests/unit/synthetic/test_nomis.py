"""Do the invented times in prison hang together with the courts, and with each other?"""

from collections.abc import Callable
from typing import Any

import pytest

from datafirst.spec import Specification
from datafirst.synthetic.faults import faults, sent_again

Ask = Callable[[str], list[Any]]

# One row a booking, whoever is behind the number: the truth is kept of the main names only.
BOOKED = """
    WITH booked AS (
        SELECT b.*, person_id FROM (SELECT DISTINCT * FROM offender_bookings) AS b
        JOIN records ON dataset = 'prison' AND record_id = root_offender_id::VARCHAR
    ), gate AS (
        SELECT person_id, offender_book_id, root_offender_id, movement_date, movement_type,
               lead(movement_type) OVER w AS next_type, lead(movement_date) OVER w AS next_date
        FROM (SELECT DISTINCT * FROM offender_external_movements)
        JOIN booked USING (offender_book_id)
        WHERE movement_type IN ('ADM', 'REL')
        WINDOW w AS (PARTITION BY offender_book_id ORDER BY movement_date, movement_seq)
    ), spell AS (
        SELECT * EXCLUDE (movement_date), movement_date AS begins, next_date AS ends FROM gate
        WHERE movement_type = 'ADM' AND next_type = 'REL'
    )"""


def test_the_truth_covers_every_offender_once(ask: Ask) -> None:
    offenders, told, different = ask("""
        SELECT (SELECT count(DISTINCT root_offender_id) FROM offenders),
               (SELECT count(*) FROM records WHERE dataset = 'prison'),
               (SELECT count(DISTINCT record_id) FROM records WHERE dataset = 'prison' AND EXISTS
                (FROM offenders WHERE offender_id = root_offender_id
                 AND record_id = offender_id::VARCHAR))""")
    assert offenders == told == different > 1000


def test_nobody_is_in_prison_before_the_sentence_or_remand(ask: Ask) -> None:
    early, sentenced, held = ask(f"""{BOOKED}, courts AS (
            SELECT person_id, coalesce(arrest_date, first_hearing_date) AS day
            FROM hocas_flatfile JOIN records
            ON dataset = 'magistrates' AND record_id = concat_ws('/', case_id, defendant_id)
            UNION ALL
            SELECT person_id, least(date_of_committal, received_date) - 60
            FROM xhb_defendant_on_case JOIN xhb_case USING (case_id)
            JOIN records ON dataset = 'crown' AND record_id = defendant_on_case_id::VARCHAR
        ), first_seen AS (SELECT person_id, min(day) AS day FROM courts GROUP BY person_id)
        SELECT count(*) FILTER (day IS NULL OR day > booking_begin_date),
               (SELECT count(DISTINCT offender_book_id) FROM offender_sentences), count(*)
        FROM booked LEFT JOIN first_seen USING (person_id)""")
    # A few are entered under somebody else's number, or begin on a placeholder.
    assert early < 0.02 * held
    assert sentenced > 0.9 * held


def test_few_people_are_in_prison_twice_at_once(ask: Ask) -> None:
    both, spells = ask(f"""{BOOKED}
        SELECT (SELECT count(*) FROM spell AS a JOIN spell AS b
                ON a.person_id = b.person_id AND (a.begins, a.ends) < (b.begins, b.ends)
                AND least(a.ends, b.ends) - greatest(a.begins, b.begins) > 7),
               (SELECT count(*) FROM spell)""")
    assert both < 0.005 * spells


def test_one_person_in_twelve_has_a_second_number(ask: Ask) -> None:
    people, twice = ask("""
        SELECT count(*), count(*) FILTER (n > 1) FROM (
            SELECT count(*) AS n FROM records WHERE dataset = 'prison' GROUP BY person_id)""")
    assert 0.04 < twice / people < 0.12


def test_a_prison_number_is_shared_by_few_offenders_and_by_all_names_of_one(ask: Ask) -> None:
    numbers, shared, split = ask("""
        WITH sound AS (FROM offenders WHERE offender_id_display <> 'NOT KNOWN')
        SELECT count(DISTINCT offender_id_display),
               (SELECT count(*) FROM (SELECT offender_id_display FROM sound GROUP BY ALL
                HAVING count(DISTINCT root_offender_id) > 1)),
               (SELECT count(*) FROM (SELECT root_offender_id FROM sound
                GROUP BY ALL HAVING count(DISTINCT offender_id_display) > 1))
        FROM sound""")
    assert 0 < shared < 0.02 * numbers
    assert split == 0


def test_other_names_are_rows_with_the_offender_s_number(ask: Ask) -> None:
    names, own, other_dates = ask("""
        SELECT count(*), count(*) FILTER (alias_offender_id = n.root_offender_id),
               count(*) FILTER (n.birth_date <> main.birth_date)
        FROM offenders AS n JOIN (SELECT offender_id, birth_date FROM offenders) AS main
        ON main.offender_id = n.root_offender_id WHERE n.offender_id <> n.root_offender_id""")
    assert names == own > 10
    assert other_dates > 0


def test_about_a_third_of_those_on_licence_are_recalled(ask: Ask) -> None:
    sentenced, recalled = ask("""
        SELECT count(DISTINCT offender_book_id) FILTER (sentence_category <> 'LICENCE'),
               count(DISTINCT offender_book_id) FILTER (sentence_category = 'LICENCE')
        FROM offender_sentences""")
    assert 0.2 < recalled / sentenced < 0.4


def test_children_are_in_prison_only_where_the_institution_uses_p_nomis(ask: Ask) -> None:
    children, bookings, women = ask("""
        SELECT count(*) FILTER (youth_adult_code IN ('Y', 'R')), count(*),
               count(*) FILTER (youth_adult_code IN ('Y', 'R') AND sex_code = 'F')
        FROM offender_bookings JOIN offenders USING (offender_id)""")
    assert 0 < children < 0.04 * bookings
    assert women <= 2


def test_a_length_is_that_of_the_court(ask: Ask) -> None:
    close, lengths = ask("""
        SELECT count(*) FILTER (abs(aggregate_term - (coalesce(years, 0) * 365.25
               + coalesce(months, 0) * 30.4375 + coalesce(weeks, 0) * 7 + coalesce(days, 0))) <= 2),
               count(*)
        FROM (SELECT DISTINCT * FROM offender_sentences) JOIN offender_sentence_terms AS t
        USING (offender_book_id, sentence_seq)
        WHERE sentence_term_code = 'IMP' AND life_sentence_flag = 'N' AND years < 900""")
    assert close == lengths > 100


def test_nothing_is_missing_that_must_be_there(spec: Specification, ask: Ask) -> None:
    for table in spec.systems["nomis"].tables.values():
        shares = ", ".join(f'avg(("{v.name}" IS NULL)::INTEGER)' for v in table)
        missing = ask(f"SELECT {shares} FROM {table.name}")
        for variable, share in zip(table, missing, strict=True):
            assert share <= max(variable.missing_up_to, 0.002), f"{table.id}.{variable.name}"


def test_faults_stay_far_below_what_stops_a_table(spec: Specification) -> None:
    for table in spec.systems["nomis"].tables.values():
        planted = sum(f.share for f in faults() if f.table == table.id)
        assert planted + sent_again().get(table.id, 0) * 2 < max(
            table.quarantine_up_to / 2, 1e-9
        ), table.id


@pytest.mark.parametrize("table", [
    "offender_sentences", "offender_charges", "offender_external_movements",
    "offender_release_details", "offender_imprison_statuses", "offender_sent_calculations",
    "offender_profile_details",
])  # fmt: skip
def test_everything_belongs_to_a_booking(ask: Ask, table: str) -> None:
    (orphans,) = ask(
        f"SELECT count(*) FROM {table} ANTI JOIN offender_bookings USING (offender_book_id)"
    )
    assert orphans == 0
