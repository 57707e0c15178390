-- One row per pupil.
SELECT
    npd_ks2_pupil._row,
    learner.unique_id,
    npd_ks2_pupil.pupil_matching_ref,
    npd_ks2_pupil.academic_year,
    npd_ks2_pupil.school_urn,
    npd_ks2_pupil.reading_outcome,
    npd_ks2_pupil.maths_outcome,
    npd_ks2_pupil.writing_outcome,
    npd_ks2_pupil.gps_outcome,
    npd_ks2_pupil.reading_scaled,
    npd_ks2_pupil.maths_scaled,
    npd_ks2_pupil.points,
    npd_ks2_pupil.progress,
    npd_ks2_pupil.expected_flag
FROM npd_ks2_pupil
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
