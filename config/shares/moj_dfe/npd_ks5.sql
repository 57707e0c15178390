-- One row per pupil per result.
SELECT
    npd_ks5._row,
    learner.unique_id,
    npd_ks5.pupil_matching_ref,
    npd_ks5.result_seq,
    npd_ks5.academic_year,
    npd_ks5.institution_urn,
    npd_ks5.qualification,
    npd_ks5.subject_area,
    npd_ks5.grade,
    npd_ks5.points,
    npd_ks5.size
FROM npd_ks5
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
