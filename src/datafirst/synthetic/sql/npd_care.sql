-- Which children did social services know, and what did young people do after 16?
CREATE OR REPLACE TEMP TABLE npd_need AS
WITH years AS (SELECT *, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, year_key AS need_key FROM npd_year WHERE is_in_need AND y >= 2008 AND g <= 11 AND u('need now', year_key) < CASE WHEN is_looked_after THEN 0.6 ELSE 0.22 END),
referred AS (SELECT *, make_date(y, 4, 10) + whole(u('referred', need_key), 0, 340) AS referral_date,
                    CASE WHEN is_on_plan OR is_looked_after THEN 'N1' ELSE one_of(u('need', need_key), ['N1', 'N1', 'N1', 'N2', 'N3', 'N4', 'N5', 'N5', 'N6', 'N7', 'N8', 'N9', 'N0']) END AS primary_need,
                    NOT is_on_plan AND NOT is_looked_after AND u('nothing', need_key) < 0.2 AS is_closed_at_once FROM years)
SELECT *, CASE WHEN is_closed_at_once THEN referral_date + whole(u('closes', need_key), 1, 20) WHEN u('closes', need_key) < 0.7 THEN referral_date + whole(u('closes', need_key), 60, 700) END AS closes
FROM referred WHERE referral_date <= DATE '2021-03-31';

CREATE OR REPLACE TEMP TABLE npd_cin AS
SELECT need_key AS row_key, number40(need_key) AS cin_id, pupil_matching_ref, academic_year, local_authority, referral_date,
    one_of(u('referrer', need_key), ['1', '2', '2', '2', '3', '3', '4', '5', '6', '6', '6', '6', '7', '8', '9', '10']) AS referral_source, primary_need, yes_no(is_closed_at_once) AS no_further_action_flag,
    CASE WHEN NOT is_closed_at_once AND referral_date + 45 <= DATE '2021-03-31' THEN referral_date + whole(u('assessed', need_key), 5, 45) END AS assessed_on,
    yes_no(primary_need = 'N2' OR u('disabled', k) < 0.06) AS disability_flag, CASE WHEN closes <= DATE '2021-03-31' THEN closes END AS closure_date,
    CASE WHEN closes <= DATE '2021-03-31' THEN CASE WHEN is_closed_at_once THEN 'RC8' ELSE one_of(u('closed why', need_key), ['RC7', 'RC7', 'RC7', 'RC7', 'RC5', 'RC3', 'RC4']) END END AS closure_reason
FROM npd_need;

CREATE OR REPLACE TEMP TABLE npd_cpp AS
WITH planned AS (
    SELECT *, referral_date + whole(u('plan', need_key), 15, 60) AS begins, row_number() OVER (PARTITION BY k ORDER BY y) - 1 AS before,
           one_of(u('abuse', need_key), ['NEG', 'NEG', 'NEG', 'EMO', 'EMO', 'EMO', 'PHY', 'SAB', 'MUL']) AS category
    FROM npd_need WHERE is_on_plan AND u('planned', need_key) < 0.5
), ended AS (
    SELECT *, begins + whole(u('plan lasts', need_key), 60, 600) AS ends FROM planned WHERE begins <= DATE '2021-03-31'
)
SELECT need_key AS row_key, number40(need_key * 2 + 1) AS plan_id, number40(need_key) AS cin_id, pupil_matching_ref, academic_year, begins AS plan_start_date, CASE WHEN ends <= DATE '2021-03-31' THEN ends END AS plan_end_date,
    category AS initial_category, CASE WHEN u('abuse later', need_key) < 0.15 THEN 'MUL' ELSE category END AS latest_category, before AS previous_plans_count,
    whole(u('visits', need_key), 2, 40) AS visits_count, yes_no(u('in time', need_key) < 0.92) AS reviewed_in_time_flag
FROM ended;

-- A stay in care is one or several episodes, each beginning when the one before ends.
CREATE OR REPLACE TEMP TABLE npd_care AS
WITH stays AS (
    SELECT *, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref,
           greatest(make_date(greatest(first_year, 2005), 10, 1), (dob + INTERVAL 5 YEAR)::DATE) + whole(u('taken into care', k), 0, 2200) AS begins
    FROM npd_life WHERE is_looked_after
), bounded AS (
    SELECT *, least(begins + whole(u('care lasts', k) ^ 1.5, 30, 2600), (dob + INTERVAL 18 YEAR)::DATE, DATE '2021-03-31') AS ends, whole(u('episodes', k) ^ 2, 1, 6) AS episodes FROM stays
)
SELECT * FROM bounded WHERE ends >= begins + 30;

CREATE OR REPLACE TEMP TABLE npd_cla_episode AS
WITH parts AS (
    SELECT *, unnest(range(episodes))::INTEGER AS n FROM npd_care
), dated AS (
    SELECT *, k * 16 + n AS episode_key, begins + floor((ends - begins) * n / episodes)::INTEGER AS starts, begins + floor((ends - begins) * (n + 1) / episodes)::INTEGER AS stops FROM parts
), placed AS (
    SELECT *, stops = DATE '2021-03-31' AS is_open, starts > dob + INTERVAL 10 YEAR AND harder = 1 AND u('on remand', episode_key) < 0.06 AS is_remand FROM dated
)
SELECT episode_key AS row_key, number40(episode_key) AS episode_id, pupil_matching_ref, academic_year((year(starts) - CASE WHEN month(starts) < 9 THEN 1 ELSE 0 END)::INTEGER) AS academic_year,
    starts AS episode_start_date, CASE WHEN NOT is_open THEN stops END AS episode_end_date,
    CASE WHEN n = 0 THEN 'S' ELSE one_of(u('begins why', episode_key), ['P', 'P', 'P', 'L', 'T', 'B']) END AS begin_reason,
    CASE WHEN is_open THEN NULL WHEN n < episodes - 1 THEN 'X1' ELSE one_of(u('ends why', episode_key), ['E4A', 'E4A', 'E4B', 'E5', 'E6', 'E7', 'E8', 'E43']) END AS end_reason,
    CASE WHEN is_remand THEN 'J1' ELSE one_of(u('legal status', episode_key), ['C2', 'C2', 'C2', 'V2', 'V2', 'C1', 'E1', 'L2']) END AS legal_status,
    CASE WHEN is_remand THEN one_of(u('placement', episode_key), ['K1', 'R5']) ELSE one_of(u('placement', episode_key), ['U6', 'U6', 'U4', 'U4', 'U3', 'U1', 'K2', 'P1', 'H5', 'S1', 'T0']) END AS placement,
    CASE WHEN u('location', episode_key) >= 0.05 THEN CASE WHEN u('location', episode_key) < 0.6 THEN 'IN' ELSE 'OUT' END END AS placement_location,
    CASE WHEN is_alone THEN 'N8' ELSE one_of(u('care need', k), ['N1', 'N1', 'N1', 'N1', 'N5', 'N4', 'N6', 'N2']) END AS primary_need
FROM placed;

CREATE OR REPLACE TEMP TABLE npd_cla AS
WITH years AS (
    SELECT *, unnest(range((year(begins) - CASE WHEN month(begins) < 4 THEN 1 ELSE 0 END), (year(ends) - CASE WHEN month(ends) < 4 THEN 1 ELSE 0 END) + 1)) AS y FROM npd_care
)
SELECT k * 64 + y - 2000 AS row_key, pupil_matching_ref, academic_year(y) AS academic_year, local_authority, yes_no(is_alone) AS uasc_flag,
    yes_no(u('health', k * 64 + y) < 0.88) AS health_check_flag, yes_no(u('teeth', k * 64 + y) < 0.82) AS dental_check_flag, yes_no(u('vaccines', k * 64 + y) < 0.86) AS immunised_flag,
    CASE WHEN u('sdq missing', k * 64 + y) >= 0.25 THEN whole(u('sdq', k * 64 + y), 2, 32) END AS sdq_score, yes_no(u('substance', k * 64 + y) < 0.02 + 0.1 * harder) AS substance_flag,
    CASE WHEN u('missing', k * 64 + y) < 0.15 THEN whole(u('times', k * 64 + y) ^ 3, 1, 30) ELSE 0 END AS missing_count, whole(u('placements', k * 64 + y) ^ 3, 1, 6) AS placements_count
FROM years;

CREATE OR REPLACE TEMP TABLE npd_nccis AS
WITH years AS (
    SELECT *, unnest([12, 13])::INTEGER AS g FROM npd_life WHERE reception + 13 >= 2008 AND last_year - reception >= 11
), doing AS (
    SELECT *, reception + g AS y, k * 16 + g AS key, u('activity', k * 16 + g) AS r FROM years
), done AS (
    SELECT *, CASE WHEN stays_on THEN CASE WHEN r < 0.8 THEN '210' ELSE '220' END
                   WHEN r < 0.4 THEN '230' WHEN r < 0.52 THEN '310' WHEN r < 0.64 - 0.05 * harder THEN '340' WHEN r < 0.7 - 0.05 * harder THEN '320' WHEN r < 0.74 - 0.05 * harder THEN '380'
                   WHEN r < 0.745 - 0.05 * harder THEN '250' WHEN r < 0.88 THEN '540' WHEN r < 0.9 THEN '610' WHEN r < 0.92 THEN '620' WHEN r < 0.93 THEN '630' WHEN r < 0.94 AND harder = 1 THEN '510'
                   ELSE '810' END AS activity
    FROM doing WHERE y BETWEEN 2008 AND 2020
)
SELECT key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year(y) AS academic_year, local_authority, activity,
    CASE WHEN activity <> '810' THEN make_date(y::INTEGER, 9, 1) + whole(u('since', key) ^ 2, 0, 90) END AS activity_from, yes_no(activity IN ('540', '610', '620', '630')) AS neet_flag,
    CASE WHEN activity = '540' THEN one_of(u('why not', key), ['SEEK', 'SEEK', 'SEEK', 'NOT']) WHEN activity = '610' THEN 'ILL' WHEN activity = '620' THEN one_of(u('why not', key), ['PAR', 'CAR', 'PRG']) END AS neet_reason,
    CASE WHEN g = 12 THEN one_of(u('guarantee', key), ['OFF', 'OFF', 'OFF', 'OFF', 'OFF', 'OFF', 'NOF', 'REF']) ELSE 'NA' END AS guarantee, yes_no(sen_level = 'high') AS send_flag,
    yes_no(is_looked_after AND u('care leaver', k) < 0.6) AS care_leaver_flag, yes_no(harder = 1 AND u('supervised', key) < 0.12) AS supervised_yjs_flag
FROM done;
