-- One row per licence condition.
SELECT
    condition._row,
    event.estimated_offender_id,
    event.event_id AS event_id_hash,
    condition.lic_condition_id AS lic_condition_id_hash,
    main.code AS lic_cond_type_main_cat_code,
    main.description AS lic_cond_type_main_cat_desc,
    sub.code AS lic_cond_type_sub_cat_code,
    sub.description AS lic_cond_type_sub_cat_desc,
    condition.start_date AS lic_condition_start_date,
    condition.commencement_date AS lic_condition_commencement_date,
    condition.expected_end_date AS lic_condition_expected_end_date,
    condition.termination_date AS lic_condition_termination_date,
    ended.description AS lic_cond_term_reason_desc,
    condition.active_flag,
    event.probation_area_desc,
    condition.commencement_date - condition.start_date AS days_start_to_commencement,
    condition.termination_date - condition.start_date AS days_start_to_termination
FROM delius_lic_condition AS condition
INNER JOIN probation.event AS event USING (disposal_id)
LEFT JOIN delius_r_lic_cond_main_cat AS main USING (lic_cond_type_main_cat_id)
LEFT JOIN delius_r_lic_cond_sub_cat AS sub USING (lic_cond_type_sub_cat_id)
LEFT JOIN delius_r_lic_term_reason AS ended USING (lic_cond_term_reason_id)
