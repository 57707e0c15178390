-- One row per defendant per case, described by the principal offence and the most severe disposal.
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

-- Disposals of the whole case compete with those of its offences; offences without a disposal
-- come last, so that a case has a principal offence even where nobody was sentenced.
ranked AS (
    SELECT
        coalesce(offence.defendant_on_case_id, disposal.defendant_on_case_id)
            AS defendant_on_case_id,
        offence.defendant_on_offence_id,
        disposal.disposal2_id,
        row_number() OVER (
            PARTITION BY coalesce(offence.defendant_on_case_id, disposal.defendant_on_case_id)
            ORDER BY
                result_priority ASC NULLS LAST,
                custodial_period_days DESC NULLS LAST,
                coalesce(fine_amount, 0) + coalesce(compensation_amount, 0) DESC,
                final_ho_code_priority ASC NULLS LAST,
                final_ho_class ASC NULLS LAST,
                final_ho_subclass ASC NULLS LAST,
                offence.defendant_on_offence_id ASC NULLS LAST,
                disposal2_id ASC NULLS LAST
        ) AS seriousness_rank
    FROM offence
    FULL JOIN disposal USING (defendant_on_offence_id)
),

worst AS (
    SELECT disposal.*
    FROM disposal
    INNER JOIN ranked ON disposal.disposal2_id = ranked.disposal2_id AND ranked.seriousness_rank = 1
),

principal AS (
    SELECT offence.*
    FROM offence
    INNER JOIN (
        SELECT arg_min(defendant_on_offence_id, seriousness_rank) AS defendant_on_offence_id
        FROM ranked
        WHERE defendant_on_offence_id IS NOT NULL
        GROUP BY defendant_on_case_id
    ) AS first USING (defendant_on_offence_id)
),

offences AS (
    SELECT
        defendant_on_case_id,
        count(*) AS offences_count,
        count(*) FILTER (WHERE convicted) AS convicted_offences_count,
        count(*) FILTER (WHERE final_plea IN ('G', 'GA', 'A')) AS guilty_plea_offences_count,
        count(*) FILTER (WHERE verdict_code IN ('NG', 'NGD', 'NGI', 'NO') AND NOT convicted)
            AS acquitted_offences_count,
        count(*) FILTER (WHERE is_stayed = 'Y') AS stayed_offences_count,
        count(*) FILTER (WHERE verdict_code = 'LF') AS left_on_file_offences_count,
        count(verdict_code) > 0 AS any_verdict
    FROM offence
    GROUP BY defendant_on_case_id
),

disposals AS (
    SELECT
        defendant_on_case_id,
        count(*) AS disposals_count,
        max(custodial_period_days) AS longest_custody_days,
        -- Pence do not add up alike in every order, so sums are rounded to whole pence.
        round(sum(fine_amount), 2) AS total_fine_amount,
        round(sum(compensation_amount), 2) AS total_compensation_amount,
        round(sum(costs_amount), 2) AS total_costs_amount,
        round(sum(surcharge_amount), 2) AS total_surcharge_amount,
        round(sum(confiscation_amount), 2) AS total_confiscation_amount,
        bool_or(disposal_code = 'DISQ' OR coalesce(disqualified_months, 0) > 0) AS disqualified,
        bool_or(disposal_code IN ('CONF')) AS confiscation,
        bool_or(disposal_code IN ('FORF')) AS forfeiture,
        bool_or(disposal_code IN ('RESO')) AS restraining_order,
        bool_or(disposal_code IN ('SHPO')) AS sexual_harm_order,
        bool_or(disposal_code IN ('CBO')) AS behaviour_order,
        bool_or(disposal_code IN ('HOSP', 'HORD')) AS hospital_order
    FROM disposal
    GROUP BY defendant_on_case_id
),

hearings AS (
    SELECT
        case_id,
        count(*) AS hearings_count,
        min(hearing_start_date) AS first_hearing_date,
        max(coalesce(hearing_end_date, hearing_start_date)) AS last_hearing_date,
        CAST(sum(last_calculated_duration) AS BIGINT) AS hearing_minutes,
        count(*) FILTER (WHERE hearing_type_code = 'MEN') AS mention_hearings_count,
        count(*) FILTER (WHERE hearing_type_code = 'BAL') AS bail_hearings_count,
        count(*) FILTER (WHERE hearing_type_code = 'TRI') AS trial_hearings_count,
        min(hearing_start_date) FILTER (WHERE hearing_type_code = 'TRI') AS trial_start_date,
        CAST(sum(last_calculated_duration) FILTER (WHERE hearing_type_code = 'TRI') AS BIGINT)
            AS trial_minutes,
        min(hearing_start_date) FILTER (WHERE hearing_type_code IN ('PCM', 'PTP'))
            AS plea_hearing_date,
        max(hearing_start_date) FILTER (WHERE hearing_type_code = 'SEN') AS sentence_hearing_date,
        bool_or(hearing_type_code = 'CON') AS confiscation_hearing
    FROM xhb_hearing
    GROUP BY case_id
),

defendants AS (
    SELECT case_id, count(*) AS defendants_on_case_count
    FROM xhb_defendant_on_case
    GROUP BY case_id
),

person AS (
    SELECT _row, dataset_person
    FROM people
    WHERE dataset = 'crown'
)

SELECT
    part._row,
    'crown/' || part.defendant_on_case_id AS record_id,
    part.defendant_on_case_id,
    part.case_id,
    part.defendant_id,
    person.dataset_person AS estimated_dataset_person_id,
    the_case.case_type,
    the_case.case_sub_type,
    the_case.receipt_type,
    the_case.court_id,
    the_case.received_date,
    the_case.bail_mag_code,
    the_case.mag_conviction_date,
    the_case.case_class,
    the_case.class_code,
    the_case.severed_ind,
    the_case.date_ind_rec,
    the_case.est_pdh_trial_length,
    the_case.no_pros_witness,
    the_case.no_page_pros_evidence,
    the_case.ccc_trans_to_ref_court_id,
    the_case.linked_case_id,
    the_case.results_verified AS case_results_verified,
    defendants.defendants_on_case_count,
    defendant.is_company,
    defendant.gender,
    defendant.ethnic_appearance_code,
    defendant.ethnicity_self_defined,
    CASE
        WHEN part.nationality = 'GBR' THEN 'B'
        WHEN part.nationality IN ('UNK', 'XXX') THEN 'U'
        WHEN part.nationality IS NOT NULL THEN 'F'
    END AS nationality_group,
    age_at(defendant.date_of_birth, offence.offence_start_date) AS age_at_offence,
    age_at(defendant.date_of_birth, the_case.received_date) AS age_at_receipt,
    age_at(defendant.date_of_birth, part.completion_date) AS age_at_completion,
    part.defendant_number,
    part.date_of_committal,
    part.collect_magistrate_court_id,
    part.is_juvenile,
    part.no_of_tics,
    part.current_bc_status,
    part.comm_bc_status,
    part.custodial,
    part.suspended,
    part.serious_drug_offence,
    part.recommended_deportation,
    part.hate_ind,
    part.hate_type,
    part.first_fixed_trial,
    part.first_hearing_type,
    part.mag_court_first_hearing_date,
    part.mag_court_final_hearing_date,
    part.custody_time_limit,
    part.completion_date,
    part.cacd_appeal_result,
    part.cacd_appeal_result_date,
    part.results_verified,
    the_case.received_date - offence.offence_start_date AS days_offence_to_receipt,
    part.mag_court_final_hearing_date - part.mag_court_first_hearing_date
        AS days_mags_first_to_final,
    the_case.received_date - part.date_of_committal AS days_committal_to_receipt,
    hearings.first_hearing_date - the_case.received_date AS days_receipt_to_first_hearing,
    part.completion_date - the_case.received_date AS days_receipt_to_completion,
    part.completion_date - offence.final_plea_date AS days_plea_to_completion,
    coalesce(hearings.hearings_count, 0) AS hearings_count,
    hearings.first_hearing_date,
    hearings.last_hearing_date,
    hearings.hearing_minutes,
    coalesce(hearings.mention_hearings_count, 0) AS mention_hearings_count,
    coalesce(hearings.bail_hearings_count, 0) AS bail_hearings_count,
    coalesce(hearings.trial_hearings_count, 0) AS trial_hearings_count,
    CASE WHEN hearings.trial_hearings_count > 0 THEN 'Y' ELSE 'N' END AS trial_flag,
    hearings.trial_start_date,
    hearings.trial_minutes,
    hearings.plea_hearing_date,
    hearings.sentence_hearing_date,
    CASE WHEN hearings.confiscation_hearing THEN 'Y' ELSE 'N' END AS confiscation_hearing_flag,
    coalesce(offences.offences_count, 0) AS offences_count,
    coalesce(offences.convicted_offences_count, 0) AS convicted_offences_count,
    coalesce(offences.guilty_plea_offences_count, 0) AS guilty_plea_offences_count,
    coalesce(offences.acquitted_offences_count, 0) AS acquitted_offences_count,
    coalesce(offences.stayed_offences_count, 0) AS stayed_offences_count,
    coalesce(offences.left_on_file_offences_count, 0) AS left_on_file_offences_count,
    CASE WHEN offences.convicted_offences_count > 0 OR the_case.case_type = 'S' THEN 'Y' ELSE 'N' END AS convicted_flag,
    CASE WHEN offences.guilty_plea_offences_count > 0 THEN 'Y' ELSE 'N' END AS any_guilty_plea_flag,
    CASE WHEN offences.any_verdict THEN 'Y' ELSE 'N' END AS any_verdict_flag,
    offence.defendant_on_offence_id AS principal_offence_id,
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
    offence.appeal_against_type,
    offence.is_stayed,
    offence.vco_flag,
    offence.first_plea,
    offence.first_plea_date,
    offence.final_plea,
    offence.final_plea_date,
    CASE WHEN offence.plea_changed THEN 'Y' ELSE 'N' END AS plea_changed_flag,
    offence.verdict_code,
    offence.verdict_date,
    CASE WHEN offence.by_majority THEN 'Y' ELSE 'N' END AS majority_verdict_flag,
    CASE WHEN offence.of_lesser_offence THEN 'Y' ELSE 'N' END AS lesser_offence_flag,
    worst.disposal_code,
    worst.disposal_date,
    worst.result_priority,
    worst.outcome_group AS sentence_outcome,
    worst.menu_group,
    worst.court_type AS disposal_court_type,
    CASE WHEN worst.disposal2_id IS NOT NULL AND worst.defendant_on_offence_id IS NULL THEN 'Y' ELSE 'N' END AS whole_case_disposal_flag,
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
    worst.served,
    coalesce(disposals.disposals_count, 0) AS disposals_count,
    disposals.longest_custody_days,
    disposals.total_fine_amount,
    disposals.total_compensation_amount,
    disposals.total_costs_amount,
    disposals.total_surcharge_amount,
    disposals.total_confiscation_amount,
    CASE WHEN disposals.disqualified THEN 'Y' ELSE 'N' END AS disqualified_flag,
    CASE WHEN disposals.confiscation THEN 'Y' ELSE 'N' END AS confiscation_flag,
    CASE WHEN disposals.forfeiture THEN 'Y' ELSE 'N' END AS forfeiture_flag,
    CASE WHEN disposals.restraining_order THEN 'Y' ELSE 'N' END AS restraining_order_flag,
    CASE WHEN disposals.sexual_harm_order THEN 'Y' ELSE 'N' END AS sexual_harm_order_flag,
    CASE WHEN disposals.behaviour_order THEN 'Y' ELSE 'N' END AS behaviour_order_flag,
    CASE WHEN disposals.hospital_order THEN 'Y' ELSE 'N' END AS hospital_order_flag
FROM xhb_defendant_on_case AS part
LEFT JOIN xhb_case AS the_case USING (case_id)
LEFT JOIN xhb_defendant AS defendant USING (defendant_id)
LEFT JOIN principal AS offence USING (defendant_on_case_id)
LEFT JOIN worst USING (defendant_on_case_id)
LEFT JOIN offences USING (defendant_on_case_id)
LEFT JOIN disposals USING (defendant_on_case_id)
LEFT JOIN hearings USING (case_id)
LEFT JOIN defendants USING (case_id)
LEFT JOIN person ON part._row = person._row
