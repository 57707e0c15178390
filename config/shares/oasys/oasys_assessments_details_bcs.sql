-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE form = 'BCS'
    ) ON question IN (
        'question_bcs26', 'question_bcs31', 'question_bcs33', 'question_bcs37',
        'question_bcs38', 'question_bcs39', 'question_bcs43', 'question_bcs58',
        'question_bcs59', 'question_bcs61', 'question_bcs62', 'question_bcs63',
        'question_bcs64', 'question_bcs66', 'question_bcs67', 'question_bcs70',
        'question_bcs71', 'question_bcs73', 'question_bcs74', 'question_bcs75',
        'question_bcs50', 'question_bcs51', 'question_bcs55', 'question_bcs56',
        'question_bcs84', 'question_bcs86', 'question_bcs87', 'question_bcs88',
        'question_bcs90', 'question_bcs91', 'question_bcs81', 'question_bcs82',
        'question_bcs117', 'question_bcs119', 'question_bcs120', 'question_bcs121',
        'question_bcs122', 'question_bcs123', 'question_bcs77', 'question_bcs78',
        'question_bcs80', 'question_bcs125', 'question_bcs127', 'question_bcs129',
        'question_bcs130', 'question_bcs131', 'question_bcs132', 'question_bcs133',
        'question_bcs134'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_bcs33, answers.question_bcs37, answers.question_bcs38,
    answers.question_bcs39, answers.question_bcs43, answers.question_bcs58,
    answers.question_bcs59, answers.question_bcs61, answers.question_bcs62,
    answers.question_bcs63, answers.question_bcs64, answers.question_bcs66,
    answers.question_bcs67, answers.question_bcs70, answers.question_bcs71,
    answers.question_bcs73, answers.question_bcs74, answers.question_bcs75,
    answers.question_bcs50, answers.question_bcs51, answers.question_bcs55,
    answers.question_bcs56, answers.question_bcs84, answers.question_bcs86,
    answers.question_bcs87, answers.question_bcs88, answers.question_bcs90,
    answers.question_bcs91, answers.question_bcs81, answers.question_bcs82,
    answers.question_bcs117, answers.question_bcs119, answers.question_bcs120,
    answers.question_bcs121, answers.question_bcs122, answers.question_bcs123,
    answers.question_bcs77, answers.question_bcs78, answers.question_bcs80,
    answers.question_bcs125, answers.question_bcs127, answers.question_bcs129,
    answers.question_bcs130, answers.question_bcs131, answers.question_bcs132,
    answers.question_bcs133, answers.question_bcs134,
    try_cast(answers.question_bcs26 AS BIGINT) AS question_bcs26,
    try_cast(answers.question_bcs31 AS BIGINT) AS question_bcs31
FROM answers
