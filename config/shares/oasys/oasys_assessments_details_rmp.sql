-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE ref_section_code = 'RMP'
    ) ON question IN (
        'question_rm20_probation', 'question_rm20_prison', 'question_rm20_police',
        'question_rm20_health', 'question_rm20_drug', 'question_rm20_children',
        'question_rm20_housing', 'question_rm20_victim', 'question_rm28', 'question_rm28_1',
        'question_rm30', 'question_rm31', 'question_rm32', 'question_rm33', 'question_rm34',
        'question_rm35'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_rm28, answers.question_rm28_1, answers.question_rm30,
    answers.question_rm31, answers.question_rm32, answers.question_rm33, answers.question_rm34,
    answers.question_rm35,
    coalesce(answers.question_rm20_probation, 'NO') AS question_rm20_probation,
    coalesce(answers.question_rm20_prison, 'NO') AS question_rm20_prison,
    coalesce(answers.question_rm20_police, 'NO') AS question_rm20_police,
    coalesce(answers.question_rm20_health, 'NO') AS question_rm20_health,
    coalesce(answers.question_rm20_drug, 'NO') AS question_rm20_drug,
    coalesce(answers.question_rm20_children, 'NO') AS question_rm20_children,
    coalesce(answers.question_rm20_housing, 'NO') AS question_rm20_housing,
    coalesce(answers.question_rm20_victim, 'NO') AS question_rm20_victim
FROM answers
