-- One row per defendant per case, described by its principal offence.
WITH offences AS (
    SELECT
        case_id,
        defendant_id,
        count(*) AS released_offences_count,
        count(*) FILTER (WHERE finding IN ('G', 'PG', 'PA')) AS convicted_offences_count,
        round(sum(fine_amount), 2) AS total_fine_amount,
        round(sum(compensation_amount), 2) AS total_compensation_amount
    FROM magistrates.offence
    GROUP BY case_id, defendant_id
),

person AS (
    SELECT _row, dataset_person
    FROM people
    WHERE dataset = 'magistrates'
)

SELECT
    defendant._row,
    defendant._row AS _record,
    'magistrates/' || concat_ws('/', defendant.case_id, defendant.defendant_id) AS record_id,
    defendant.case_id,
    defendant.defendant_id,
    person.dataset_person AS estimated_dataset_person_id,
    defendant.defendant_type,
    defendant.defendant_sex,
    principal.age_at_offence,
    age_at(defendant.defendant_dob, defendant.first_hearing_date) AS age_at_first_hearing,
    age_at(defendant.defendant_dob, defendant.sentence_date) AS age_at_sentence,
    CASE
        WHEN defendant.defendant_type = 'O' THEN 'N'
        WHEN age_at(defendant.defendant_dob, defendant.first_hearing_date) < 18 THEN 'Y'
        WHEN age_at(defendant.defendant_dob, defendant.first_hearing_date) >= 18 THEN 'N'
    END AS youth_flag,
    defendant.ethnicity_self_defined,
    defendant.ethnicity_officer,
    CASE
        WHEN defendant.nationality = 'GBR' THEN 'B'
        WHEN defendant.nationality IN ('UNK', 'XXX') THEN 'U'
        WHEN defendant.nationality IS NOT NULL THEN 'F'
    END AS nationality_group,
    defendant.interpreter_flag,
    defendant.court_code,
    -- Empty for everybody, of either court, in the month in which they turn 18: the kind of court
    -- would tell whether the hearing was before the birthday or after it.
    CASE
        WHEN
            age_at(defendant.defendant_dob, defendant.first_hearing_date) = 18
            AND age_at(
                defendant.defendant_dob,
                date_trunc('month', defendant.first_hearing_date) - INTERVAL 1 DAY
            ) = 17
            THEN NULL
        ELSE defendant.court_type
    END AS court_type,
    defendant.case_class,
    defendant.prosecutor_code,
    defendant.initiation_type,
    defendant.arrest_date,
    defendant.charge_date,
    defendant.initiation_date,
    defendant.first_hearing_date,
    defendant.final_hearing_date,
    defendant.first_hearing_date - defendant.initiation_date AS days_to_first_hearing,
    defendant.final_hearing_date - defendant.first_hearing_date AS days_to_completion,
    defendant.hearings_count,
    defendant.adjournments_count,
    defendant.mode_of_trial,
    defendant.mode_of_trial_date,
    defendant.bail_status_first,
    defendant.bail_status_final,
    defendant.remand_days,
    defendant.warrant_flag,
    defendant.legal_representation,
    defendant.legal_aid_flag,
    defendant.case_status,
    defendant.committal_type,
    defendant.committal_date,
    defendant.committal_crown_court,
    defendant.conviction_date,
    defendant.sentence_date,
    defendant.pre_sentence_report_flag,
    defendant.tic_count,
    defendant.surcharge_amount,
    defendant.costs_amount,
    defendant.domestic_abuse_flag,
    defendant.hate_crime_flag,
    defendant.breach_flag,
    defendant.appeal_flag,
    coalesce(offences.released_offences_count, 0) AS released_offences_count,
    coalesce(offences.convicted_offences_count, 0) AS convicted_offences_count,
    offences.total_fine_amount,
    offences.total_compensation_amount,
    principal.offence_seq AS principal_offence_seq,
    principal.offence_code,
    principal.ho_class,
    principal.ho_subclass,
    principal.offence_group,
    principal.offence_mode,
    principal.offence_start_date,
    principal.plea,
    principal.plea_date,
    principal.finding,
    principal.finding_date,
    principal.result_code,
    principal.result_priority,
    principal.custodial_period_days,
    principal.suspended_period_days,
    principal.order_length_days,
    principal.unpaid_work_hours,
    principal.fine_amount,
    principal.compensation_amount,
    principal.disqualification_days
FROM hocas_flatfile AS defendant
LEFT JOIN magistrates.offence AS principal
    ON
        defendant.case_id = principal.case_id
        AND defendant.defendant_id = principal.defendant_id
        AND principal.seriousness_rank = 1
LEFT JOIN offences
    ON defendant.case_id = offences.case_id AND defendant.defendant_id = offences.defendant_id
LEFT JOIN person ON defendant._row = person._row
