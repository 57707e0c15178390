"""Do assessments hang together: with the sentence, with each other, and answer with answer?"""

from collections.abc import Callable
from typing import Any

from datafirst.spec import Specification
from datafirst.synthetic.faults import faults, sent_again

Ask = Callable[[str], list[Any]]
LAST = "DATE '2021-09-25'"
KNOWN = """
    WITH known AS (
        SELECT person_id, s.* FROM (SELECT DISTINCT * FROM oasys_set) AS s
        JOIN records ON dataset = 'oasys' AND record_id = oasys_set_pk::VARCHAR
    )
"""
WIDE = """
    WITH core AS (
        SELECT oasys_set_pk,
            max(try_cast(free_format_answer AS INTEGER))
                FILTER (ref_question_code = '4.TOT') AS work,
            max(try_cast(free_format_answer AS INTEGER))
                FILTER (ref_question_code = '11.TOT') AS thinking,
            max(try_cast(free_format_answer AS INTEGER))
                FILTER (ref_question_code = '8.TOT') AS drugs,
            max(ref_answer_code) FILTER (ref_question_code = '8.1') AS ever_drugs,
            max(try_cast(free_format_answer AS INTEGER))
                FILTER (ref_question_code = '1.32') AS sanctions,
            max(try_strptime(free_format_answer, '%d/%m/%Y')::DATE)
                FILTER (ref_question_code = '1.29') AS convicted
        FROM oasys_answer GROUP BY oasys_set_pk
    )
"""


def test_the_truth_covers_every_assessment_once(ask: Ask) -> None:
    rows, kinds, without, beyond = ask("""
        WITH t AS (SELECT record_id FROM records WHERE dataset = 'oasys'),
        r AS (SELECT oasys_set_pk::VARCHAR FROM oasys_set)
        SELECT (SELECT count(*) FROM t), (SELECT count(DISTINCT record_id) FROM t),
               (SELECT count(*) FROM (FROM r EXCEPT FROM t)),
               (SELECT count(*) FROM (FROM t EXCEPT FROM r))""")
    assert rows == kinds > 0
    assert (without, beyond) == (0, 0)


def test_there_are_assessments_of_every_form(ask: Ask, people: int) -> None:
    kinds, rows, answers = ask("""
        SELECT count(DISTINCT assessment_type_elm), count(*), (SELECT count(*) FROM oasys_answer)
        FROM oasys_set""")
    assert kinds >= 7
    assert 0.2 * people < rows < 0.6 * people
    assert 60 < answers / rows < 130


def test_only_adults_who_were_sentenced_are_assessed(ask: Ask) -> None:
    assessed, uncharged = ask(f"""{KNOWN}, charged AS (
            SELECT person_id FROM records WHERE dataset IN ('magistrates', 'crown')
        )
        SELECT count(DISTINCT person_id),
               count(DISTINCT person_id) FILTER (person_id NOT IN (FROM charged))
        FROM known""")
    assert assessed > 100
    # The cases of some are not in Libra: what was sent to it was lost.
    assert uncharged / assessed < 0.02


def test_dates_of_an_assessment_follow_each_other(ask: Ask) -> None:
    late, ahead, unborn, undone = ask(f"""{KNOWN}
        SELECT count(*) FILTER (initiation_date > {LAST} OR date_completed > {LAST}),
               avg((date_completed < initiation_date)::INTEGER),
               avg((initiation_date < date_of_birth + INTERVAL 18 YEAR)::INTEGER),
               count(*) FILTER (assessment_status_elm = 'COMPLETE' AND date_completed IS NULL)
        FROM known""")
    assert late == undone == 0
    assert ahead < 0.002
    # Mistyped dates of birth.
    assert unborn < 0.02


def test_an_assessment_is_after_the_conviction_unless_it_is_for_the_court(ask: Ask) -> None:
    before, dated = ask(f"""{WIDE}
        SELECT count(*) FILTER (convicted > initiation_date), count(convicted)
        FROM core JOIN oasys_set USING (oasys_set_pk)
        WHERE purpose_assessment_elm <> '10' AND initiation_date > DATE '2000-01-01'""")
    assert dated > 100
    assert before == 0


def test_nobody_is_assessed_in_prison_before_reception_or_after_release(ask: Ask) -> None:
    wrong, inside = ask("""
        SELECT count(*) FILTER (initiation_date < reception_date
                                OR initiation_date >= conditional_release_date), count(*)
        FROM oasys_set WHERE prison_ind = 'P' AND initiation_date > DATE '2000-01-01'""")
    assert inside > 100
    assert wrong == 0


def test_a_screening_is_of_its_time_and_in_prison(ask: Ask) -> None:
    late, early, screened = ask("""
        SELECT count(*) FILTER (ref_ass_version_code = 'BCS' AND initiation_date > '2015-01-07'),
               count(*) FILTER (ref_ass_version_code = 'TR_BCS'
                                AND initiation_date BETWEEN '2000-01-01' AND '2015-01-07'),
               count(*)
        FROM oasys_set WHERE ref_ass_version_code IN ('BCS', 'TR_BCS')""")
    assert screened > 100
    assert (late, early) == (0, 0)


def test_an_assessment_of_spousal_assault_belongs_to_one_of_the_same_person(ask: Ask) -> None:
    alone, other, spousal = ask(f"""{KNOWN}
        SELECT count(*) FILTER (p.oasys_set_pk IS NULL),
               count(*) FILTER (p.person_id <> s.person_id), count(*)
        FROM known AS s LEFT JOIN known AS p ON p.oasys_set_pk = s.parent_oasys_set_pk
        WHERE s.ref_ass_version_code = 'SARA'""")
    assert spousal > 100
    assert (alone, other) == (0, 0)


def test_about_one_in_ten_is_entered_twice(ask: Ask) -> None:
    (twice,) = ask(f"""{KNOWN}
        SELECT avg((entries > 1)::INTEGER) FROM (
            SELECT count(DISTINCT offender_pk) AS entries FROM known GROUP BY person_id)""")
    assert 0.06 < twice < 0.14


def test_scores_are_what_their_items_amount_to_but_for_a_few(ask: Ask) -> None:
    wrong, scores = ask("""
        WITH last AS (
            SELECT * FROM oasys_answer QUALIFY oasys_answer_pk = max(oasys_answer_pk) OVER (
                PARTITION BY oasys_set_pk, ref_section_code, ref_question_code)
        ), summed AS (
            SELECT oasys_set_pk, ref_section_code, sum(CASE ref_answer_code WHEN 'YES' THEN 2
                   ELSE coalesce(try_cast(ref_answer_code AS INTEGER), 0) END) AS score
            FROM last JOIN oasys_ref_question USING (ref_section_code, ref_question_code)
            WHERE scored_ind = 'Y' GROUP BY ALL
        )
        SELECT avg((score <> free_format_answer::INTEGER)::INTEGER), count(*)
        FROM last JOIN summed USING (oasys_set_pk, ref_section_code)
        WHERE ref_question_code = ref_section_code || '.TOT'""")
    assert scores > 1000
    assert 0 < wrong < 0.01


def test_answers_agree_with_each_other_and_with_the_past(ask: Ask) -> None:
    needs, past, drugs, none = ask(f"""{WIDE}
        SELECT corr(work, thinking), corr(sanctions, ogrs3_2year),
               avg(drugs) FILTER (ever_drugs = 'YES'), avg(drugs) FILTER (ever_drugs = 'NO')
        FROM core JOIN oasys_set USING (oasys_set_pk) WHERE ogrs3_2year <= 100""")
    assert needs > 0.3
    assert past > 0.4
    assert none < 0.1 < 1 < drugs


def test_reviews_of_a_person_agree_more_than_people_do(ask: Ask) -> None:
    same, others = ask(f"""{KNOWN}, scored AS (
            SELECT person_id, oasys_set_pk, free_format_answer::INTEGER AS score FROM known
            JOIN oasys_answer USING (oasys_set_pk) WHERE ref_question_code = '11.TOT'
        )
        SELECT avg(abs(a.score - b.score)) FILTER (a.person_id = b.person_id),
               avg(abs(a.score - b.score)) FILTER (a.person_id <> b.person_id)
        FROM scored AS a JOIN scored AS b ON a.oasys_set_pk < b.oasys_set_pk
        WHERE a.person_id = b.person_id OR a.oasys_set_pk % 50 = 0 AND b.oasys_set_pk % 50 = 0""")
    assert same < 0.7 * others


def test_every_answer_is_to_a_question_of_the_form(ask: Ask) -> None:
    unknown, empty, unused = ask("""
        SELECT (SELECT avg((q.row_key IS NULL)::INTEGER) FROM oasys_answer LEFT JOIN (
                    SELECT 1 AS row_key, * FROM oasys_ref_question) AS q
                USING (ref_section_code, ref_question_code)),
               (SELECT count(*) FROM oasys_answer
                WHERE ref_answer_code IS NULL AND free_format_answer IS NULL),
               (SELECT count(*) FROM (SELECT ref_section_code, ref_question_code
                FROM oasys_ref_question EXCEPT SELECT ref_section_code, ref_question_code
                FROM oasys_answer))""")
    assert unknown < 0.001
    assert empty == 0
    assert unused < 5


def test_the_questions_are_those_that_the_share_has(spec: Specification, ask: Ask) -> None:
    [asked] = ask("""
        SELECT list(DISTINCT 'question_' || lower(replace(ref_question_code, '.', '_')) || CASE
            WHEN multiple_ind = 'Y' THEN '_' || lower(ref_answer_code) ELSE '' END)
        FROM oasys_answer JOIN oasys_ref_question USING (ref_section_code, ref_question_code)
        WHERE ref_answer_code IS DISTINCT FROM 'see notes'""")
    tables = spec.shares["oasys"].tables.values()
    held = {v for table in tables for v in table.variables if v.startswith("question_")}
    assert set(asked) == held


def test_planted_faults_stay_well_under_what_is_tolerated(spec: Specification) -> None:
    for table in spec.systems["oasys"].tables.values():
        planted = sum(fault.share for fault in faults() if fault.table == table.id)
        planted += 2 * sent_again().get(table.id, 0)
        assert planted <= table.quarantine_up_to / 2, table.id
