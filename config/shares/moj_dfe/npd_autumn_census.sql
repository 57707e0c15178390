-- One row per pupil per academic year.
SELECT
    npd_autumn_census._row,
    learner.unique_id,
    npd_autumn_census.pupil_matching_ref,
    npd_autumn_census.academic_year,
    npd_autumn_census.census_date,
    npd_autumn_census.school_urn,
    npd_autumn_census.nc_year,
    npd_autumn_census.enrolment_status,
    npd_autumn_census.fsm_eligible,
    npd_autumn_census.sen_provision,
    npd_autumn_census.entry_date,
    npd_autumn_census.free_meal_taken_flag,
    npd_autumn_census.english_prior_flag,
    npd_autumn_census.maths_prior_flag,
    age_at(learner.date_of_birth, npd_autumn_census.census_date) AS age
FROM npd_autumn_census
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
