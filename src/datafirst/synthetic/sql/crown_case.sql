-- Which cases reach the Crown Court, and what becomes of them there? A severed case becomes two;
-- a rolled-up one comes from two cases of the magistrates' courts.
CREATE OR REPLACE TEMP TABLE crown_case AS
WITH sent AS (
    SELECT case_key, owner, slot, kind, route, mode, offence_code, offences_count, is_company, committed, ends, first_hearing, court,
           force, crown_court AS usual_court, has_rolled_up AND route = 'T' AND kind = 'adult' AS is_rolled_up,
           route = 'T' AND offences_count >= 2 AND u('severed', case_key) < 0.06 AS is_severed
    FROM case_file WHERE route <> 'N' AND NOT is_open AND crown_case_key = case_key
), parts AS (
    SELECT *, unnest(CASE WHEN is_severed THEN [0, 1] ELSE [0] END) AS part FROM sent
), keyed AS (
    SELECT *, case_key * 2 + part AS crown_key,
           committed + CASE WHEN is_rolled_up THEN 1 ELSE whole(u('received', case_key), 0, 4) END AS received
    FROM parts
), lasting AS (
    SELECT *, CASE route WHEN 'T' THEN whole(u('lasts', crown_key) ^ 1.6, 40, 520) WHEN 'S' THEN whole(u('lasts', crown_key), 14, 75)
                         ELSE whole(u('lasts', crown_key), 25, 140) END AS days,
           CASE route WHEN 'T' THEN 'T' WHEN 'S' THEN 'S' ELSE 'A' END AS case_type
    FROM keyed
)
-- Not everything of both: the other court's name would hide the choice between the two.
SELECT lasting.*, received + days AS completes, received + days > DATE '2021-09-25' AS crown_is_open,
    CASE WHEN u('transferred', case_key) < 0.03 THEN other.crown_court ELSE usual_court END AS crown_court
FROM lasting
JOIN (SELECT row_number() OVER (ORDER BY court, area) - 1 AS place, crown_court FROM courts) AS other
    ON other.place = whole(u('transferred to', case_key), 0, (SELECT count(*) FROM courts)::INTEGER - 1);

-- The part of each defendant. One in a hundred was entered twice: the first entry is obsolete.
CREATE OR REPLACE TEMP TABLE crown_defendant AS
WITH parts AS (
    SELECT c.*, a.defendant, a.defendant_slot, a.defendant_key, a.dob, a.home, a.defendant_key * 4 + part AS doc_key, false AS is_obsolete,
           row_number() OVER (PARTITION BY c.crown_key ORDER BY a.defendant_slot, a.defendant) AS defendant_number
    FROM crown_case AS c JOIN appearance AS a USING (case_key)
), entered AS (
    FROM parts
    UNION ALL
    SELECT * REPLACE (doc_key + 2 AS doc_key, true AS is_obsolete) FROM parts WHERE u('obsolete', doc_key) < 0.01
)
SELECT *, defendant * 256 + CASE WHEN NOT is_company AND u('same number', defendant_key) < 0.4
                                 THEN crown_court::INTEGER - 400 ELSE 128 + defendant_slot END AS person_key
FROM entered;

CREATE OR REPLACE TEMP TABLE xhibit_record AS
SELECT person_key + 35184372088832 AS record_key, person_key, defendant, is_company, crown_court, min(received) AS written_on,
       arg_min(home, (received, doc_key)) AS home, bool_or(NOT crown_is_open AND u('in prison', doc_key) < 0.08) AS is_in_prison
FROM crown_defendant GROUP BY ALL;

-- The counts: a severed case divides them, and the case rolled up with another adds its own.
CREATE OR REPLACE TEMP TABLE crown_offence AS
WITH gathered AS (
    SELECT c.*, o.offence_seq AS n, o.* EXCLUDE (case_key, offence_code, mode), o.offence_code AS code, o.mode AS offence_mode
    FROM crown_case AS c JOIN case_offence AS o USING (case_key)
    WHERE NOT is_severed OR o.offence_seq % 2 = 1 - part
    UNION ALL
    SELECT c.*, o.offence_seq + 8, o.* EXCLUDE (case_key, offence_code, mode), o.offence_code, o.mode
    FROM crown_case AS c JOIN case_offence AS o ON o.case_key = c.case_key + 32 WHERE is_rolled_up AND part = 0
)
SELECT *, crown_key * 16 + n AS count_key, crown_key * 2 + CASE WHEN case_type = 'T' AND offence_mode = 'S' THEN 1 ELSE 0 END AS charge_key
FROM gathered;

-- What became of each count against each defendant?
CREATE OR REPLACE TEMP TABLE crown_count AS
WITH counts AS (
    SELECT o.*, d.defendant_key, d.doc_key, d.dob, d.is_obsolete, d.doc_key * 16 + n AS k,
           u('crown plea', d.doc_key * 16 + n) AS r, u('verdict', d.doc_key * 16 + n) AS v, u('disposal', d.doc_key * 16 + n) AS s
    FROM crown_offence AS o JOIN crown_defendant AS d USING (crown_key)
), pleaded AS (
    SELECT *, CASE WHEN case_type = 'A' OR crown_is_open AND r < 0.5 THEN NULL WHEN case_type = 'S' OR r < 0.6 THEN 'G'
                   WHEN r < 0.95 THEN 'NG' WHEN r < 0.97 THEN 'GA' ELSE 'NP' END AS plea,
           case_type = 'T' AND r BETWEEN 0.6 AND 0.69 AND NOT crown_is_open AS is_changed_to_guilty
    FROM counts
), tried AS (
    SELECT *, CASE WHEN crown_is_open THEN NULL
            WHEN case_type = 'A' THEN CASE WHEN v < 0.35 THEN 'AA' WHEN v < 0.8 THEN 'AD' ELSE 'AB' END
            WHEN is_changed_to_guilty THEN 'GP' WHEN plea IN ('G', 'GA') THEN NULL
            WHEN v < 0.4 THEN 'G' WHEN v < 0.46 THEN 'GM' WHEN v < 0.5 THEN 'GL' WHEN v < 0.78 THEN 'NG' WHEN v < 0.84 THEN 'NGD'
            WHEN v < 0.842 THEN 'NGI' WHEN v < 0.86 THEN 'NV' WHEN v < 0.95 THEN 'NO' ELSE 'LF' END AS verdict
    FROM pleaded
), decided AS (
    SELECT *, coalesce(verdict IN ('G', 'GM', 'GL', 'GP'), NOT crown_is_open AND case_type <> 'A') AS is_convicted,
           row_number() OVER (PARTITION BY doc_key ORDER BY coalesce(verdict IN ('G', 'GM', 'GL', 'GP'), true) DESC, n) AS nth
    FROM tried
)
SELECT *, CASE
        WHEN crown_is_open THEN NULL
        WHEN case_type = 'A' THEN CASE verdict WHEN 'AA' THEN 'APAL' WHEN 'AD' THEN 'APDI' ELSE 'APAB' END
        WHEN NOT is_convicted THEN CASE WHEN verdict = 'LF' THEN 'LOF' ELSE 'ACQ' END
        WHEN is_company THEN 'FINE' WHEN code = 'COML025' THEN 'LIFE'
        WHEN nth > 1 AND s > 0.55 THEN 'NSP'
        WHEN dob > completes - INTERVAL 18 YEAR THEN CASE WHEN s < 0.2 THEN 'DTO' WHEN s < 0.3 THEN 'S91' ELSE 'YRO' END
        WHEN offence_group IN ('01', '02') AND s < 0.03 THEN 'EDS' WHEN offence_group IN ('01', '02') AND s > 0.996 THEN 'IPP'
        WHEN s < 0.5 THEN CASE WHEN dob > completes - INTERVAL 21 YEAR THEN 'YOI' ELSE 'IMP' END
        WHEN s < 0.74 THEN 'SSO' WHEN s < 0.88 THEN 'CO' WHEN s < 0.94 THEN 'FINE' WHEN s < 0.975 THEN 'CD'
        WHEN s < 0.985 THEN 'HOSP' WHEN s < 0.99 THEN 'HORD' ELSE 'BIND' END AS disposal
FROM decided;
