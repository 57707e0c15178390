"""Do the invented family cases hang together, and are the same people in them as elsewhere?"""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], list[Any]]

PEOPLE = """
    WITH role AS (
        SELECT DISTINCT ON (role) r.*, t.person_id, p.dob, p.gender, p.address, p.organisation
        FROM fm_roles AS r
        JOIN records AS t ON t.dataset = 'family' AND t.record_id = r.party::VARCHAR
        JOIN fm_parties AS p ON p.party = r.party
    )
"""


def test_the_truth_covers_every_party_once(ask: Ask) -> None:
    rows, kinds, parties, bodies, people = ask("""
        SELECT count(*), count(DISTINCT record_id), (SELECT count(DISTINCT party) FROM fm_parties),
               count(*) FILTER (person_id IS NULL), count(DISTINCT person_id)
        FROM records WHERE dataset = 'family'""")
    assert rows == kinds == parties > 6_000
    assert bodies > 500
    assert people > 1_000


def test_only_bodies_are_nobody(ask: Ask) -> None:
    wrong, typed_as_a_surname = ask("""
        SELECT count(*) FILTER (organisation IS NOT NULL AND person_id IS NOT NULL),
               count(*) FILTER (organisation IS NULL AND person_id IS NULL)
        FROM fm_parties JOIN records ON dataset = 'family' AND record_id = party::VARCHAR""")
    assert wrong == 0
    assert typed_as_a_surname > 5


def test_nobody_is_twice_in_a_case_but_in_two_roles_of_one_party(ask: Ask) -> None:
    wrong, recurring = ask(f"""{PEOPLE}
        SELECT (SELECT count(*) FROM (SELECT 1 FROM role WHERE person_id IS NOT NULL
                GROUP BY case_number, person_id HAVING count(DISTINCT party) > 1)),
               (SELECT count(*) FROM (SELECT 1 FROM role WHERE person_id IS NOT NULL
                GROUP BY person_id HAVING count(DISTINCT case_number) > 1))""")
    assert wrong == 0
    assert recurring > 300


def test_every_type_of_case_has_those_who_belong_in_it(ask: Ask) -> None:
    types, misplaced = ask(f"""{PEOPLE}
        SELECT list_sort(list(DISTINCT case_number[5])),
               count(*) FILTER (role_model LIKE 'CHLD%' AND case_number[5] IN ('D', 'F')
                   OR role_model[4:4] = 'Z' AND case_number[5] <> 'Z' OR role_model = 'GDNC'
                   AND case_number[5] <> 'C' OR role_model = 'COPA' AND case_number[5] <> 'D')
        FROM role WHERE length(case_number) = 16""")
    assert types == ["C", "D", "F", "P", "Z"]
    assert misplaced == 0
    care, by_bodies = ask(f"""{PEOPLE}
        SELECT count(*), count(*) FILTER (person_id IS NULL)
        FROM role WHERE role_model = 'APLC' AND case_number[5] = 'C' AND length(case_number) = 16
        AND delete_flag = 'N'""")
    assert 0.8 < by_bodies / care <= 1.0


def test_children_are_young_and_their_parents_older(ask: Ask) -> None:
    grown, children = ask(f"""{PEOPLE},
        began AS (SELECT case_number, min(receipt_date) AS began FROM fm_events GROUP BY ALL)
        SELECT count(*) FILTER (dob > began + 40 OR dob < began - INTERVAL 18 YEAR), count(*)
        FROM role JOIN began USING (case_number)
        WHERE role_model LIKE 'CHLD%' AND dob IS NOT NULL""")
    assert children > 300
    assert 0 < grown / children < 0.04  # slips of the pen
    (young,) = ask(f"""{PEOPLE},
        began AS (SELECT case_number, min(receipt_date) AS began FROM fm_events GROUP BY ALL)
        SELECT avg((dob > began - INTERVAL 16 YEAR)::INTEGER)
        FROM role JOIN began USING (case_number) WHERE role_model[1:3] IN ('APL', 'RSP')
        AND dob IS NOT NULL""")
    assert young < 0.02


def test_dates_of_a_case_follow_each_other(ask: Ask) -> None:
    early, late = ask("""
        WITH began AS (SELECT case_number, min(receipt_date) FILTER (event_model = 'U22') AS began
                       FROM fm_events GROUP BY ALL)
        SELECT count(*) FILTER (receipt_date < began), count(*) FILTER (receipt_date > '2021-09-25')
        FROM fm_events JOIN began USING (case_number) WHERE length(case_number) = 16""")
    assert (early, late) == (0, 0)
    (before,) = ask("""
        SELECT count(*) FROM fm_hearings JOIN fm_events USING (event)
        WHERE hearing_date < receipt_date""")
    assert before == 0


def test_what_is_missing_depends_on_the_role(ask: Ask) -> None:
    applicants, respondents, divorce, children_at_home, applicants_at_home = ask(f"""{PEOPLE},
        one AS (FROM role WHERE organisation IS NULL AND person_id IS NOT NULL)
        SELECT avg((dob IS NULL)::INTEGER) FILTER (role_model = 'APLC'),
               avg((dob IS NULL)::INTEGER) FILTER (role_model = 'RSPC'),
               avg((dob IS NULL)::INTEGER) FILTER (case_number[5] = 'D'),
               avg((address IS NULL)::INTEGER) FILTER (role_model = 'CHLDC'),
               avg((address IS NULL)::INTEGER) FILTER (role_model = 'APLC')
        FROM one""")
    assert applicants < 0.15 < 0.25 < respondents < 0.45 < 0.85 < divorce
    assert applicants_at_home < 0.12 < 0.5 < children_at_home


def test_people_who_offend_are_in_public_law_more_often(ask: Ask) -> None:
    public, private = ask(f"""{PEOPLE},
        known AS (SELECT DISTINCT person_id FROM records WHERE dataset = 'magistrates'),
        one AS (SELECT DISTINCT person_id, case_number[5] AS kind FROM role
                WHERE role_model IN ('APLC', 'RSPC') AND person_id IS NOT NULL)
        SELECT avg((known.person_id IS NOT NULL)::INTEGER) FILTER (kind = 'C'),
               avg((known.person_id IS NOT NULL)::INTEGER) FILTER (kind = 'P')
        FROM one LEFT JOIN known USING (person_id)""")
    assert public > private > 0.3


@pytest.mark.parametrize(
    ("table", "dirt"),
    [
        ("fm_events", "case_number LIKE 'FD__C4%'"),
        ("fm_events", "error = 'Y'"),
        ("fm_events", "receipt_date IS NULL"),
        ("fm_roles", "delete_flag = 'Y'"),
        ("fm_roles", "representation = ' '"),
        ("fm_hearings", "vacated_flag = 'Y'"),
        ("fm_event_fields", "field_model = 'APPTYP' AND value LIKE '%, EO'"),
        ("fm_event_fields", "field_model = 'APPTYP' AND value LIKE ' %'"),
        ("fm_event_fields", "field_model = 'CHILDR' AND value LIKE '%,%'"),
        ("fm_event_fields", "value = ' '"),
        ("fm_role_fields", "field_model = 'RELCHD' AND value = '--'"),
        ("fm_role_fields", "field_model = 'RELCHD' AND value = 'Child'"),
        ("fm_parties", "gender = '9'"),
        ("fm_parties", "dob IN ('1900-01-01', '1970-01-01')"),
        ("fm_addresses", "postcode IN ('NF1 1NF', 'NF1 1FA')"),
        ("fm_case_fields", "field_model = 'RELCAS' AND value LIKE '%,%'"),
    ],
)
def test_the_known_dirt_is_there(ask: Ask, table: str, dirt: str) -> None:
    found, rows = ask(f"SELECT count(*) FILTER ({dirt}), count(*) FROM {table}")
    assert 0 < found < rows / 2


def test_fields_belong_to_something_and_children_to_their_case(ask: Ask) -> None:
    (strange,) = ask("""
        SELECT count(*) FROM (
            SELECT e.case_number, trim(unnest(string_split(value, ','))) AS role
            FROM fm_event_fields JOIN fm_events AS e USING (event)
            WHERE field_model = 'CHILDR' AND trim(value) NOT IN ('', 'ZZZ')
            AND length(e.case_number) = 16
        ) AS named WHERE NOT EXISTS (FROM fm_roles AS r WHERE r.role::VARCHAR = named.role
        AND (r.case_number = named.case_number OR length(r.case_number) <> 16))""")
    assert strange == 0
