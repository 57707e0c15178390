-- What happens in a family case? Applications, notices of hearings, orders, closings.
-- Steps 0-7 are applications and closings, 8-23 hearings, 24-39 the orders made at them,
-- 40-55 the last orders, 60 an application that was entered again by mistake.
CREATE OR REPLACE TEMP TABLE fm_step AS
WITH paced AS (
    SELECT *, CASE case_type WHEN 'C' THEN whole(u('hearings', case_key), 3, 6) WHEN 'P' THEN whole(u('hearings', case_key), 1, 4)
                             WHEN 'Z' THEN whole(u('hearings', case_key), 1, 2) WHEN 'F' THEN whole(u('hearings', case_key), 1, 2)
                             ELSE (u('hearings', case_key) < 0.3)::INTEGER END AS hearings,
           u('outcome', case_key) AS o, u('later', case_key) < 0.22 AS has_later, case_type IN ('C', 'P', 'Z') AS is_about_children
    FROM fm_case
), later AS (
    SELECT *, has_later AND u('withdraws', case_key) < 0.3 AS is_withdrawn, has_later AND u('reopened', case_key) < 0.25 AS is_reopened,
           started + floor((ends - started) * u('later when', case_key))::INTEGER AS later_on FROM paced
), held AS (
    SELECT *, unnest(range(hearings)) AS nth FROM later
), stepped AS (
    SELECT case_key, 0 AS n, 'U22' AS event_model, started AS received, NULL::DATE AS hearing FROM later
    UNION ALL SELECT case_key, 1, 'G50', later_on, NULL FROM later WHERE has_later
    UNION ALL SELECT case_key, 2, 'G63', least(later_on + whole(u('withdrawn', case_key), 3, 40), ends), NULL FROM later WHERE is_withdrawn
    UNION ALL SELECT case_key, 3, 'U24', ends + whole(u('closing', case_key), 0, 14), NULL FROM later WHERE u('closed', case_key) < 0.9
    UNION ALL SELECT case_key, 4, 'G62', ends + whole(u('again', case_key), 60, 300), NULL FROM later WHERE is_reopened
    UNION ALL SELECT case_key, 5, 'U24', ends + whole(u('closed again', case_key), 320, 500), NULL FROM later WHERE is_reopened AND u('stays open', case_key) < 0.6
    UNION ALL SELECT case_key, 60, 'U22', started, NULL FROM later WHERE u('twice', case_key) < 0.04
    UNION ALL SELECT case_key, 8 + nth, CASE WHEN is_about_children AND case_type <> 'Z' THEN 'C6' ELSE 'G61' END,
        started + ((ends - started) * nth // hearings)::INTEGER, started + ((ends - started) * (nth + 1) // hearings)::INTEGER FROM held
    UNION ALL SELECT case_key, 24 + nth, CASE WHEN case_type = 'C' AND u('interim', case_key * 16 + nth) < 0.5 THEN one_of(u('which interim', case_key * 16 + nth), ['C33', 'C33', 'C36', 'C23', 'C40'])
            WHEN case_type = 'F' THEN 'FL404' WHEN case_type = 'P' AND u('interim', case_key * 16 + nth) < 0.2 THEN 'C43' ELSE 'C21' END,
        started + ((ends - started) * (nth + 1) // hearings)::INTEGER, NULL FROM held WHERE nth < hearings - 1 OR case_type = 'F' AND hearings > 1
    UNION ALL SELECT case_key, 40, CASE case_type
            WHEN 'C' THEN CASE WHEN o < 0.5 THEN 'C32' WHEN o < 0.68 THEN 'C35' WHEN o < 0.8 THEN 'C43A' WHEN o < 0.9 THEN 'C43' ELSE 'ORDNOM' END
            WHEN 'P' THEN CASE WHEN o < 0.68 THEN 'C43' WHEN o < 0.72 THEN 'C45' WHEN o < 0.76 THEN 'C42' WHEN o < 0.86 THEN 'ORDNOM' WHEN o < 0.93 THEN 'ORDREF' ELSE 'G63' END
            WHEN 'Z' THEN CASE WHEN o < 0.75 THEN 'A76' WHEN o < 0.95 THEN 'A70' ELSE 'A80' END
            WHEN 'D' THEN 'DNISI' ELSE CASE WHEN o < 0.6 THEN 'FL404B' WHEN o < 0.85 THEN 'FL404' ELSE 'ORDREF' END END,
        CASE WHEN case_type = 'D' THEN ends - 45 ELSE ends END, NULL FROM later
    UNION ALL SELECT case_key, 41, CASE case_type WHEN 'D' THEN 'DABSOL' ELSE 'FL406' END, ends, NULL FROM later WHERE case_type = 'D' AND o < 0.92 OR case_type = 'F' AND o < 0.1
    UNION ALL SELECT case_key, 42, 'FINREM', ends - 5, NULL FROM later WHERE case_type = 'D' AND u('money', case_key) < 0.35
)
SELECT c.* EXCLUDE (person, head, is_second, relation, sex, dob, first_adult, second_adult), s.n, s.event_model, s.received, s.hearing, c.case_key * 64 + s.n AS k,
    s.n = 60 AS is_again, u('creating', c.case_key * 64 + s.n) < 0.004 AND case_type IN ('C', 'P') OR is_high OR is_liberty AS is_at_high_court,
    event_model IN ('U22', 'G50') AS is_application, s.n BETWEEN 24 AND 42 AND event_model NOT IN ('ORDNOM', 'ORDREF', 'G63', 'A80') AS is_order
FROM stepped AS s JOIN fm_case AS c USING (case_key)
WHERE s.received <= DATE '2021-09-20';

CREATE OR REPLACE MACRO family_event(k, court) AS court::BIGINT * 10000000000000 + number40(k);

CREATE OR REPLACE TEMP TABLE fm_event AS
SELECT *, CASE WHEN is_at_high_court THEN '254' ELSE court END AS made_at, received + (9 * u('entered', k) ^ 3)::INTEGER AS entered FROM fm_step;

CREATE OR REPLACE TEMP TABLE fm_events AS
SELECT k AS row_key, family_event(k, made_at) AS event, case_number, event_model,
    CASE WHEN u('receipt missing', k) >= 0.015 THEN received END AS receipt_date,
    CASE WHEN u('entered before', k) < 0.002 THEN received - 1 ELSE entered END AS entry_date,
    CASE WHEN u('court missing', k) >= 0.015 THEN made_at END AS creating_court,
    CASE WHEN is_again OR u('mistake', k) < 0.008 THEN 'Y' WHEN u('error missing', k) >= 0.001 THEN 'N' END AS error
FROM fm_event;

CREATE OR REPLACE TEMP TABLE fm_hearings AS
SELECT k AS row_key, family_event(k, made_at) AS event,
    CASE WHEN u('hearing type missing', k) >= 0.02 THEN CASE
        WHEN n - 8 > 0 AND u('last', k) < 0.4 THEN CASE WHEN case_type = 'C' THEN 'IRH' WHEN case_type = 'D' THEN 'FDR' ELSE 'FIN' END
        WHEN case_type = 'C' THEN CASE WHEN received < DATE '2014-04-22' THEN 'CMC' WHEN u('interim hearing', k) < 0.3 THEN 'ICH' ELSE 'CMH' END
        WHEN case_type = 'P' THEN CASE WHEN n = 8 THEN 'FHDRA' ELSE one_of(u('which hearing', k), ['DRA', 'DIR', 'FACT', 'REV']) END
        WHEN case_type = 'F' THEN CASE WHEN n = 8 THEN 'WON' ELSE 'RET' END WHEN case_type = 'D' THEN 'FDA' ELSE 'DIR' END END AS hearing_type,
    hearing AS hearing_date, CASE WHEN u('vacated', k) < 0.09 THEN 'Y' WHEN u('flag missing', k) >= 0.02 THEN 'N' END AS vacated_flag
FROM fm_event WHERE hearing IS NOT NULL;
