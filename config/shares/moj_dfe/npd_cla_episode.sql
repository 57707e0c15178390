-- One row per episode.
SELECT
    npd_cla_episode._row,
    learner.unique_id,
    npd_cla_episode.episode_id,
    npd_cla_episode.pupil_matching_ref,
    npd_cla_episode.academic_year,
    npd_cla_episode.episode_start_date,
    npd_cla_episode.episode_end_date,
    npd_cla_episode.begin_reason,
    npd_cla_episode.end_reason,
    npd_cla_episode.legal_status,
    npd_cla_episode.placement,
    npd_cla_episode.placement_location,
    npd_cla_episode.primary_need,
    age_at(learner.date_of_birth, npd_cla_episode.episode_start_date) AS age
FROM npd_cla_episode
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
