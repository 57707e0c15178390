-- One row per defendant per case, described by the principal offence and the most severe disposal.
WITH
-- Disposals of the whole case compete with those of its offences.
worst AS (
    SELECT disposal.*
    FROM crown.disposal AS disposal
    LEFT JOIN crown.offence AS offence USING (defendant_on_offence_id)
    QUALIFY row_number() OVER (
        PARTITION BY disposal.defendant_on_case_id
        ORDER BY
            disposal.severity_rank ASC,
            offence.seriousness_rank ASC NULLS LAST,
            disposal.disposal2_id ASC
    ) = 1
),

offences AS (
    SELECT
        defendant_on_case_id,
        count(*) AS offences_count,
        count(*) FILTER (WHERE convicted_flag = 'Y') AS convicted_offences_count,
        count(*) FILTER (WHERE final_plea IN ('G', 'GA', 'A')) AS guilty_plea_offences_count,
        count(*) FILTER (WHERE verdict_code IN ('NG', 'NGD', 'NGI', 'NO') AND convicted_flag = 'N')
            AS acquitted_offences_count,
        count(*) FILTER (WHERE is_stayed = 'Y') AS stayed_offences_count,
        count(*) FILTER (WHERE verdict_code = 'LF') AS left_on_file_offences_count,
        count(verdict_code) > 0 AS any_verdict
    FROM crown.offence
    GROUP BY defendant_on_case_id
),

disposals AS (
    SELECT
        defendant_on_case_id,
        count(*) AS disposals_count,
        max(custodial_period_days) AS longest_custody_days,
        -- A disqualification stands beside the most serious disposal, and is never that itself.
        max(disqualified_months) AS disqualified_months,
        max(penalty_points) AS penalty_points,
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
    FROM crown.disposal
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
    part._row AS _record,
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
    offence.age_at_offence,
    age_at(defendant.date_of_birth, the_case.received_date) AS age_at_receipt,
    age_at(defendant.date_of_birth, part.completion_date) AS age_at_completion,
    part.defendant_number,
    part.date_of_committal,
    part.collect_magistrate_court_id,
    CASE
        WHEN defendant.is_company = 'Y' THEN 'N'
        WHEN age_at(defendant.date_of_birth, the_case.received_date) < 18 THEN 'Y'
        WHEN age_at(defendant.date_of_birth, the_case.received_date) >= 18 THEN 'N'
    END AS is_juvenile,
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
    coalesce(offence.plea_changed_flag, 'N') AS plea_changed_flag,
    offence.verdict_code,
    offence.verdict_date,
    coalesce(offence.majority_verdict_flag, 'N') AS majority_verdict_flag,
    coalesce(offence.lesser_offence_flag, 'N') AS lesser_offence_flag,
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
    disposals.disqualified_months,
    disposals.penalty_points,
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
LEFT JOIN crown.offence AS offence
    ON part.defendant_on_case_id = offence.defendant_on_case_id AND offence.seriousness_rank = 1
LEFT JOIN worst ON part.defendant_on_case_id = worst.defendant_on_case_id
LEFT JOIN offences ON part.defendant_on_case_id = offences.defendant_on_case_id
LEFT JOIN disposals ON part.defendant_on_case_id = disposals.defendant_on_case_id
LEFT JOIN hearings USING (case_id)
LEFT JOIN defendants USING (case_id)
LEFT JOIN person ON part._row = person._row
