-- One row per assessment that has this part, its answers turned from rows into columns.
WITH answers AS (
    PIVOT (
        SELECT oasys_set_pk, oasys_answer_pk, question, answer FROM oasys.answer
        WHERE ref_section_code = 'SAQ'
    ) ON question IN (
        'question_saqc1_1', 'question_saqc1_2', 'question_saqc2_1', 'question_saqc2_2',
        'question_saqc3_1', 'question_saqc3_2', 'question_saqc4_1', 'question_saqc4_2',
        'question_saqc5_1', 'question_saqc5_2', 'question_saqc6_1', 'question_saqc6_2',
        'question_saqc7_1', 'question_saqc7_2', 'question_saqc8_1', 'question_saqc8_2',
        'question_saqc9_1', 'question_saqc9_2', 'question_saqc10_1', 'question_saqc10_2',
        'question_saqc11_1', 'question_saqc11_2', 'question_saqc12_1', 'question_saqc12_2',
        'question_saqc13_1', 'question_saqc13_2', 'question_saqc14_1', 'question_saqc14_2',
        'question_saqc15_1', 'question_saqc15_2', 'question_saqc16_1', 'question_saqc16_2',
        'question_saqc17_1', 'question_saqc17_2', 'question_saqc18_1', 'question_saqc18_2',
        'question_saqc19_1', 'question_saqc19_2', 'question_saqc20_1', 'question_saqc20_2',
        'question_saqc21_1', 'question_saqc21_2', 'question_saqc22_1', 'question_saqc22_2',
        'question_saqc23_1', 'question_saqc23_2', 'question_saqc24_1', 'question_saqc24_2',
        'question_saqc25_1', 'question_saqc25_2', 'question_saqc26_1', 'question_saqc26_2',
        'question_saqc27_1', 'question_saqc27_2', 'question_saqd1'
    )
    USING arg_max(answer, oasys_answer_pk)
    GROUP BY oasys_set_pk
)

SELECT
    answers.oasys_set_pk,
    answers.question_saqc1_1, answers.question_saqc1_2, answers.question_saqc2_1,
    answers.question_saqc2_2, answers.question_saqc3_1, answers.question_saqc3_2,
    answers.question_saqc4_1, answers.question_saqc4_2, answers.question_saqc5_1,
    answers.question_saqc5_2, answers.question_saqc6_1, answers.question_saqc6_2,
    answers.question_saqc7_1, answers.question_saqc7_2, answers.question_saqc8_1,
    answers.question_saqc8_2, answers.question_saqc9_1, answers.question_saqc9_2,
    answers.question_saqc10_1, answers.question_saqc10_2, answers.question_saqc11_1,
    answers.question_saqc11_2, answers.question_saqc12_1, answers.question_saqc12_2,
    answers.question_saqc13_1, answers.question_saqc13_2, answers.question_saqc14_1,
    answers.question_saqc14_2, answers.question_saqc15_1, answers.question_saqc15_2,
    answers.question_saqc16_1, answers.question_saqc16_2, answers.question_saqc17_1,
    answers.question_saqc17_2, answers.question_saqc18_1, answers.question_saqc18_2,
    answers.question_saqc19_1, answers.question_saqc19_2, answers.question_saqc20_1,
    answers.question_saqc20_2, answers.question_saqc21_1, answers.question_saqc21_2,
    answers.question_saqc22_1, answers.question_saqc22_2, answers.question_saqc23_1,
    answers.question_saqc23_2, answers.question_saqc24_1, answers.question_saqc24_2,
    answers.question_saqc25_1, answers.question_saqc25_2, answers.question_saqc26_1,
    answers.question_saqc26_2, answers.question_saqc27_1, answers.question_saqc27_2,
    answers.question_saqd1
FROM answers
