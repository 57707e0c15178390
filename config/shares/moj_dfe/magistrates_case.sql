-- One row per defendant per case.
SELECT
    individuals.individual AS unique_id,
    defendant.record_id AS magistrates_case_id,
    defendant.defendant_sex,
    defendant.age_at_offence,
    defendant.age_at_first_hearing,
    defendant.youth_flag,
    defendant.court_code,
    defendant.court_type,
    defendant.prosecutor_code,
    defendant.initiation_type,
    defendant.initiation_date,
    defendant.first_hearing_date,
    defendant.final_hearing_date,
    defendant.hearings_count,
    defendant.mode_of_trial,
    defendant.bail_status_final,
    defendant.case_status,
    defendant.committal_type,
    defendant.committal_date,
    defendant.conviction_date,
    defendant.sentence_date,
    defendant.breach_flag,
    defendant.released_offences_count,
    defendant.convicted_offences_count,
    defendant.offence_code,
    defendant.offence_group,
    defendant.offence_start_date,
    defendant.plea,
    defendant.finding,
    defendant.result_code,
    defendant.custodial_period_days,
    defendant.order_length_days,
    defendant.fine_amount
FROM magistrates.defendant_case AS defendant
INNER JOIN individuals
    ON individuals.dataset = 'magistrates' AND defendant._record = individuals._row
-- Only of people whose PNC record is in the share.
SEMI JOIN moj_dfe.offender AS offender ON individuals.individual = offender.unique_id
