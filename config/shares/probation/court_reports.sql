-- One row per report that a court asked for.
SELECT
    report._row,
    event.estimated_offender_id,
    event.event_id AS event_id_hash,
    report.court_report_id AS court_report_id_hash,
    report.court_appearance_id AS court_appearance_id_hash,
    requested.code AS court_report_type_code,
    requested.description AS court_report_type_desc,
    delivered.code AS delivered_court_report_type_code,
    delivered.description AS delivered_court_report_type_desc,
    report.date_requested,
    report.date_required,
    report.completed_date,
    report.sent_to_court_date,
    report.punishment,
    report.reduction_of_crime,
    report.public_protection,
    report.reparation,
    report.recommendations_not_stated,
    appearance.appearance_date,
    outcome.description AS outcome_desc,
    plea.description AS plea_desc,
    remand.description AS remand_status_desc,
    event.probation_area_desc,
    report.completed_date - report.date_requested AS days_requested_to_completed,
    CASE
        WHEN report.completed_date <= report.date_required THEN 'Y'
        WHEN report.completed_date > report.date_required THEN 'N'
    END AS completed_in_time_flag
FROM delius_court_report AS report
INNER JOIN delius_court_appearance AS appearance USING (court_appearance_id)
INNER JOIN probation.event AS event USING (event_id)
LEFT JOIN delius_r_report_type AS requested USING (court_report_type_id)
LEFT JOIN delius_r_delivered_type AS delivered USING (delivered_court_report_type_id)
LEFT JOIN delius_r_court_outcome AS outcome USING (outcome_id)
LEFT JOIN delius_r_plea AS plea USING (plea_id)
LEFT JOIN delius_r_remand_status AS remand USING (remand_status_id)
