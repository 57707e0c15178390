-- How does Delius hold events, offences, disposals and custody?
CREATE OR REPLACE TEMP TABLE delius_event AS
WITH placed AS (
    SELECT s.*, sentence_key AS k, ends_on <= DATE '2021-09-25' AS is_ended,
           -- Not the real map: a district of the post has one organisation of each era.
           hash(home_area) AS place, coalesce(CASE WHEN ends_on <= DATE '2021-09-25' THEN ends_on + 30 END, DATE '2021-09-28') AS moved_last,
           row_number() OVER (PARTITION BY offender_key ORDER BY referred_on, sentence_key) AS number
    FROM delius_sentence AS s
)
SELECT k AS row_key, number40(k) AS event_id, number40(offender_key) AS offender_id, number::VARCHAR AS event_number, referred_on AS referral_date,
    CASE WHEN u('conviction missing', k) < 0.05 THEN NULL WHEN u('conviction missing', k) < 0.053 THEN DATE '1900-01-01' ELSE convicted_on END AS conviction_date,
    CASE WHEN is_ended THEN 0 ELSE 1 END AS active_flag,
    CASE WHEN u('breach missing', k) >= 0.03 THEN (NOT is_ended AND u('breach', k) < 0.12)::INTEGER END AS in_breach,
    CASE WHEN is_ended AND u('breach', k) < 0.15 AND ends_on > sentenced_on + 30 THEN sentenced_on + floor((ends_on - sentenced_on) * u('breach ended', k))::INTEGER END AS breach_end,
    CASE WHEN u('court missing', k) >= 0.02 THEN delius_id('court', CASE court_level WHEN 'C' THEN 'C' || crown_court ELSE 'M' || court_code END) END AS court_id,
    CASE WHEN u('area', k) >= 0.01 THEN delius_id('probation_area', CASE
            WHEN u('area', k) < 0.014 THEN 'X04' WHEN u('area', k) < 0.017 THEN 'X' || lpad(whole(u('outside', k), 1, 5)::VARCHAR, 2, '0')
            WHEN is_custodial AND NOT is_ended AND release_on > DATE '2021-09-25' AND u('in prison', k) < 0.5 THEN 'P' || lpad(whole(u('prison area', k), 1, 12)::VARCHAR, 2, '0')
            WHEN moved_last < DATE '2014-06-01' THEN 'T' || lpad(whole(u('trust', place), 1, 35)::VARCHAR, 2, '0')
            WHEN moved_last >= DATE '2021-06-26' THEN 'R' || lpad(whole(u('region', place), 1, 12)::VARCHAR, 2, '0')
            -- The National Probation Service kept those of high risk.
            WHEN is_custodial AND custodial_days >= 730 OR offence_group IN ('01', '02') THEN 'N' || lpad(whole(u('division', place), 1, 7)::VARCHAR, 2, '0')
            ELSE 'C' || lpad(whole(u('company', place), 1, 21)::VARCHAR, 2, '0') END) END AS probation_area_id,
    (u('deleted event', k) < 0.008)::INTEGER AS soft_deleted
FROM placed;

-- A disposal or offence that was entered wrongly is deleted, or stays beside the right one.
CREATE OR REPLACE TEMP TABLE delius_main_offence AS
WITH entered AS (
    SELECT sentence_key AS k, sentence_key AS row_key, 0 AS earlier, * FROM delius_sentence
    UNION ALL
    SELECT sentence_key, sentence_key + 4, 1, * FROM delius_sentence WHERE u('offence again', sentence_key) < 0.01
)
SELECT row_key, number40(xor(k, 11)) - earlier AS main_offence_id, number40(k) AS event_id, delius_id('offence', ho_class || ho_subclass) AS offence_id,
    CASE WHEN u('offence date', k) < 0.02 THEN NULL WHEN u('offence date', k) < 0.022 THEN DATE '1900-01-01' WHEN u('offence date', k) < 0.024 THEN DATE '1970-01-01'
         WHEN u('offence date', k) < 0.027 THEN (offended_on - to_years(one_of(u('which year', k), [100, 40, 30, 20])))::DATE
         WHEN u('offence date', k) < 0.029 THEN (offended_on + to_years(one_of(u('which year', k), [1, 10, 30, 90])))::DATE ELSE offended_on END AS offence_date,
    CASE WHEN u('count missing', k) >= 0.02 THEN 1 + floor(-ln(1 - u('count', k) * 0.99) * 0.8)::INTEGER END AS offence_count,
    CASE WHEN u('tics missing', k) < 0.3 THEN NULL WHEN u('tics', k) < 0.01 THEN whole(u('tics', k) * 100, 1, 20) ELSE 0 END AS tics,
    CASE WHEN u('verdict missing', k) >= 0.2 THEN one_of(u('which verdict', k), ['PLEADED GUILTY', 'PLEADED GUILTY', 'PLEADED GUILTY', 'GUILTY', 'PROVED']) END AS verdict,
    CASE WHEN earlier = 1 THEN (u('offence again', k) < 0.007)::INTEGER ELSE 0 END AS soft_deleted
FROM entered;

CREATE OR REPLACE TEMP TABLE delius_disposal AS
WITH entered AS (
    SELECT sentence_key AS k, sentence_key AS row_key, 0 AS earlier, * FROM delius_sentence
    UNION ALL
    SELECT sentence_key, sentence_key + 4, 1, * FROM delius_sentence WHERE u('disposal again', sentence_key) < 0.012
), typed AS (
    SELECT *, ends_on <= DATE '2021-09-25' AS is_ended, sentenced_on >= DATE '2015-02-01' AS is_ora,
           CASE WHEN is_custodial THEN custodial_days WHEN kind = 'suspended' THEN coalesce(suspended_days, 365) ELSE coalesce(order_days, 365) END AS days
    FROM entered
)
SELECT row_key, number40(xor(k, 13)) - earlier AS disposal_id, number40(k) AS event_id,
    delius_id('disposal_type', CASE WHEN kind = 'community' THEN CASE WHEN is_ora THEN 'CO' ELSE 'COP' END
        WHEN kind = 'suspended' THEN CASE WHEN is_ora THEN 'SSO' ELSE 'SSOP' END WHEN kind = 'youth_community' THEN 'YRO' WHEN kind = 'life' THEN 'LIFE'
        WHEN result_code IN ('EDS', 'IPP', 'DTO') THEN result_code WHEN result_code = 'YOI' THEN CASE WHEN has_pss THEN 'YOI' ELSE 'YOIP' END
        WHEN has_pss THEN 'ORA' ELSE 'ADI' END) AS disposal_type_id,
    CASE WHEN u('disposal date', k) < 0.002 THEN DATE '1900-01-01' WHEN u('disposal date', k) < 0.004 THEN DATE '1970-01-01' ELSE sentenced_on END AS disposal_date,
    CASE WHEN kind <> 'life' THEN round(days / 30.4375)::INTEGER END AS length, CASE WHEN kind = 'suspended' THEN round(coalesce(suspended_days, 365) / 30.4375)::INTEGER END AS length_2,
    CASE WHEN kind = 'life' THEN NULL WHEN days % 7 = 0 AND days < 200 THEN days // 7 ELSE round(days / 30.4375)::INTEGER END AS entry_length,
    CASE WHEN kind = 'life' THEN NULL WHEN days % 7 = 0 AND days < 200 THEN 'W' ELSE 'M' END AS entry_length_units,
    CASE WHEN kind <> 'life' THEN days END AS length_in_days,
    CASE WHEN is_custodial AND kind <> 'life' AND u('effective', k) < 0.8 THEN greatest(0, days - CASE WHEN u('effective', k) < 0.2 THEN whole(u('remand days', k), 5, 120) ELSE 0 END) END AS effective_length,
    CASE WHEN runs_to < DATE '2099-01-01' THEN runs_to END AS notional_end_date, CASE WHEN u('entered end', k) < 0.1 AND runs_to < DATE '2099-01-01' THEN runs_to + whole(u('entered end', k) * 10, -7, 7) END AS entered_notional_end_date,
    CASE WHEN is_ended THEN ends_on END AS termination_date,
    CASE WHEN is_ended AND u('reason missing', k) >= 0.01 THEN delius_id('disposal_term_reason', CASE WHEN ends_on = runs_to THEN one_of(u('reason', k), ['E', 'E', 'E', 'O'])
        ELSE one_of(u('reason', k), ['R', 'R', 'RF', 'RF', 'RG', 'C', 'C', 'T', 'D']) END) END AS disposal_termination_reason_id,
    CASE WHEN earlier = 1 THEN (u('disposal again', k) < 0.008)::INTEGER ELSE (u('deleted disposal', k) < 0.006)::INTEGER END AS soft_deleted
FROM typed;

CREATE OR REPLACE TEMP TABLE delius_custody AS
WITH last_step AS (
    SELECT sentence_key, max(n) AS outs, arg_max(back_on IS NOT NULL, n) AS is_back FROM delius_custody_step GROUP BY sentence_key
)
SELECT s.sentence_key AS row_key, number40(xor(s.sentence_key, 17)) AS custody_id, number40(xor(s.sentence_key, 13)) AS disposal_id,
    delius_id('custodial_status', CASE WHEN ends_on <= DATE '2021-09-25' THEN 'T' WHEN outs IS NULL THEN CASE WHEN licence_ends IS NULL THEN 'I' ELSE one_of(u('status', s.sentence_key), ['A', 'D']) END
        WHEN is_back AND (licence_ends IS NULL OR licence_ends > DATE '2021-09-25') THEN 'C' WHEN has_pss AND pss_from <= DATE '2021-09-25' THEN 'P' ELSE 'B' END) AS custodial_status_id,
    CASE WHEN has_pss AND pss_from <= DATE '2021-09-25' THEN pss_from END AS pss_start_date,
    CASE WHEN u('booking', s.sentence_key) < 0.8 THEN chr(65 + whole(u('booking letter', s.sentence_key), 0, 25)) || lpad((number33(s.sentence_key) % 100000)::VARCHAR, 5, '0') END AS prisoner_number,
    (u('deleted custody', s.sentence_key) < 0.003)::INTEGER AS soft_deleted
FROM delius_sentence AS s LEFT JOIN last_step AS l USING (sentence_key) WHERE is_custodial;

CREATE OR REPLACE TEMP TABLE delius_release AS
SELECT step_key AS row_key, number40(step_key) AS release_id, number40(xor(sentence_key, 17)) AS custody_id, out_on AS actual_release_date,
    delius_id('release_type', CASE WHEN is_fixed THEN 'FTR' WHEN n > 1 THEN 'STR' WHEN kind = 'life' THEN 'LIF' ELSE 'ADL' END) AS release_type_id,
    (u('deleted release', step_key) < 0.003)::INTEGER AS soft_deleted
FROM delius_custody_step;

CREATE OR REPLACE TEMP TABLE delius_recall AS
SELECT step_key AS row_key, number40(xor(step_key, 19)) AS recall_id, number40(step_key) AS release_id, back_on AS recall_date,
    CASE WHEN u('recall reason missing', step_key) >= 0.01 THEN delius_id('recall_reason', one_of(u('recall reason', step_key), ['NN', 'FA', 'FA', 'FA', 'BC', 'OT', 'OT', 'DR', 'PB', 'HD'])) END AS recall_reason_id,
    (u('deleted recall', step_key) < 0.01)::INTEGER AS soft_deleted
FROM delius_custody_step WHERE back_on IS NOT NULL;
