-- One row per pupil.
SELECT
    npd_ks1._row,
    learner.unique_id,
    npd_ks1.pupil_matching_ref,
    npd_ks1.academic_year,
    npd_ks1.school_urn,
    npd_ks1.reading,
    npd_ks1.writing,
    npd_ks1.mathematics,
    npd_ks1.science,
    npd_ks1.points,
    npd_ks1.phonics_mark,
    npd_ks1.phonics_outcome,
    npd_ks1.phonics_year2_mark,
    npd_ks1.phonics_year2_outcome
FROM npd_ks1
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
