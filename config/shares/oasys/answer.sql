-- One row per answer, named like the variable that it becomes, for the queries of this share: it is
-- not declared, so it never leaves.
WITH
-- What the items of a section amount to.
summed AS (
    SELECT
        given.oasys_set_pk,
        given.ref_section_code,
        sum(CASE given.ref_answer_code
            WHEN 'YES' THEN 2
            WHEN 'NO' THEN 0
            ELSE coalesce(try_cast(given.ref_answer_code AS BIGINT), 0)
        END) AS score
    FROM (
        -- Where a question was answered again, the last answer counts.
        SELECT * FROM oasys_answer
        QUALIFY row_number() OVER (
            PARTITION BY oasys_set_pk, ref_section_code, ref_question_code
            ORDER BY oasys_answer_pk DESC
        ) = 1
    ) AS given
    INNER JOIN oasys_ref_question AS question USING (ref_section_code, ref_question_code)
    WHERE question.scored_ind = 'Y'
    GROUP BY ALL
)

SELECT
    given.oasys_set_pk,
    given.oasys_answer_pk,
    assessment.ref_ass_version_code AS form,
    given.ref_section_code,
    'question_' || lower(replace(given.ref_question_code, '.', '_'))
        || CASE WHEN question.multiple_ind = 'Y' THEN '_' || lower(given.ref_answer_code) ELSE '' END
        AS question,
    CASE
        WHEN question.multiple_ind = 'Y' THEN 'YES'
        -- A score that its items do not give was typed wrong or is out of date.
        WHEN given.ref_question_code = given.ref_section_code || '.TOT'
            THEN CASE WHEN try_cast(given.free_format_answer AS BIGINT) = summed.score
                THEN given.free_format_answer END
        ELSE coalesce(given.ref_answer_code, given.free_format_answer)
    END AS answer
FROM oasys_answer AS given
INNER JOIN oasys_ref_question AS question USING (ref_section_code, ref_question_code)
INNER JOIN oasys_set AS assessment USING (oasys_set_pk)
LEFT JOIN summed USING (oasys_set_pk, ref_section_code)
