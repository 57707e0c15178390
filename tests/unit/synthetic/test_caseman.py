"""Do claims in the county court hang together, and do the right people appear in them?"""

from collections.abc import Callable
from typing import Any

import pytest

from datafirst.synthetic.faults import faults, sent_again

Ask = Callable[[str], list[Any]]
TOLD = "SELECT DISTINCT * FROM cm_party JOIN truth USING (case_number, party_number)"
TRUTH = """
    WITH truth AS (
        SELECT split_part(record_id, '/', 1) AS case_number, person_id,
               split_part(record_id, '/', 2)::BIGINT AS party_number
        FROM records WHERE dataset = 'civil'
    )
"""
LAST = "DATE '2021-09-25'"


def test_the_truth_covers_every_party_once(ask: Ask) -> None:
    rows, kinds, without, beyond = ask("""
        WITH t AS (SELECT record_id FROM records WHERE dataset = 'civil'),
        p AS (SELECT concat_ws('/', case_number, party_number) FROM cm_party)
        SELECT (SELECT count(*) FROM t), (SELECT count(DISTINCT record_id) FROM t),
               (SELECT count(*) FROM (FROM p EXCEPT FROM t)),
               (SELECT count(*) FROM (FROM t EXCEPT FROM p))""")
    assert rows == kinds > 0
    assert (without, beyond) == (0, 0)


def test_people_recur_and_offenders_appear(ask: Ask) -> None:
    people, recurring, offenders = ask("""
        WITH known AS (
            SELECT person_id, count(*) AS claims FROM records
            WHERE dataset = 'civil' AND person_id IS NOT NULL GROUP BY ALL
        ), charged AS (SELECT DISTINCT person_id FROM records WHERE dataset = 'magistrates')
        SELECT count(*), count(*) FILTER (claims > 1),
               count(*) FILTER (person_id IN (FROM charged))
        FROM known""")
    assert 0.2 < recurring / people < 0.6
    assert 0.4 < offenders / people < 0.8


def test_most_claims_are_by_a_few_dozen_organisations(ask: Ask) -> None:
    bulk, claims, busiest = ask("""
        WITH claimant AS (SELECT upper(any_value(name)) AS name, count(*) AS n FROM cm_party
                          WHERE party_role = 'CLMT' AND coded_party_number IS NOT NULL
                          GROUP BY coded_party_number)
        SELECT count(*), (SELECT count(*) FROM cm_case), sum(n) FROM claimant""")
    assert 20 <= bulk <= 60
    assert 0.5 < busiest / claims < 0.95


def test_nobody_under_age_is_claimed_from_and_a_child_claims_by_another(ask: Ask) -> None:
    children, alone = ask("""
        SELECT count(*), count(*) FILTER (NOT EXISTS (
            FROM cm_party AS f WHERE f.case_number = p.case_number AND f.party_role = 'LITF'))
        FROM cm_party AS p WHERE p.title = 'MASTER' AND party_role = 'CLMT'""")
    (sued,) = ask("SELECT count(*) FROM cm_party WHERE title = 'MASTER' AND party_role = 'DEFT'")
    assert children > 0
    assert (alone, sued) == (0, 0)


def test_both_of_a_couple_are_evicted(ask: Ask) -> None:
    together, claims = ask(f"""
        {TRUTH}
        SELECT count(*) FILTER (n = 2), count(*) FROM (
            SELECT case_number, count(DISTINCT person_id) AS n
            FROM ({TOLD}) JOIN (SELECT DISTINCT case_number, claim_type FROM cm_case)
            USING (case_number)
            WHERE claim_type IN ('PSOC', 'PMOR') AND party_role = 'DEFT' GROUP BY ALL)""")
    assert 0.05 < together / claims < 0.4


def test_one_thing_comes_after_the_other(ask: Ask) -> None:
    early, judged_early, judged_late, pursued_early = ask("""
        SELECT (SELECT count(*) FROM cm_party JOIN cm_case USING (case_number)
                WHERE service_date < issue_date AND issue_date > DATE '1900-01-01'),
               (SELECT count(*) FROM cm_judgment JOIN cm_case USING (case_number)
                WHERE judgment_date < issue_date),
               (SELECT count(*) FROM cm_judgment WHERE register_date < judgment_date),
               (SELECT count(*) FROM cm_warrant AS w JOIN cm_judgment USING (case_number)
                WHERE w.issue_date < judgment_date)""")
    assert (early, judged_early, judged_late, pursued_early) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("cm_case", "issue_date"),
        ("cm_party", "response_date"),
        ("cm_address", "valid_from"),
        ("cm_hearing", "hearing_date"),
        ("cm_judgment", "judgment_date"),
        ("cm_judgment", "status_date"),
        ("cm_warrant", "outcome_date"),
        ("cm_event", "event_date"),
    ],
)
def test_nothing_happens_after_the_systems_were_read(ask: Ask, table: str, column: str) -> None:
    late, rows = ask(f"SELECT count(*) FILTER ({column} > {LAST}), count({column}) FROM {table}")
    assert rows > 0
    assert late == 0


def test_default_judgments_are_the_most_and_warrants_follow_some(ask: Ask) -> None:
    default, judged, claims, pursued = ask("""
        SELECT (SELECT count(*) FROM cm_judgment WHERE judgment_type = 'DEFA'),
               (SELECT count(*) FROM cm_judgment), (SELECT count(*) FROM cm_case),
               (SELECT count(DISTINCT case_number) FROM cm_warrant)""")
    assert 0.4 < default / judged < 0.8
    assert 0.1 < pursued / claims < 0.4


def test_dates_of_birth_are_of_some_people_who_defend(ask: Ask) -> None:
    known, defendants, claimants = ask(f"""
        {TRUTH}
        SELECT count(date_of_birth) FILTER (party_role = 'DEFT'),
               count(*) FILTER (party_role = 'DEFT'),
               count(date_of_birth) FILTER (party_role = 'CLMT')
        FROM ({TOLD}) WHERE person_id IS NOT NULL""")
    assert 0.3 < known / defendants < 0.4
    assert claimants == 0


def test_the_flag_of_companies_is_missing_for_some_and_wrong_for_others(ask: Ask) -> None:
    organisations, missing, wrong, people, called_companies = ask(f"""
        {TRUTH}
        SELECT count(*) FILTER (person_id IS NULL),
               count(*) FILTER (person_id IS NULL AND is_company IS NULL),
               count(*) FILTER (person_id IS NULL AND is_company = 'N'),
               count(*) FILTER (person_id IS NOT NULL),
               count(*) FILTER (person_id IS NOT NULL AND is_company = 'Y')
        FROM ({TOLD})""")
    assert 0.01 < missing / organisations < 0.06
    assert 0.01 < wrong / organisations < 0.06
    assert 0 < called_companies / people < 0.02


def test_names_stand_in_columns_in_one_line_or_behind_a_title(ask: Ask) -> None:
    people, lines, titled, trading = ask(f"""
        {TRUTH}
        SELECT count(*), count(*) FILTER (forename1 IS NULL AND surname IS NULL),
               count(*) FILTER (regexp_matches(forename1, '^(MR|MRS|MISS|MS) ')),
               count(*) FILTER (contains(name, ' T/A '))
        FROM ({TOLD}) WHERE person_id IS NOT NULL""")
    assert 0.1 < lines / people < 0.25
    assert 0.03 < titled / people < 0.15
    assert 0 < trading / people < 0.04


def test_case_numbers_are_written_in_two_ways(ask: Ask) -> None:
    old, new, others = ask(r"""
        SELECT count(*) FILTER (regexp_full_match(case_number, '\d[A-Z]{2}\d{5}')),
               count(*) FILTER (regexp_full_match(case_number, '[A-Z]\d{2}[A-Z]{2}\d{3}')),
               count(*) FILTER (NOT regexp_full_match(case_number, '\w{8}'))
        FROM cm_case""")
    assert old > 0 and new > old
    assert others == 0


def test_possession_claims_made_online_are_forms_too(ask: Ask) -> None:
    without, drafts, forms = ask("""
        SELECT (SELECT count(*) FROM cm_case WHERE channel = 'E' AND case_number NOT IN
                (SELECT case_number FROM pcol_claim WHERE case_number IS NOT NULL)),
               (SELECT count(*) FROM pcol_claim WHERE form_status = 'D' AND case_number IS NULL),
               (SELECT count(*) FROM pcol_claim)""")
    assert without == 0
    assert 0.03 < drafts / forms < 0.3


PLANTED = [fault for fault in faults() if fault.table.split(".")[0] in ("caseman", "pcol")]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda f: f"{f.table}.{f.column}-{f.breaks}")
def test_each_planted_fault_is_there_and_rare(ask: Ask, fault: Any) -> None:
    found, rows = ask(f"""
        SELECT count(*) FILTER ({fault.column} IS NOT DISTINCT FROM {fault.value}
                                AND ({fault.column} IS NOT NULL OR {fault.breaks == "required"})),
               count(*)
        FROM {fault.table.split(".")[1]}""")
    assert 0 < found < rows * 0.02


def test_some_claims_are_sent_again(ask: Ask) -> None:
    assert {"caseman.cm_case", "caseman.cm_party", "pcol.pcol_claim"} <= set(sent_again())
    rows, claims = ask("SELECT count(*), count(DISTINCT case_number) FROM cm_case")
    assert claims < rows < claims * 1.01
