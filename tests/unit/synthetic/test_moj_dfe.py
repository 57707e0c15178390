"""Do the invented police and school records hang together, and overlap as the real ones do?"""

from collections.abc import Callable
from typing import Any

import pytest

from datafirst.link.standardise import standardised
from datafirst.spec import Specification

Ask = Callable[[str], list[Any]]
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

COHORT = """
    person AS (
        SELECT DISTINCT ON (pnc_person_id) p.*, person_id,
               try_strptime(p.date_of_birth, '%d/%m/%Y')::DATE AS born
        FROM pnc_person AS p
        JOIN records ON dataset = 'pnc' AND record_id = pnc_person_id::VARCHAR
    ),
    cohort AS (
        FROM person
        WHERE born >= DATE '1985-08-31' AND owner_force NOT IN ('60', '61', '62', '63')
    ),
    pupil AS (
        SELECT DISTINCT ON (pupil_matching_ref) n.*, person_id
        FROM npd_pupil AS n JOIN records ON dataset = 'npd' AND record_id = pupil_matching_ref
    )
"""


def test_the_truth_covers_every_record_once(ask: Ask) -> None:
    for dataset, table, key, least in (
        ("pnc", "pnc_person", "pnc_person_id", 7_000),
        ("npd", "npd_pupil", "pupil_matching_ref", 8_000),
    ):
        rows, kinds, held, people = ask(f"""
            SELECT count(*), count(DISTINCT record_id),
                   (SELECT count(DISTINCT {key}) FROM {table}), count(DISTINCT person_id)
            FROM records WHERE dataset = '{dataset}'""")
        assert rows == kinds == held == people > least


def test_three_in_four_offenders_are_found_among_the_pupils(ask: Ask) -> None:
    cohort, found = ask(f"""
        WITH {COHORT} SELECT count(*), avg((person_id IN (SELECT person_id FROM pupil))::INTEGER)
        FROM cohort""")
    assert cohort > 3_000
    assert 0.75 <= found <= 0.79


def test_two_in_three_true_pairs_agree_on_all_five_identifiers(
    spec: Specification, ask: Ask
) -> None:
    fields = spec.linkage.fields
    named = {"forename1": "forename", "surname": "surname", "sex": "gender",
             "postcode": "postcode", "date_of_birth": "date_of_birth"}  # fmt: skip
    pnc = {"date_of_birth": "person.born", "sex": "nullif(person.sex, 'U')"}
    agree = " AND ".join(
        f"{standardised(fields[f], pnc.get(f, f'person.{f}'))} = "
        f"{standardised(fields[f], f'pupil.{theirs}')}"
        for f, theirs in named.items()
    )
    pairs, exact = ask(f"""
        WITH {COHORT} SELECT count(*), avg(coalesce({agree}, false)::INTEGER)
        FROM person JOIN pupil USING (person_id)
        WHERE person.born >= DATE '1985-08-31' OR pupil.date_of_birth >= DATE '1985-08-31'""")
    assert pairs > 2_000
    assert 0.62 <= exact <= 0.66


def test_who_is_not_found_differs_by_ethnicity(ask: Ask) -> None:
    british, others = ask(f"""
        WITH {COHORT}, found AS (
            SELECT ethnicity_self_defined AS e, person_id IN (SELECT person_id FROM pupil) AS f
            FROM cohort)
        SELECT avg(f::INTEGER) FILTER (e = 'W1'), avg(f::INTEGER) FILTER (e[1:1] IN ('A', 'B'))
        FROM found""")
    assert others < british - 0.05


def test_pupils_are_of_england(ask: Ask) -> None:
    (regions,) = ask("SELECT list_sort(list(DISTINCT region)) FROM npd_school")
    assert regions == ["A", "B", "D", "E", "F", "G", "H", "J", "K"]


@pytest.mark.parametrize(
    ("table", "day"),
    [
        ("pnc_arrest_summons", "event_on"),
        ("pnc_court_appearance", "disposed_on"),
        ("pnc_disposal", "imposed_on"),
        ("pnc_custody", "received_on"),
        ("pnc_remand", "ends_on"),
        ("npd_spring_census", "census_date"),
        ("npd_cla_episode", "episode_end_date"),
        ("npd_cin", "closure_date"),
        ("npd_exclusion", "start_date"),
    ],
)
def test_nothing_happens_after_the_systems_were_read(ask: Ask, table: str, day: str) -> None:
    (last,) = ask(f"SELECT max({day})::VARCHAR FROM {table}")
    assert "2019" < last <= "2021-09-25"


def test_nobody_is_arrested_before_the_tenth_birthday(ask: Ask) -> None:
    (early,) = ask(f"""
        WITH {COHORT} SELECT avg((event_on < born + INTERVAL 10 YEAR)::INTEGER)
        FROM pnc_arrest_summons JOIN person USING (pnc_person_id)
        WHERE event_on > DATE '1950-01-01'""")
    assert early < 0.01  # dates of birth mistyped


def test_offence_arrest_court_sentence_and_custody_follow_each_other(ask: Ask) -> None:
    before_offence, before_arrest = ask("""
        SELECT count(*) FILTER (event_on < offence_start_date),
               count(*) FILTER (first_hearing_on < event_on)
        FROM pnc_offence JOIN pnc_arrest_summons USING (arrest_summons_id)
        LEFT JOIN pnc_court_appearance USING (court_appearance_id)
        WHERE event_on > DATE '1950-01-01'""")
    assert (before_offence, before_arrest) == (0, 0)
    early, unconvicted = ask("""
        SELECT count(*) FILTER (imposed_on < first_hearing_on),
               count(*) FILTER (adjudication <> 'GU')
        FROM pnc_disposal JOIN pnc_offence USING (offence_id)
        JOIN pnc_court_appearance USING (court_appearance_id)""")
    assert (early, unconvicted) == (0, 0)
    unheard, early = ask("""
        SELECT count(*) FILTER (court_appearance_id IS NULL),
               count(*) FILTER (received_on < first_hearing_on)
        FROM pnc_custody AS c LEFT JOIN pnc_court_appearance USING (arrest_summons_id)""")
    assert (unheard, early) == (0, 0)


def test_cautions_fit_the_age_and_the_time(ask: Ask) -> None:
    young, old, kinds = ask(f"""
        WITH {COHORT}, given AS (
            SELECT caution_type AS kind, cautioned_on < born + INTERVAL 18 YEAR AS is_youth
            FROM pnc_caution JOIN person USING (pnc_person_id))
        SELECT avg(is_youth::INTEGER) FILTER (kind IN ('SC', 'CC')),
               avg((NOT is_youth)::INTEGER) FILTER (kind IN ('RP', 'FW', 'YC', 'YX')),
               count(DISTINCT kind)
        FROM given""")
    assert young < 0.02 and old < 0.05 and kinds >= 8


def test_the_police_and_the_court_tell_of_the_same_cases(ask: Ask) -> None:
    known, agreed = ask(f"""
        WITH {COHORT}, told AS (
            SELECT person_id, offence_code, first_hearing_on AS heard
            FROM pnc_offence JOIN person USING (pnc_person_id)
            JOIN pnc_court_appearance USING (court_appearance_id)
        ), heard AS (
            SELECT DISTINCT person_id, offence_code, first_hearing_date AS heard
            FROM hocas_offence JOIN hocas_flatfile AS f USING (case_id, defendant_id)
            JOIN records ON dataset = 'magistrates'
                AND record_id = concat_ws('/', case_id, defendant_id))
        SELECT count(*), avg((heard.person_id IS NOT NULL)::INTEGER)
        FROM told LEFT JOIN heard USING (person_id, offence_code, heard)""")
    assert known > 20_000
    assert agreed > 0.98


def test_pnc_numbers_are_in_the_long_form_with_a_letter_that_checks(ask: Ask) -> None:
    whole, checked = ask("""
        SELECT avg(regexp_full_match(pncid, '(19|20)\\d{2}/\\d{7}[A-Z]')::INTEGER),
               avg((pncid[13] = 'ZABCDEFGHJKLMNPQRTUVWXY'
                    [1 + try_cast(pncid[3:4] || pncid[6:12] AS INTEGER) % 23])::INTEGER)
               FILTER (len(pncid) = 13)
        FROM pnc_person""")
    assert whole > 0.995
    assert 0.99 < checked < 1


def test_unique_pupil_numbers_begin_with_their_check_letter(ask: Ask) -> None:
    (numbers,) = ask("""
        SELECT list(DISTINCT upn) FROM npd_pupil WHERE upn IS NOT NULL AND upn NOT LIKE 'TEMP%'""")
    for number in numbers[:500]:
        digits = [int(digit) for digit in number[1:]]
        total = sum(digit * weight for digit, weight in zip(digits, range(2, 14), strict=True))
        assert number[0] == LETTERS[total % 23]


def test_pupils_are_in_the_year_of_their_age(ask: Ask) -> None:
    strange, rows = ask("""
        SELECT count(*) FILTER (year(census_date) - year(date_of_birth) - 5
                                NOT BETWEEN nc_year::INTEGER - 1 AND nc_year::INTEGER + 1),
               count(*)
        FROM npd_spring_census JOIN npd_pupil USING (pupil_matching_ref)
        WHERE regexp_full_match(nc_year, '\\d+')""")
    assert strange < rows * 0.03  # dates of birth mistyped, placeholders


def test_episodes_of_care_follow_each_other_without_a_gap(ask: Ask) -> None:
    gaps, later = ask("""
        WITH followed AS (
            SELECT episode_end_date AS ended, begin_reason,
                   lead(episode_start_date) OVER child AS next,
                   lead(begin_reason) OVER child AS why
            FROM npd_cla_episode
            WINDOW child AS (PARTITION BY pupil_matching_ref ORDER BY episode_start_date))
        SELECT count(*) FILTER (next <> ended OR why = 'S'), count(next) FROM followed""")
    assert gaps == 0 and later > 50


def test_those_who_offend_were_excluded_and_in_need_more_often(ask: Ask) -> None:
    for table in ("npd_exclusion", "npd_cin", "npd_cla"):
        offenders, others = ask(f"""
            WITH {COHORT}, seen AS (
                SELECT person_id IN (SELECT person_id FROM person) AS known,
                       pupil_matching_ref IN (SELECT pupil_matching_ref FROM {table}) AS in_it
                FROM pupil)
            SELECT avg(in_it::INTEGER) FILTER (known), avg(in_it::INTEGER) FILTER (NOT known)
            FROM seen""")
        assert offenders > 2 * others > 0, table


@pytest.mark.parametrize(
    ("table", "dirt"),
    [
        ("pnc_person", "date_of_birth IN ('01/01/1900', '01/01/1970')"),
        ("pnc_person", "postcode IN ('NF1 1NF', 'NF1 1FA')"),
        ("pnc_person", "forename1 = 'NOT ENTERED'"),
        ("pnc_person", "surname LIKE 'MIG\\_ERROR\\_%' ESCAPE '\\'"),
        ("pnc_person", "cro = '000000/00Z'"),
        ("pnc_person", "sex = 'U'"),
        ("npd_pupil", "date_of_birth IN ('1900-01-01', '1970-01-01')"),
        ("npd_pupil", "postcode IN ('NF1 1NF', 'NF1 1FA')"),
        ("npd_pupil", "forename = 'NOT ENTERED'"),
        ("npd_pupil", "ethnicity IN ('REFU', 'NOBT')"),
    ],
)
def test_the_known_dirt_is_there(ask: Ask, table: str, dirt: str) -> None:
    found, rows = ask(f"SELECT count(*) FILTER ({dirt}), count(*) FROM {table}")
    assert 0 < found < rows / 10
