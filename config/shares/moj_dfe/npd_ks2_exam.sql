-- One row per pupil per subject.
SELECT
    npd_ks2_exam._row,
    learner.unique_id,
    npd_ks2_exam.pupil_matching_ref,
    npd_ks2_exam.subject,
    npd_ks2_exam.academic_year,
    npd_ks2_exam.school_urn,
    npd_ks2_exam.mark,
    npd_ks2_exam.marks_possible,
    npd_ks2_exam.outcome,
    npd_ks2_exam.attended_flag,
    npd_ks2_exam.special_arrangement_flag
FROM npd_ks2_exam
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
