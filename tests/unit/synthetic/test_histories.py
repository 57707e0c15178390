"""Do the invented cases hang together, and is the truth about them kept?"""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

Ask = Callable[[str], list[Any]]


def test_the_truth_covers_every_record_once(ask: Ask) -> None:
    for dataset, records in {
        "magistrates": "SELECT concat_ws('/', case_id, defendant_id) FROM hocas_flatfile",
        "crown": "SELECT defendant_on_case_id::VARCHAR FROM xhb_defendant_on_case",
    }.items():
        rows, kinds, without, beyond = ask(f"""
            WITH t AS (SELECT record_id FROM records WHERE dataset = '{dataset}'),
            r(record_id) AS ({records})
            SELECT (SELECT count(*) FROM t), (SELECT count(DISTINCT record_id) FROM t),
                   (SELECT count(*) FROM (FROM r EXCEPT FROM t)), (SELECT count(*)
                   FROM (FROM t EXCEPT FROM r))""")
        assert rows == kinds > 0
        assert (without, beyond) == (0, 0)


def test_only_companies_are_nobody(ask: Ask) -> None:
    wrong, companies = ask("""
        SELECT count(*) FILTER ((person_id IS NULL) <> (defendant_type = 'O')), count(*)
        FILTER (person_id IS NULL)
        FROM hocas_flatfile JOIN records ON record_id = concat_ws('/', case_id, defendant_id)""")
    assert wrong == 0
    assert companies > 0


def test_most_cases_stay_at_the_crown_court_they_were_sent_to(ask: Ask) -> None:
    same, cases, transferred, marked = ask("""
        SELECT count(*) FILTER (committal_crown_court = court_id::VARCHAR), count(*),
               count(*) FILTER (receipt_type = 'TR'),
               count(*) FILTER (ccc_trans_to_ref_court_id IS NOT NULL)
        FROM journeys
        JOIN hocas_flatfile ON magistrates_record_id = concat_ws('/', case_id, defendant_id)
        JOIN xhb_defendant_on_case ON crown_record_id = defendant_on_case_id::VARCHAR
        JOIN xhb_case ON xhb_case.case_id = xhb_defendant_on_case.case_id
        WHERE committal_crown_court IS NOT NULL""")
    assert cases > 100
    assert 0.9 < same / cases < 1.0
    assert 0 < transferred / cases < 0.06
    assert 0 < marked / cases < 0.06


def test_dates_of_a_case_follow_each_other(ask: Ask) -> None:
    wrong, children = ask("""
        SELECT count(*) FILTER (arrest_date > charge_date OR charge_date > first_hearing_date
                   OR initiation_date > first_hearing_date
                   OR mode_of_trial_date < first_hearing_date
                   OR sentence_date <> final_hearing_date
                   AND final_hearing_date >= first_hearing_date
                   OR committal_type IN ('T', 'S') AND committal_date <> final_hearing_date
                   AND final_hearing_date >= first_hearing_date
                   OR committal_type = 'A' AND committal_date <= conviction_date
                   OR last_updated > DATE '2021-09-30'),
               count(*) FILTER (age(first_hearing_date, dob) < INTERVAL 10 YEAR AND dob IN
                   (SELECT mode(dob) FROM recorded AS same
                   WHERE same.person_id = recorded.person_id HAVING count(*) > 2))
        FROM recorded""")
    assert (wrong, children) == (0, 0)
    (late,) = ask("""
        SELECT count(*) FROM hocas_offence JOIN recorded USING (case_id, defendant_id)
        WHERE offence_start_date > coalesce(arrest_date, initiation_date)
        OR result_date < first_hearing_date""")
    assert late == 0


def test_dates_in_the_crown_court_follow_each_other(ask: Ask) -> None:
    (wrong,) = ask("""
        SELECT count(*) FROM xhb_defendant_on_case JOIN xhb_case AS c USING (case_id)
        WHERE received_date > DATE '1990-01-01' AND (date_of_committal > received_date
        OR completion_date < received_date
            OR mag_court_first_hearing_date > mag_court_final_hearing_date
            OR mag_court_final_hearing_date > received_date + 1)""")
    assert wrong == 0
    (early,) = ask("""
        SELECT count(*) FROM xhb_hearing JOIN xhb_case USING (case_id)
        WHERE hearing_start_date < received_date AND received_date > DATE '1990-01-01'""")
    assert early == 0


def test_journeys_join_a_person_to_the_same_person(ask: Ask) -> None:
    wrong, journeys = ask("""
        SELECT count(*) FILTER (c.person_id IS DISTINCT FROM m.person_id), count(*) FROM journeys
        JOIN records AS c ON c.dataset = 'crown' AND c.record_id = crown_record_id
        JOIN records AS m ON m.dataset = 'magistrates' AND m.record_id = magistrates_record_id""")
    (kept,) = ask("SELECT count(*) FROM journeys")
    assert wrong == 0
    assert journeys == kept > 0


def test_journeys_are_many_to_many_and_of_every_type(ask: Ask) -> None:
    rolled_up, severed, types, without = ask("""
        SELECT (SELECT count(*) FROM (SELECT 1 FROM journeys GROUP BY crown_record_id
        HAVING count(*) > 1)),
               (SELECT count(*) FROM (SELECT 1 FROM journeys GROUP BY magistrates_record_id
               HAVING count(*) > 1)),
               (SELECT list_sort(list(DISTINCT case_type)) FROM journeys),
               (SELECT count(*) FROM xhb_defendant_on_case WHERE obs_ind IS DISTINCT FROM 'Y'
                AND defendant_on_case_id::VARCHAR NOT IN (SELECT crown_record_id FROM journeys))""")
    assert min(rolled_up, severed) > 10
    assert types == ["A", "S", "T"]
    assert without > 10


def test_a_crown_case_carries_its_origin_with_errors_and_gaps(ask: Ask) -> None:
    same_asn, same_urn, same_ref, same_day, missing = ask("""
        SELECT avg((c.asn = m.asn)::INTEGER), avg((c.ptiurn = m.ptiurn)::INTEGER),
        avg((magistrates_case_ref = m.case_reference)::INTEGER),
               avg((date_of_committal = committal_date)::INTEGER),
               avg((magistrates_case_ref IS NULL)::INTEGER)
        FROM journeys JOIN xhb_defendant_on_case AS c
        ON defendant_on_case_id::VARCHAR = crown_record_id JOIN xhb_case USING (case_id)
        JOIN hocas_flatfile AS m ON concat_ws('/', m.case_id,
        m.defendant_id) = magistrates_record_id""")
    assert 0.6 < same_asn < 0.95
    assert 0.8 < same_urn < 0.98
    assert 0.75 < same_ref < 0.95
    assert 0.8 < same_day < 0.98
    assert 0.25 < missing < 0.5


@pytest.mark.parametrize(
    "name",
    ["TERM_YEARS", "TERM_MONTHS", "TERM", "SUSPENDED_MONTHS", "ORDER_MONTHS", "UNPAID_HOURS",
     "FINE", "COMPENSATION", "COSTS", "SURCHARGE", "CONFISCATION", "DISQUALIFIED_MONTHS", "SERVED"],
)  # fmt: skip
def test_disposal_lines_hold(ask: Ask, name: str) -> None:
    (found,) = ask(
        rf"""SELECT count(*) FROM xhb_disposal_line
            WHERE regexp_matches(upper(data), '^\s*{name}\s*=\s*\S')"""
    )
    assert found


def test_reference_tables_are_sent_once(population: dict[str, pa.Table]) -> None:
    assert population["xhibit.xhb_ref_disposal"].num_rows == 44
