-- One row per pupil per academic year.
SELECT
    npd_spring_census._row,
    learner.unique_id,
    npd_spring_census.pupil_matching_ref,
    npd_spring_census.academic_year,
    npd_spring_census.census_date,
    npd_spring_census.school_urn,
    npd_spring_census.nc_year,
    npd_spring_census.enrolment_status,
    npd_spring_census.fsm_eligible,
    npd_spring_census.fsm_ever6,
    npd_spring_census.sen_provision,
    npd_spring_census.sen_type,
    npd_spring_census.sen_unit_flag,
    npd_spring_census.idaci_decile,
    npd_spring_census.in_care_flag,
    npd_spring_census.part_time_flag,
    npd_spring_census.service_child_flag,
    npd_school.region,
    npd_school.school_phase,
    npd_school.school_type,
    npd_school.fsm_band,
    age_at(learner.date_of_birth, npd_spring_census.census_date) AS age
FROM npd_spring_census
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
LEFT JOIN npd_school USING (school_urn)
