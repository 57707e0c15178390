-- One row per pupil per academic year.
SELECT
    npd_eyfsp._row,
    learner.unique_id,
    npd_eyfsp.pupil_matching_ref,
    npd_eyfsp.academic_year,
    npd_eyfsp.school_urn,
    npd_eyfsp.good_level_flag,
    npd_eyfsp.points,
    npd_eyfsp.communication,
    npd_eyfsp.physical,
    npd_eyfsp.personal,
    npd_eyfsp.literacy,
    npd_eyfsp.mathematics,
    npd_eyfsp.understanding,
    npd_eyfsp.expressive
FROM npd_eyfsp
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
