-- One row per pupil per academic year.
SELECT
    npd_summer_census._row,
    learner.unique_id,
    npd_summer_census.pupil_matching_ref,
    npd_summer_census.academic_year,
    npd_summer_census.census_date,
    npd_summer_census.school_urn,
    npd_summer_census.nc_year,
    npd_summer_census.enrolment_status,
    npd_summer_census.fsm_eligible,
    npd_summer_census.sen_provision,
    npd_summer_census.entry_date,
    npd_summer_census.leaving_date,
    npd_summer_census.sessions_possible,
    npd_summer_census.sessions_authorised,
    npd_summer_census.sessions_unauthorised,
    age_at(learner.date_of_birth, npd_summer_census.census_date) AS age
FROM npd_summer_census
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
