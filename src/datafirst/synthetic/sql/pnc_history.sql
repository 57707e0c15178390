-- What do the police put on the PNC? Cases for recordable offences, which the papers of a single
-- magistrate and breaches are not, and cautions that never reach a court.
CREATE OR REPLACE TEMP TABLE pnc_event AS
WITH tried AS (
    SELECT a.defendant_key * 2 AS event_key, a.defendant, a.defendant_key, a.case_key, a.crown_case_key, a.offence_code, offence_group,
           coalesce(arrested, initiated) AS event_on, CASE WHEN is_charge AND initiated <= DATE '2021-09-20' THEN initiated END AS charged_on, force, court, a.is_open,
           CASE WHEN is_charge THEN 'A' WHEN coalesce(arrested, initiated) >= DATE '2012-11-12' AND u('volunteers', a.defendant_key) < 0.3 THEN 'V' ELSE 'S' END AS stage
    FROM appearance AS a JOIN human AS h ON h.person = a.defendant AND NOT a.is_company
    WHERE h.pnc IS NOT NULL AND kind <> 'sjp' AND offence_group <> '13' AND coalesce(arrested, initiated) <= DATE '2021-09-20'
), warned AS (
    SELECT person, dob, home_area, offending_from, offending_days,
           unnest(range(CASE WHEN u('cautions', person) < 0.1 THEN 2 WHEN u('cautions', person) < 0.45 THEN 1 ELSE 0 END))::INTEGER AS n
    FROM human WHERE pnc IS NOT NULL
), dated AS (
    SELECT *, person * 128 + n AS k,
           least(DATE '2021-08-20', offending_from + floor(0.6 * offending_days * u('caution day', person * 128 + n))::INTEGER) AS event_on
    FROM warned
), admitted AS (
    SELECT d.*, w.item AS offence_code, o.offence_group, o.mode
    FROM dated AS d
    JOIN offence_wheel AS w ON w.slot = whole(u('caution offence', k), 0, 16383)
        AND w.kind = CASE WHEN event_on < dob + INTERVAL 18 YEAR THEN 'youth' ELSE 'adult' END
    JOIN offences AS o ON o.offence_code = w.item
), policed AS (
    -- The force of the first court of the area where they live.
    SELECT a.*, f.force FROM admitted AS a
    JOIN (SELECT area, min(force) AS force FROM courts GROUP BY area) AS f ON f.area = a.home_area
    WHERE a.mode <> 'I' AND a.offence_group NOT IN ('12', '13') AND a.event_on >= a.dob + INTERVAL 10 YEAR
)
FROM tried
UNION ALL
SELECT k * 2 + 1, person, NULL, NULL, NULL, offence_code, offence_group, event_on, NULL, force, NULL, false,
       CASE WHEN u('caution arrest', k) < 0.75 THEN 'A' ELSE 'C' END
FROM policed;

CREATE OR REPLACE TEMP TABLE pnc_known AS
SELECT defendant, min(event_on) AS created_on, max(event_on) AS last_event_on, count(*) AS events_count,
       arg_min(force, (event_on, event_key)) AS owner_force, arg_min(event_key, (event_on, event_key)) AS first_event
FROM pnc_event GROUP BY ALL;

-- The address is that of the first arrest. Most were then still in the home that their school knew,
-- and of the rest the police keep the address of the family.
CREATE OR REPLACE TEMP TABLE pnc_record AS
SELECT 6 * 144115188075855872 + k.defendant AS record_key, k.defendant, false AS is_company, k.created_on AS written_on,
       home_on(h.home_key, h.tenure_days, CASE WHEN u('family home', k.defendant) < 0.95 THEN coalesce(l.written_on, k.created_on) ELSE k.created_on END) AS home
FROM pnc_known AS k JOIN human AS h ON h.person = k.defendant
LEFT JOIN npd_learner AS l ON l.person = k.defendant;
