-- One row per event: who, for what, with what sentence, and what became of it.
WITH
releases AS (
    SELECT
        custody.disposal_id,
        count(*) AS release_count,
        min(released.actual_release_date) AS first_release_date,
        max(released.actual_release_date) AS last_release_date,
        arg_max(kind.description, {'date': released.actual_release_date, 'number': release_id})
            AS last_release_type_desc
    FROM delius_release AS released
    INNER JOIN delius_custody AS custody USING (custody_id)
    LEFT JOIN delius_r_release_type AS kind USING (release_type_id)
    GROUP BY custody.disposal_id
),

recalls AS (
    SELECT
        custody.disposal_id,
        count(*) AS recall_count,
        min(recall.recall_date) AS first_recall_date,
        max(recall.recall_date) AS last_recall_date,
        arg_max(reason.description, {'date': recall.recall_date, 'number': recall_id})
            AS last_recall_reason_desc
    FROM delius_recall AS recall
    INNER JOIN delius_release AS released USING (release_id)
    INNER JOIN delius_custody AS custody USING (custody_id)
    LEFT JOIN delius_r_recall_reason AS reason USING (recall_reason_id)
    GROUP BY custody.disposal_id
),

rqmnts AS (
    SELECT
        event_id_hash AS event_id,
        count(*) AS rqmnts_count,
        sum(length) FILTER (WHERE rqmnt_type_main_category_code = 'W' AND length_units = 'H')
            AS unpaid_work_hours,
        sum(length) FILTER (WHERE rqmnt_type_main_category_code = 'F' AND length_units = 'D')
            AS rar_days
    FROM probation.rqmnts
    GROUP BY event_id_hash
),

conditions AS (
    SELECT event_id_hash AS event_id, count(*) AS lic_conditions_count
    FROM probation.lic_conditions
    GROUP BY event_id_hash
),

supervision AS (
    SELECT event_id_hash AS event_id, count(*) AS pss_rqmnts_count
    FROM probation.pss_rqmnts
    GROUP BY event_id_hash
),

reports AS (
    SELECT event_id_hash AS event_id, count(*) AS court_reports_count
    FROM probation.court_reports
    GROUP BY event_id_hash
),

appearances AS (
    SELECT event_id, count(*) AS appearances_count
    FROM delius_court_appearance
    GROUP BY event_id
),

aged AS (
    SELECT
        *,
        age_at(date_of_birth_date, offence_date) AS at_offence,
        age_at(date_of_birth_date, referral_date) AS at_referral,
        age_at(date_of_birth_date, disposal_date) AS at_disposal
    FROM probation.event
)

SELECT
    event._row,
    event.offender_row AS _record,
    'probation/' || event.event_id AS record_id,
    event.estimated_offender_id,
    event.event_id AS event_id_hash,
    event.offender_id AS offender_id_hash,
    event.event_number,
    CASE WHEN event.gender_code IN ('F', 'M') THEN event.gender_code END AS gender,
    CASE
        WHEN event.ethnicity_code IN ('ETH03', 'Z1') OR trim(event.ethnicity_description) = '' THEN NULL
        WHEN event.ethnicity_code = 'NS' THEN 'Not stated'
        WHEN event.ethnicity_code IN ('A4', 'O1') THEN 'Asian or Asian British: Chinese'
        ELSE regexp_replace(event.ethnicity_description, '\s*:\s*', ': ')
    END AS ethnicity_desc,
    event.nationality_code AS nationality_group,
    -- Nobody is prosecuted under 10: a younger one is a mistyped date.
    CASE WHEN event.at_offence >= 10 THEN event.at_offence END AS age_at_offence,
    CASE WHEN event.at_referral >= 10 THEN event.at_referral END AS age_at_referral,
    CASE WHEN event.at_disposal >= 10 THEN event.at_disposal END AS age_at_disposal,
    event.lsoa11_code AS lsoa_residence,
    event.no_fixed_abode,
    event.probation_area_desc,
    CASE event.probation_area_code[1:1]
        WHEN 'T' THEN 'TRUST'
        WHEN 'N' THEN 'NPS'
        WHEN 'C' THEN 'CRC'
        WHEN 'R' THEN 'REGION'
        WHEN 'P' THEN 'PRISON'
        WHEN 'X' THEN 'OTHER'
    END AS probation_area_era,
    event.referral_date,
    event.conviction_date,
    event.active_flag,
    event.in_breach,
    event.breach_end,
    court.court_type,
    court.magistrates_court_code,
    court.crown_court_code,
    coalesce(appearances.appearances_count, 0) AS appearances_count,
    offence.code AS mo_code,
    offence.main_category_code AS mo_category_code,
    offence.main_category_description AS mo_category_description,
    offence.sub_category_code AS mo_sub_category_code,
    offence.ogrs_offence_category,
    event.offence_date,
    event.offence_count,
    event.tics,
    event.verdict,
    CASE WHEN event.disposal_id IS NULL THEN 0 ELSE 1 END AS disposals_count,
    kind.code AS disposal_type_code,
    kind.description AS disposal_type_description,
    kind.sentence_type,
    kind.cja2003,
    kind.pre_cja2003,
    event.disposal_date,
    event.length,
    event.length_2,
    event.entry_length,
    event.entry_length_units,
    event.length_in_days,
    event.effective_length,
    event.notional_end_date,
    event.entered_notional_end_date,
    event.termination_date AS disposal_termination_date,
    ended.description AS disposal_termination_reason_desc,
    status.description AS custodial_status_desc,
    custody.pss_start_date,
    coalesce(releases.release_count, 0) AS release_count,
    releases.first_release_date,
    releases.last_release_date,
    releases.last_release_type_desc,
    coalesce(recalls.recall_count, 0) AS recall_count,
    recalls.first_recall_date,
    recalls.last_recall_date,
    recalls.last_recall_reason_desc,
    coalesce(rqmnts.rqmnts_count, 0) AS rqmnts_count,
    coalesce(conditions.lic_conditions_count, 0) AS lic_conditions_count,
    coalesce(supervision.pss_rqmnts_count, 0) AS pss_rqmnts_count,
    coalesce(reports.court_reports_count, 0) AS court_reports_count,
    rqmnts.unpaid_work_hours,
    rqmnts.rar_days,
    event.referral_date - event.offence_date AS days_offence_to_referral,
    event.disposal_date - event.referral_date AS days_referral_to_disposal,
    event.termination_date - event.disposal_date AS days_disposal_to_termination,
    recalls.first_recall_date - releases.first_release_date AS days_first_release_to_recall
FROM aged AS event
LEFT JOIN delius_r_court AS court USING (court_id)
LEFT JOIN delius_r_offence AS offence USING (offence_id)
LEFT JOIN delius_r_disposal_type AS kind USING (disposal_type_id)
LEFT JOIN delius_r_disposal_term_reason AS ended USING (disposal_termination_reason_id)
LEFT JOIN delius_custody AS custody ON event.disposal_id = custody.disposal_id
LEFT JOIN delius_r_custodial_status AS status USING (custodial_status_id)
LEFT JOIN releases ON event.disposal_id = releases.disposal_id
LEFT JOIN recalls ON event.disposal_id = recalls.disposal_id
LEFT JOIN rqmnts ON event.event_id = rqmnts.event_id
LEFT JOIN conditions ON event.event_id = conditions.event_id
LEFT JOIN supervision ON event.event_id = supervision.event_id
LEFT JOIN reports ON event.event_id = reports.event_id
LEFT JOIN appearances ON event.event_id = appearances.event_id
