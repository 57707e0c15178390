-- One row per disposal, with what is typed into its lines, for the queries of this share: it is not
-- declared, so it never leaves. Disposals of a case that are alike share a severity_rank.
WITH
-- The values of a disposal are typed into its lines, as a name, an equals sign and a value.
line AS (
    SELECT
        disposal2_id,
        regexp_extract(upper(data), '^\s*([A-Z_]+)\s*=', 1) AS name,
        trim(regexp_extract(upper(data), '=(.*)$', 1)) AS value,
        try_cast(regexp_replace(regexp_extract(data, '=(.*)$', 1), '[£,\s]', '', 'g') AS DOUBLE)
            AS amount
    FROM xhb_disposal_line
),

disposal_values AS (
    SELECT
        disposal2_id,
        max(amount) FILTER (WHERE name = 'TERM_YEARS') AS term_years,
        max(amount) FILTER (WHERE name = 'TERM_MONTHS') AS term_months,
        max(amount) FILTER (WHERE name = 'TERM_WEEKS') AS term_weeks,
        max(amount) FILTER (WHERE name = 'TERM_DAYS') AS term_days,
        bool_or(name = 'TERM' AND value = 'LIFE') AS for_life,
        max(amount) FILTER (WHERE name = 'MINIMUM_YEARS') AS minimum_term_years,
        max(amount) FILTER (WHERE name = 'SUSPENDED_MONTHS') AS suspended_period_months,
        max(amount) FILTER (WHERE name = 'ORDER_MONTHS') AS order_length_months,
        max(amount) FILTER (WHERE name = 'UNPAID_HOURS') AS unpaid_work_hours,
        max(amount) FILTER (WHERE name = 'CURFEW_WEEKS') AS curfew_weeks,
        max(amount) FILTER (WHERE name = 'FINE') AS fine_amount,
        max(amount) FILTER (WHERE name = 'COMPENSATION') AS compensation_amount,
        max(amount) FILTER (WHERE name = 'COSTS') AS costs_amount,
        max(amount) FILTER (WHERE name = 'SURCHARGE') AS surcharge_amount,
        max(amount) FILTER (WHERE name = 'CONFISCATION') AS confiscation_amount,
        max(amount) FILTER (WHERE name = 'DISQUALIFIED_MONTHS') AS disqualified_months,
        max(amount) FILTER (WHERE name = 'POINTS') AS penalty_points,
        max(value) FILTER (WHERE name = 'SERVED' AND value IN ('CONCURRENT', 'CONSECUTIVE')) AS served
    FROM line
    GROUP BY disposal2_id
),

disposal AS (
    SELECT
        made.*,
        kind.result_priority,
        kind.outcome_group,
        typed.* EXCLUDE (disposal2_id, for_life),
        made.disposal_code = 'LIFE' OR coalesce(typed.for_life, false) AS for_life,
        -- Mean lengths of years and months; a life sentence has no length.
        CASE
            WHEN made.disposal_code = 'LIFE' OR typed.for_life THEN NULL
            WHEN coalesce(term_years, term_months, term_weeks, term_days) IS NOT NULL
                THEN try_cast(round(
                    coalesce(term_years, 0) * 365.25
                    + coalesce(term_months, 0) * 30.4375
                    + coalesce(term_weeks, 0) * 7
                    + coalesce(term_days, 0)
                ) AS BIGINT)
        END AS custodial_period_days
    FROM xhb_disposal2 AS made
    LEFT JOIN xhb_ref_disposal AS kind USING (disposal_code)
    LEFT JOIN disposal_values AS typed USING (disposal2_id)
)

SELECT
    *,
    rank() OVER (
        PARTITION BY defendant_on_case_id
        ORDER BY
            result_priority ASC NULLS LAST,
            custodial_period_days DESC NULLS LAST,
            coalesce(fine_amount, 0) + coalesce(compensation_amount, 0) DESC
    ) AS severity_rank
FROM disposal
