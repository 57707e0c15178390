-- One row per offence of a defendant's case, with its most severe disposal.
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
),

plea AS (
    SELECT
        defendant_on_offence_id,
        arg_min(plea_code, {'date': arraignment_date, 'number': plea_id}) AS first_plea,
        min(arraignment_date) AS first_plea_date,
        -- A plea without a date counts only where no other has one.
        arg_max(plea_code, {'date': coalesce(arraignment_date, DATE '0001-01-01'), 'number': plea_id})
            AS final_plea,
        max(arraignment_date) AS final_plea_date
    FROM xhb_plea
    GROUP BY defendant_on_offence_id
),

verdict AS (
    SELECT *
    FROM xhb_verdict
    QUALIFY row_number() OVER (
        PARTITION BY defendant_on_offence_id
        ORDER BY verdict_date DESC NULLS LAST, verdict_id DESC
    ) = 1
),

offence AS (
    SELECT
        charged.defendant_on_offence_id,
        charged.defendant_on_case_id,
        charged._row,
        charged.appeal_against_type,
        charged.is_stayed,
        charged.vco_flag,
        charge.charge_type,
        charge.ind_signed_date,
        what.count_number,
        what.multiple,
        what.offence_code,
        what.offence_start_date,
        what.offence_end_date,
        final.offence_code AS final_offence_code,
        final.ho_class AS final_ho_class,
        final.ho_sub_class AS final_ho_subclass,
        final.offence_group AS final_offence_group,
        final.ho_proc_type AS final_ho_proc_type,
        final.offence_class AS final_offence_class,
        final.ho_code_priority AS final_ho_code_priority,
        plea.first_plea,
        plea.first_plea_date,
        plea.final_plea,
        plea.final_plea_date,
        plea.first_plea IS DISTINCT FROM plea.final_plea AS plea_changed,
        verdict.verdict_code,
        verdict.verdict_date,
        coalesce(verdict.verdict_code = 'GM' OR verdict.jurors_dissenting > 0, false) AS by_majority,
        coalesce(verdict.app_lesser_off = 'Y', false) AS of_lesser_offence,
        coalesce(verdict.verdict_code IN ('G', 'GM', 'GL', 'GP'), false)
            OR coalesce(plea.final_plea IN ('G', 'GA', 'A'), false) AS convicted
    FROM xhb_defendant_on_offence AS charged
    LEFT JOIN xhb_offence AS what USING (offence_id)
    LEFT JOIN xhb_charge AS charge USING (charge_id)
    LEFT JOIN plea USING (defendant_on_offence_id)
    LEFT JOIN verdict USING (defendant_on_offence_id)
    LEFT JOIN xhb_ref_offence AS final
        ON coalesce(verdict.lesser_offence_code, what.offence_code) = final.offence_code
),

worst AS (
    SELECT *
    FROM disposal
    WHERE defendant_on_offence_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY defendant_on_offence_id
        ORDER BY
            result_priority ASC NULLS LAST,
            custodial_period_days DESC NULLS LAST,
            coalesce(fine_amount, 0) + coalesce(compensation_amount, 0) DESC,
            disposal2_id ASC
    ) = 1
),

disposals AS (
    SELECT defendant_on_offence_id, count(*) AS disposals_count
    FROM xhb_disposal2
    GROUP BY defendant_on_offence_id
)

SELECT
    offence._row,
    offence.defendant_on_offence_id,
    offence.defendant_on_case_id,
    offence.appeal_against_type,
    offence.is_stayed,
    offence.vco_flag,
    defendant_case.case_id,
    offence.charge_type,
    offence.ind_signed_date,
    offence.count_number,
    offence.multiple,
    offence.offence_code,
    offence.offence_start_date,
    offence.offence_end_date,
    offence.final_offence_code,
    offence.final_ho_class,
    offence.final_ho_subclass,
    offence.final_offence_group,
    offence.final_ho_proc_type,
    offence.final_offence_class,
    age_at(defendant.date_of_birth, offence.offence_start_date) AS age_at_offence,
    offence.first_plea,
    offence.first_plea_date,
    offence.final_plea,
    offence.final_plea_date,
    CASE WHEN offence.plea_changed THEN 'Y' ELSE 'N' END AS plea_changed_flag,
    offence.verdict_code,
    offence.verdict_date,
    CASE WHEN offence.by_majority THEN 'Y' ELSE 'N' END AS majority_verdict_flag,
    CASE WHEN offence.of_lesser_offence THEN 'Y' ELSE 'N' END AS lesser_offence_flag,
    CASE WHEN offence.convicted THEN 'Y' ELSE 'N' END AS convicted_flag,
    coalesce(disposals.disposals_count, 0) AS disposals_count,
    worst.disposal_code,
    worst.disposal_date,
    worst.result_priority,
    worst.outcome_group AS sentence_outcome,
    worst.menu_group,
    worst.custodial_period_days,
    CASE worst.for_life WHEN true THEN 'Y' WHEN false THEN 'N' END AS life_flag,
    worst.minimum_term_years,
    worst.suspended_period_months,
    worst.order_length_months,
    worst.unpaid_work_hours,
    worst.curfew_weeks,
    worst.fine_amount,
    worst.disqualified_months,
    worst.penalty_points,
    worst.served
FROM offence
INNER JOIN xhb_defendant_on_case AS defendant_case USING (defendant_on_case_id)
LEFT JOIN xhb_defendant AS defendant USING (defendant_id)
LEFT JOIN worst USING (defendant_on_offence_id)
LEFT JOIN disposals USING (defendant_on_offence_id)
