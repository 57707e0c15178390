-- One row per requirement of post-sentence supervision.
SELECT
    rqmnt._row,
    event.estimated_offender_id,
    event.event_id AS event_id_hash,
    rqmnt.pss_rqmnt_id AS pss_rqmnt_id_hash,
    main.code AS pss_rqmnt_type_main_cat_code,
    main.description AS pss_rqmnt_type_main_cat_desc,
    sub.code AS pss_rqmnt_type_sub_cat_code,
    sub.description AS pss_rqmnt_type_sub_cat_desc,
    rqmnt.start_date AS pss_rqmnt_start_date,
    rqmnt.commencement_date AS pss_rqmnt_commencement_date,
    rqmnt.expected_end_date AS pss_rqmnt_expected_end_date,
    rqmnt.termination_date AS pss_rqmnt_termination_date,
    ended.description AS pss_rqmnt_term_reason_desc,
    rqmnt.active_flag,
    event.probation_area_desc,
    rqmnt.commencement_date - rqmnt.start_date AS days_start_to_commencement,
    rqmnt.termination_date - rqmnt.start_date AS days_start_to_termination
FROM delius_pss_rqmnt AS rqmnt
INNER JOIN delius_custody AS custody USING (custody_id)
INNER JOIN probation.event AS event ON custody.disposal_id = event.disposal_id
LEFT JOIN delius_r_pss_main_cat AS main USING (pss_rqmnt_type_main_cat_id)
LEFT JOIN delius_r_pss_sub_cat AS sub USING (pss_rqmnt_type_sub_cat_id)
LEFT JOIN delius_r_pss_term_reason AS ended USING (pss_rqmnt_term_reason_id)
