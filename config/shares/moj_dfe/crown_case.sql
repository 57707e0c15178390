-- One row per defendant per case.
SELECT
    individuals.individual AS unique_id,
    defendant.record_id AS crown_case_id,
    defendant.case_type,
    defendant.court_id,
    defendant.received_date,
    defendant.case_class,
    defendant.gender,
    defendant.age_at_offence,
    defendant.age_at_receipt,
    defendant.age_at_completion,
    defendant.is_juvenile,
    defendant.current_bc_status,
    defendant.custodial,
    defendant.suspended,
    defendant.completion_date,
    defendant.hearings_count,
    defendant.first_hearing_date,
    defendant.trial_flag,
    defendant.offences_count,
    defendant.convicted_offences_count,
    defendant.convicted_flag,
    defendant.offence_code,
    defendant.final_offence_code,
    defendant.final_offence_group,
    defendant.offence_start_date,
    defendant.first_plea,
    defendant.final_plea,
    defendant.verdict_code,
    defendant.verdict_date,
    defendant.disposal_code,
    defendant.disposal_date,
    defendant.sentence_outcome,
    defendant.custodial_period_days,
    defendant.suspended_period_months,
    defendant.order_length_months
FROM crown.defendant_case AS defendant
INNER JOIN individuals
    ON individuals.dataset = 'crown' AND defendant._record = individuals._row
-- Only of people whose PNC record is in the share.
SEMI JOIN moj_dfe.offender AS offender ON individuals.individual = offender.unique_id
