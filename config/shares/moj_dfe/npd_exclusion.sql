-- One row per exclusion.
SELECT
    npd_exclusion._row,
    learner.unique_id,
    npd_exclusion.exclusion_id,
    npd_exclusion.pupil_matching_ref,
    npd_exclusion.academic_year,
    npd_exclusion.term,
    npd_exclusion.school_urn,
    npd_exclusion.nc_year,
    npd_exclusion.category,
    npd_exclusion.reason,
    npd_exclusion.start_date,
    npd_exclusion.sessions,
    npd_exclusion.sen_provision,
    npd_exclusion.review_result,
    age_at(learner.date_of_birth, npd_exclusion.start_date) AS age
FROM npd_exclusion
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
