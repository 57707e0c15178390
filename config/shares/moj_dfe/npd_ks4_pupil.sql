-- One row per pupil.
SELECT
    npd_ks4_pupil._row,
    learner.unique_id,
    npd_ks4_pupil.pupil_matching_ref,
    npd_ks4_pupil.academic_year,
    npd_ks4_pupil.school_urn,
    npd_ks4_pupil.gcse_entries,
    npd_ks4_pupil.attainment8,
    npd_ks4_pupil.progress8,
    npd_ks4_pupil.points,
    npd_ks4_pupil.five_ac_flag,
    npd_ks4_pupil.ebacc_entered_flag,
    npd_ks4_pupil.ebacc_flag,
    npd_ks4_pupil.english_grade,
    npd_ks4_pupil.maths_grade,
    npd_ks4_pupil.ks2_prior_band,
    npd_ks4_pupil.end_of_ks4_flag
FROM npd_ks4_pupil
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
