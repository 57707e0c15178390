-- One row per pupil per academic year.
SELECT
    npd_pru_census._row,
    learner.unique_id,
    npd_pru_census.pupil_matching_ref,
    npd_pru_census.academic_year,
    npd_pru_census.census_date,
    npd_pru_census.school_urn,
    npd_pru_census.nc_year,
    npd_pru_census.enrolment_status,
    npd_pru_census.provision_reason,
    npd_pru_census.entry_date,
    npd_pru_census.hours_per_week,
    npd_pru_census.fsm_eligible,
    npd_pru_census.sen_provision,
    npd_pru_census.sen_type,
    age_at(learner.date_of_birth, npd_pru_census.census_date) AS age
FROM npd_pru_census
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
