-- One row per pupil per academic year.
SELECT
    npd_ap_census._row,
    learner.unique_id,
    npd_ap_census.pupil_matching_ref,
    npd_ap_census.academic_year,
    npd_ap_census.census_date,
    npd_ap_census.local_authority,
    npd_ap_census.nc_year,
    npd_ap_census.setting,
    npd_ap_census.provision_reason,
    npd_ap_census.entry_date,
    npd_ap_census.hours_per_week,
    npd_ap_census.fsm_eligible,
    npd_ap_census.sen_provision,
    age_at(learner.date_of_birth, npd_ap_census.census_date) AS age
FROM npd_ap_census
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
