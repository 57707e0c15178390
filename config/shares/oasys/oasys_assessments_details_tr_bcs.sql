-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE form = 'TR_BCS'
    ) ON question IN (
        'question_tr33', 'question_tr37', 'question_tr39', 'question_tr43', 'question_tr58',
        'question_tr61', 'question_tr62', 'question_tr63', 'question_tr64', 'question_tr66',
        'question_tr71', 'question_tr74', 'question_tr75', 'question_tr50', 'question_tr55',
        'question_tr56', 'question_tr84', 'question_tr86', 'question_tr87', 'question_tr91',
        'question_tr81', 'question_tr82', 'question_tr78', 'question_tr129', 'question_tr130',
        'question_tr131', 'question_tr132', 'question_tr133', 'question_tr134',
        'question_tr201', 'question_tr202', 'question_tr203', 'question_tr204', 'question_tr205'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_tr33, answers.question_tr37, answers.question_tr39, answers.question_tr43,
    answers.question_tr58, answers.question_tr61, answers.question_tr62, answers.question_tr63,
    answers.question_tr64, answers.question_tr66, answers.question_tr71, answers.question_tr74,
    answers.question_tr75, answers.question_tr50, answers.question_tr55, answers.question_tr56,
    answers.question_tr84, answers.question_tr86, answers.question_tr87, answers.question_tr91,
    answers.question_tr81, answers.question_tr82, answers.question_tr78, answers.question_tr129,
    answers.question_tr130, answers.question_tr131, answers.question_tr132,
    answers.question_tr133, answers.question_tr134, answers.question_tr201,
    answers.question_tr202, answers.question_tr203, answers.question_tr204,
    answers.question_tr205
FROM answers
