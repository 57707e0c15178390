"""Do the invented probation cases hang together, and agree with the courts and the prisons?"""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], list[Any]]

SUPERVISED = """
    WITH event AS (
        SELECT DISTINCT ON (event_id) e.*, t.person_id, o.noms_number, d.disposal_id,
               d.disposal_date, d.termination_date, d.length_in_days, d.notional_end_date,
               kind.code AS disposal, kind.sentence_type
        FROM delius_event AS e
        JOIN records AS t ON t.dataset = 'probation' AND t.record_id = e.offender_id::VARCHAR
        JOIN (SELECT DISTINCT ON (offender_id) * FROM delius_offender) AS o USING (offender_id)
        JOIN (SELECT * FROM delius_disposal WHERE soft_deleted = 0
              AND disposal_date > DATE '1980-01-01'
              QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY disposal_id DESC) = 1) AS d
            USING (event_id)
        JOIN delius_r_disposal_type AS kind USING (disposal_type_id)
        WHERE e.referral_date > DATE '1980-01-01'
    ), spell AS (
        SELECT event.*, custody_id, pss_start_date, release_id, actual_release_date, recall_date
        FROM event
        JOIN delius_custody USING (disposal_id)
        LEFT JOIN delius_release USING (custody_id)
        LEFT JOIN delius_recall USING (release_id)
    )
"""


def test_the_truth_covers_every_service_user_once(ask: Ask) -> None:
    rows, kinds, held, people = ask("""
        SELECT count(*), count(DISTINCT record_id), (SELECT count(DISTINCT offender_id)
               FROM delius_offender), count(DISTINCT person_id)
        FROM records WHERE dataset = 'probation'""")
    assert rows == kinds == held > 3_000
    assert people > 3_000


def test_one_person_in_eight_is_there_twice_by_mistake(ask: Ask) -> None:
    (share,) = ask("""
        SELECT avg((n > 1)::INTEGER) FROM (
            SELECT count(*) AS n FROM records WHERE dataset = 'probation' GROUP BY person_id)""")
    assert 0.08 < share < 0.15


def test_nobody_is_supervised_without_a_sentence_of_a_court(ask: Ask) -> None:
    events, without = ask(f"""{SUPERVISED}, sentenced AS (
            SELECT person_id, sentence_date AS day FROM hocas_flatfile
            JOIN records ON dataset = 'magistrates'
                AND record_id = concat_ws('/', case_id, defendant_id)
            UNION
            SELECT person_id, completion_date FROM xhb_defendant_on_case
            JOIN records ON dataset = 'crown' AND record_id = defendant_on_case_id::VARCHAR)
        SELECT count(*), count(*) FILTER (NOT EXISTS (FROM sentenced AS s
            WHERE s.person_id = event.person_id AND s.day = disposal_date)) FROM event""")
    assert events > 4_000
    assert without == 0


def test_dates_of_an_event_follow_each_other(ask: Ask) -> None:
    (wrong,) = ask(f"""{SUPERVISED} SELECT count(*) FILTER (referral_date > disposal_date
        OR termination_date < disposal_date OR conviction_date > disposal_date
        OR termination_date > DATE '2021-09-25'
        OR active_flag = 1 AND termination_date IS NOT NULL) FROM event
        WHERE coalesce(conviction_date, DATE '2000-01-01') > DATE '1980-01-01'
        AND coalesce(termination_date, DATE '2000-01-01') > DATE '1980-01-01'""")
    assert wrong == 0


def test_children_have_no_orders_of_adults(ask: Ask) -> None:
    children, all_events = ask(f"""{SUPERVISED}
        SELECT count(*) FILTER (date_of_birth_date + INTERVAL 18 YEAR > disposal_date
               AND sentence_type = 'SP'), count(*) FROM event
        JOIN delius_offender USING (offender_id)""")
    assert children < all_events * 0.006  # mistyped dates of birth


def test_releases_and_recalls_are_those_of_the_prison(ask: Ask) -> None:
    in_prison, elsewhere, recalled = ask(f"""{SUPERVISED}, moved AS (
            SELECT person_id, movement_type, movement_date FROM offender_external_movements
            JOIN (SELECT DISTINCT offender_book_id, root_offender_id FROM offender_bookings)
                USING (offender_book_id)
            JOIN records ON dataset = 'prison' AND record_id = root_offender_id::VARCHAR)
        SELECT count(*) FILTER (found), count(*) FILTER (NOT found), count(recall_date) FROM (
            SELECT *, EXISTS (FROM moved WHERE moved.person_id = spell.person_id
                AND movement_type = 'REL' AND movement_date = actual_release_date) AS found
            FROM spell WHERE actual_release_date IS NOT NULL)""")
    assert elsewhere < (in_prison + elsewhere) * 0.1  # children, and movements never entered
    assert 0.15 < recalled / in_prison < 0.45


def test_recalls_come_after_releases_and_supervision_after_short_sentences(ask: Ask) -> None:
    early, too_long, too_soon, supervised = ask(f"""{SUPERVISED}
        SELECT count(*) FILTER (recall_date <= actual_release_date
                       AND recall_date > DATE '1980-01-01'
                   OR actual_release_date <= disposal_date
                       AND actual_release_date > DATE '1980-01-01'),
               count(*) FILTER (pss_start_date IS NOT NULL AND (length_in_days >= 730
                   OR disposal_date < DATE '2015-02-01')),
               count(*) FILTER (pss_start_date < actual_release_date AND release_id IS NULL),
               count(DISTINCT custody_id) FILTER (pss_start_date IS NOT NULL) FROM spell""")
    assert (early, too_long, too_soon) == (0, 0, 0)
    assert supervised > 500


def test_licence_conditions_begin_with_a_release(ask: Ask) -> None:
    conditions, without = ask("""
        SELECT count(*), count(*) FILTER (NOT EXISTS (
            FROM delius_custody AS c JOIN delius_release AS r USING (custody_id)
            WHERE c.disposal_id = l.disposal_id AND r.actual_release_date = l.start_date))
        FROM delius_lic_condition AS l""")
    assert conditions > 1_000
    assert without < conditions * 0.01  # releases without a date are planted


def test_requirements_are_of_orders_in_the_community(ask: Ask) -> None:
    wrong, unbegun, late = ask(f"""{SUPERVISED}
        SELECT count(*) FILTER (sentence_type <> 'SP'),
               avg((commencement_date IS NULL)::INTEGER),
               count(*) FILTER (start_date > event.termination_date) FROM delius_rqmnt
        JOIN event USING (disposal_id) WHERE event.termination_date IS NULL
        OR event.termination_date > DATE '1980-01-01'""")
    assert (wrong, late) == (0, 0)
    assert 0.3 < unbegun < 0.6


def test_reports_are_written_before_the_sentence_and_many_are_missing(ask: Ask) -> None:
    late, reports, events = ask(f"""{SUPERVISED}
        SELECT count(*) FILTER (completed_date > disposal_date OR date_requested > disposal_date),
               count(*), (SELECT count(*) FROM event)
        FROM delius_court_report JOIN delius_court_appearance USING (court_appearance_id)
        JOIN event USING (event_id)""")
    assert late == 0
    assert 0.2 < reports / events < 0.7


def test_prison_numbers_are_those_of_the_prison(ask: Ask) -> None:
    both, same = ask("""
        SELECT count(*), count(*) FILTER (offender_id_display = noms_number) FROM (
            SELECT person_id, noms_number FROM delius_offender
            JOIN records ON dataset = 'probation' AND record_id = offender_id::VARCHAR
            WHERE noms_number IS NOT NULL)
        JOIN (SELECT person_id, min(offender_id_display) AS offender_id_display FROM offenders
              JOIN records ON dataset = 'prison' AND record_id = root_offender_id::VARCHAR
              GROUP BY person_id) USING (person_id)""")
    assert both > 300
    assert same > both * 0.85


def test_every_strange_label_of_ethnicity_is_used(ask: Ask) -> None:
    for codes in ("'ETH03'", "'Z1'", "'NS'", "'O1', 'A4'"):  # Chinese people are few
        (used,) = ask(f"""
            SELECT count(*) FROM delius_offender JOIN delius_r_ethnicity USING (ethnicity_id)
            WHERE code IN ({codes})""")
        assert used > 0, codes


@pytest.mark.parametrize("era", ["T", "N", "C", "R", "P", "X"])
def test_areas_of_every_era_are_used(ask: Ask, era: str) -> None:
    (used,) = ask(f"""
        SELECT count(*) FROM delius_event JOIN delius_r_probation_area USING (probation_area_id)
        WHERE code[1:1] = '{era}'""")
    assert used > 0


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("delius_offender", "date_of_birth_date"),
        ("delius_disposal", "disposal_date"),
        ("delius_main_offence", "offence_date"),
    ],
)
def test_placeholder_dates_are_there(ask: Ask, table: str, column: str) -> None:
    first, second = ask(f"""
        SELECT count(*) FILTER ({column} = DATE '1900-01-01'),
               count(*) FILTER ({column} = DATE '1970-01-01') FROM {table}""")
    assert first > 0 and second > 0


def test_every_number_of_a_reference_is_its_own(ask: Ask) -> None:
    for name, key in (("r_offence", "offence_id"), ("r_court", "court_id"),
                      ("r_probation_area", "probation_area_id")):  # fmt: skip
        rows, kinds = ask(f"SELECT count(*), count(DISTINCT {key}) FROM delius_{name}")
        assert rows == kinds
