-- One row per pupil per academic year and term.
SELECT
    npd_absence._row,
    learner.unique_id,
    npd_absence.pupil_matching_ref,
    npd_absence.academic_year,
    npd_absence.term,
    npd_absence.school_urn,
    npd_absence.nc_year,
    npd_absence.sessions_possible,
    npd_absence.sessions_authorised,
    npd_absence.sessions_unauthorised,
    npd_absence.illness_sessions,
    npd_absence.holiday_sessions,
    npd_absence.excluded_sessions,
    npd_absence.persistent_flag
FROM npd_absence
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
