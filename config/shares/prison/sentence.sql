-- One row per sentence passed by a court, not recalls, with its length in days, for the queries of
-- this share: it is not declared, so it never leaves.
WITH
term AS (
    SELECT
        offender_book_id,
        sentence_seq,
        bool_or(life_sentence_flag = 'Y') AS for_life,
        -- Mean lengths of years and months.
        CAST(round(sum(
            coalesce(years, 0) * 365.25
            + coalesce(months, 0) * 30.4375
            + coalesce(weeks, 0) * 7
            + coalesce(days, 0)
        ) FILTER (WHERE sentence_term_code = 'IMP')) AS BIGINT) AS length_days,
        CAST(round(sum(coalesce(years, 0) * 365.25 + coalesce(months, 0) * 30.4375 + coalesce(days, 0))
            FILTER (WHERE sentence_term_code = 'LIC')) AS BIGINT) AS extension_days
    FROM offender_sentence_terms
    GROUP BY offender_book_id, sentence_seq
)

SELECT
    sentence.offender_book_id,
    sentence.sentence_seq,
    sentence.case_id,
    sentence.sentence_calc_type,
    sentence.sentence_category,
    sentence.consec_to_sentence_seq,
    -- Placeholders for a date that nobody knew.
    nullif(nullif(sentence.start_date, DATE '1900-01-01'), DATE '1970-01-01') AS start_date,
    coalesce(term.for_life, false) OR sentence.sentence_calc_type IN ('MLP', 'DLP', 'IPP', 'DPP')
        AS for_life,
    CASE
        WHEN sentence.sentence_calc_type IN ('MLP', 'DLP', 'IPP', 'DPP') THEN 'I'
        WHEN sentence.sentence_calc_type IN ('EDS18', 'EDS21', 'EDSU18', 'EPP') THEN 'E'
        WHEN sentence.sentence_calc_type IN ('A/FINE', 'CIVIL') THEN 'N'
        ELSE 'D'
    END AS sentence_type,
    nullif(term.length_days, 0) AS length_days,
    nullif(term.extension_days, 0) AS extension_days
FROM offender_sentences AS sentence
LEFT JOIN term USING (offender_book_id, sentence_seq)
WHERE sentence.sentence_category <> 'LICENCE'
