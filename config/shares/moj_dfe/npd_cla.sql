-- One row per child per year.
SELECT
    npd_cla._row,
    learner.unique_id,
    npd_cla.pupil_matching_ref,
    npd_cla.academic_year,
    npd_cla.local_authority,
    npd_cla.uasc_flag,
    npd_cla.health_check_flag,
    npd_cla.dental_check_flag,
    npd_cla.immunised_flag,
    npd_cla.sdq_score,
    npd_cla.substance_flag,
    npd_cla.missing_count,
    npd_cla.placements_count
FROM npd_cla
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
