-- One row per plan.
SELECT
    npd_cpp._row,
    learner.unique_id,
    npd_cpp.plan_id,
    npd_cpp.cin_id,
    npd_cpp.pupil_matching_ref,
    npd_cpp.academic_year,
    npd_cpp.plan_start_date,
    npd_cpp.plan_end_date,
    npd_cpp.initial_category,
    npd_cpp.latest_category,
    npd_cpp.previous_plans_count,
    npd_cpp.visits_count,
    npd_cpp.reviewed_in_time_flag,
    age_at(learner.date_of_birth, npd_cpp.plan_start_date) AS age
FROM npd_cpp
LEFT JOIN moj_dfe.learner AS learner USING (pupil_matching_ref)
