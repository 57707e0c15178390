-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE ref_section_code = 'SARA'
    ) ON question IN (
        'question_sr45_1_1', 'question_sr46_1_1', 'question_sr47_1_1', 'question_sr48_1_1',
        'question_sr49_1_1', 'question_sr50_1_1', 'question_sr51_1_1', 'question_sr52_1_1',
        'question_sr53_1_1', 'question_sr54_1_1', 'question_sr55_1_1', 'question_sr56_1_1',
        'question_sr57_1_1', 'question_sr58_1_1', 'question_sr59_1_1', 'question_sr60_1_1',
        'question_sr61_1_1', 'question_sr62_1_1', 'question_sr63_1_1', 'question_sr64_1_1',
        'question_sr76_1_1', 'question_sr77_1_1'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_sr45_1_1, answers.question_sr46_1_1, answers.question_sr47_1_1,
    answers.question_sr48_1_1, answers.question_sr49_1_1, answers.question_sr50_1_1,
    answers.question_sr51_1_1, answers.question_sr52_1_1, answers.question_sr53_1_1,
    answers.question_sr54_1_1, answers.question_sr55_1_1, answers.question_sr56_1_1,
    answers.question_sr57_1_1, answers.question_sr58_1_1, answers.question_sr59_1_1,
    answers.question_sr60_1_1, answers.question_sr61_1_1, answers.question_sr62_1_1,
    answers.question_sr63_1_1, answers.question_sr64_1_1, answers.question_sr76_1_1,
    answers.question_sr77_1_1
FROM answers
