-- One row per journey between two released cases. The best link is marked anew among the released
-- ones, because the likeliest magistrates' case may lie outside the coverage.
WITH journey AS (
    SELECT
        magistrates.case_id AS mc_case_id,
        magistrates.defendant_id AS mc_defendant_id,
        crown.defendant_on_case_id AS cc_defendant_on_case_id,
        journeys.match_weight,
        journeys.match_probability
    FROM journeys
    INNER JOIN magistrates.defendant_case AS magistrates ON journeys.left_row = magistrates._record
    INNER JOIN crown.defendant_case AS crown ON journeys.right_row = crown._record
)

SELECT
    mc_case_id,
    mc_defendant_id,
    cc_defendant_on_case_id,
    round(match_weight, 2) AS estimated_match_score,
    round(match_probability, 4) AS estimated_match_probability,
    CASE
        WHEN row_number() OVER (
            PARTITION BY cc_defendant_on_case_id
            ORDER BY match_weight DESC, mc_case_id ASC, mc_defendant_id ASC
        ) = 1 THEN 'Y'
        ELSE 'N'
    END AS best_match
FROM journey
