-- One row per pupil per subject.
SELECT
    npd_ks4_exam._row,
    learner.unique_id,
    npd_ks4_exam.pupil_matching_ref,
    npd_ks4_exam.subject,
    npd_ks4_exam.academic_year,
    npd_ks4_exam.school_urn,
    npd_ks4_exam.qualification,
    npd_ks4_exam.grade,
    npd_ks4_exam.points,
    npd_ks4_exam.season,
    npd_ks4_exam.discounted_flag
FROM npd_ks4_exam
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
