-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE ref_section_code = 'SKILLSCHECKER'
    ) ON question IN (
        'question_sc1', 'question_sc2', 'question_sc3', 'question_sc4', 'question_sc5',
        'question_sc6', 'question_sc7', 'question_sc8', 'question_sc9', 'question_sc10',
        'question_sc11', 'question_sc12'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_sc1, answers.question_sc2, answers.question_sc3, answers.question_sc4,
    answers.question_sc5, answers.question_sc6, answers.question_sc7, answers.question_sc8,
    answers.question_sc9, answers.question_sc10, answers.question_sc11, answers.question_sc12
FROM answers
