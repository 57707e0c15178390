-- One row per young person per academic year.
SELECT
    npd_nccis._row,
    learner.unique_id,
    npd_nccis.pupil_matching_ref,
    npd_nccis.academic_year,
    npd_nccis.local_authority,
    npd_nccis.activity,
    npd_nccis.activity_from,
    npd_nccis.neet_flag,
    npd_nccis.neet_reason,
    npd_nccis.guarantee,
    npd_nccis.send_flag,
    npd_nccis.care_leaver_flag,
    npd_nccis.supervised_yjs_flag
FROM npd_nccis
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
