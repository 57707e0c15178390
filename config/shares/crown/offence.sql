-- One row per offence of a defendant's case, with its most severe disposal, ranked within the case.
WITH
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
    FROM crown.disposal
    WHERE defendant_on_offence_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY defendant_on_offence_id
        ORDER BY severity_rank ASC, disposal2_id ASC
    ) = 1
),

disposals AS (
    SELECT
        defendant_on_offence_id,
        count(*) AS disposals_count,
        -- A disqualification stands beside the most serious disposal, and is never that itself.
        max(disqualified_months) AS disqualified_months,
        max(penalty_points) AS penalty_points
    FROM crown.disposal
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
    disposals.disqualified_months,
    disposals.penalty_points,
    worst.served,
    -- Offences without a disposal come last, so that a case has a principal offence even where
    -- nobody was sentenced.
    row_number() OVER (
        PARTITION BY offence.defendant_on_case_id
        ORDER BY
            worst.severity_rank ASC NULLS LAST,
            offence.final_ho_code_priority ASC NULLS LAST,
            offence.final_ho_class ASC NULLS LAST,
            offence.final_ho_subclass ASC NULLS LAST,
            offence.defendant_on_offence_id ASC
    ) AS seriousness_rank
FROM offence
INNER JOIN xhb_defendant_on_case AS defendant_case USING (defendant_on_case_id)
LEFT JOIN xhb_defendant AS defendant USING (defendant_id)
LEFT JOIN worst USING (defendant_on_offence_id)
LEFT JOIN disposals USING (defendant_on_offence_id)
