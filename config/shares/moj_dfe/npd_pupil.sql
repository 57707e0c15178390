-- One row per pupil.
SELECT
    npd_pupil._row,
    learner.unique_id,
    npd_pupil.pupil_matching_ref,
    npd_pupil.gender,
    npd_pupil.ethnicity,
    npd_pupil.ethnicity_source,
    npd_pupil.language_group,
    npd_pupil.idaci_decile,
    npd_pupil.first_seen_on,
    npd_pupil.last_seen_on,
    CASE WHEN offender.unique_id IS NULL THEN 'N' ELSE 'Y' END AS in_pnc_flag,
    age_at(learner.date_of_birth, npd_pupil.first_seen_on) AS age_at_first_census
FROM npd_pupil
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
LEFT JOIN moj_dfe.offender AS offender ON learner.unique_id = offender.unique_id
