-- One row per requirement of a community order or suspended sentence.
SELECT
    rqmnt._row,
    event.estimated_offender_id,
    event.event_id AS event_id_hash,
    rqmnt.rqmnt_id AS rqmnt_id_hash,
    main.code AS rqmnt_type_main_category_code,
    main.description AS rqmnt_type_main_category_desc,
    sub.code AS rqmnt_type_sub_category_code,
    sub.description AS rqmnt_type_sub_category_desc,
    rqmnt.start_date AS rqmnt_start_date,
    rqmnt.commencement_date AS rqmnt_commencement_date,
    rqmnt.expected_start_date AS rqmnt_expected_start_date,
    rqmnt.expected_end_date AS rqmnt_expected_end_date,
    rqmnt.termination_date AS rqmnt_termination_date,
    ended.description AS rqmnt_termination_reason_desc,
    rqmnt.length,
    rqmnt.length_units,
    rqmnt.rar_count,
    rqmnt.active_flag,
    event.probation_area_desc,
    CASE WHEN ended.code IN ('C', 'E', 'H') THEN 'Y' WHEN ended.code IS NOT NULL THEN 'N' END
        AS completed_flag,
    rqmnt.commencement_date - rqmnt.start_date AS days_start_to_commencement,
    rqmnt.termination_date - rqmnt.start_date AS days_start_to_termination
FROM delius_rqmnt AS rqmnt
INNER JOIN probation.event AS event USING (disposal_id)
LEFT JOIN delius_r_rqmnt_main_category AS main USING (rqmnt_type_main_category_id)
LEFT JOIN delius_r_rqmnt_sub_category AS sub USING (rqmnt_type_sub_category_id)
LEFT JOIN delius_r_rqmnt_term_reason AS ended USING (rqmnt_termination_reason_id)
