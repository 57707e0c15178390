-- One row per prisoner per connected spell in custody.
SELECT
    individuals.individual AS unique_id,
    journey.record_id AS prison_journey_id,
    journey.journey_number,
    journey.spells_count,
    journey.sex,
    journey.ethnicity,
    journey.nationality_group,
    journey.age_at_reception,
    journey.age_at_sentence,
    journey.age_at_release,
    journey.reception_date,
    journey.admission_reason,
    journey.reception_prison,
    journey.remand_flag,
    journey.remand_days,
    journey.sentenced_flag,
    journey.first_sentence_date,
    journey.recall_flag,
    journey.recall_count,
    journey.sentence_category,
    journey.sentence_type,
    journey.sentence_length_days,
    journey.effective_sentence_days,
    journey.main_offence_code,
    journey.main_offence_ho_code,
    journey.main_offence_severity,
    journey.main_offence_date,
    journey.offences_count,
    journey.first_release_date,
    journey.release_date,
    journey.release_reason,
    journey.in_custody_flag,
    journey.hdc_release_flag,
    journey.transfers_count,
    journey.journey_days,
    journey.days_in_custody
FROM prison.custodial_journey AS journey
INNER JOIN individuals
    ON individuals.dataset = 'prison' AND journey._record = individuals._row
-- Only of people whose PNC record is in the share.
SEMI JOIN moj_dfe.offender AS offender ON individuals.individual = offender.unique_id
