-- One row per child per year and referral.
SELECT
    npd_cin._row,
    learner.unique_id,
    npd_cin.cin_id,
    npd_cin.pupil_matching_ref,
    npd_cin.academic_year,
    npd_cin.local_authority,
    npd_cin.referral_date,
    npd_cin.referral_source,
    npd_cin.primary_need,
    npd_cin.no_further_action_flag,
    npd_cin.assessed_on,
    npd_cin.disability_flag,
    npd_cin.closure_date,
    npd_cin.closure_reason,
    age_at(learner.date_of_birth, npd_cin.referral_date) AS age
FROM npd_cin
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
