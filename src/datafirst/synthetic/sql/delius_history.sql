-- Whom does probation supervise, from when to when? One event for each sentence that it carries out:
-- orders in the community, and custody that a licence follows.
CREATE OR REPLACE TEMP TABLE delius_sentence AS
WITH imprisoned AS (
    -- The prison counts what it counts: the days on remand, curfew, other sentences served with this one.
    SELECT p.period_key AS sentence_key, booking_key, p.sed,
           coalesce(b.ends, greatest(p.crd, DATE '2021-09-26'), DATE '2099-12-31') AS release_on
    FROM nomis_period AS p JOIN (SELECT booking_key, ends FROM first_booking) AS b USING (booking_key)
), dated AS (
    -- Children are held elsewhere, and serve half.
    SELECT s.*, h.home_key, h.tenure_days, h.home_area, h.dob, booking_key, kind IN ('custody', 'life', 'youth_custody') AS is_custodial,
           CASE WHEN kind IN ('custody', 'life', 'youth_custody') THEN coalesce(p.release_on, sentenced_on + custodial_days // 2) END AS release_on,
           CASE WHEN kind IN ('custody', 'youth_custody') AND result_code <> 'IPP' THEN coalesce(p.sed, sentenced_on + custodial_days) END AS licence_ends
    FROM sentence AS s JOIN human AS h ON h.person = s.defendant LEFT JOIN imprisoned AS p USING (sentence_key)
), supervised AS (
    -- Short sentences had no licence before the Offender Rehabilitation Act; those under 18 are supervised by others.
    SELECT *, licence_ends IS NOT NULL AND is_custodial AND custodial_days < 730 AND sentenced_on >= DATE '2015-02-01' AS has_pss
    FROM dated
    WHERE CASE WHEN is_custodial
               THEN custodial_days > 1 AND (custodial_days >= 365 OR sentenced_on >= DATE '2015-02-01') AND (NOT is_youth OR dob + INTERVAL 18 YEAR <= release_on)
               ELSE NOT is_youth END
), lasting AS (
    SELECT *, u('report', sentence_key) < CASE court_level WHEN 'C' THEN 0.7 ELSE 0.55 END AS has_report,
           CASE WHEN is_custodial THEN CASE WHEN licence_ends IS NULL THEN DATE '2099-12-31' WHEN has_pss THEN greatest(licence_ends, release_on + 365)
                                             ELSE greatest(licence_ends, release_on) END
                WHEN kind = 'suspended' THEN sentenced_on + coalesce(suspended_days, 365) ELSE sentenced_on + coalesce(order_days, 365) END AS runs_to,
           greatest(licence_ends, release_on) AS pss_from, row_number() OVER (PARTITION BY defendant ORDER BY sentenced_on, sentence_key) AS nth
    FROM supervised
), ended AS (
    SELECT *, sentenced_on = runs_to OR NOT is_custodial AND u('early', sentence_key) < 0.22 AS is_early, CASE WHEN has_report THEN convicted_on ELSE sentenced_on END AS referred_on
    FROM lasting
)
-- One in eight is registered anew by mistake, and later events go to the new row.
SELECT * EXCLUDE (is_early, home_key, tenure_days), defendant * 4 + CASE WHEN nth > 1 AND u('registered twice', defendant) < 0.12 AND u('which row', sentence_key) < 0.6
                                                     THEN 1 ELSE 0 END AS offender_key,
       CASE WHEN is_early THEN sentenced_on + 20 + floor((runs_to - sentenced_on) * u('how early', sentence_key))::INTEGER ELSE runs_to END AS ends_on
FROM ended;

-- Releases, recalls and releases after them, as the prison has them, while the sentence lasts.
CREATE OR REPLACE TEMP TABLE delius_custody_step AS
WITH spells AS (
    SELECT booking_key, begins AS back_on, CASE WHEN ends < DATE '2021-09-25' THEN ends END AS out_again_on, is_fixed,
           row_number() OVER (PARTITION BY booking_key ORDER BY begins) AS time
    FROM recall
), outs AS (
    SELECT sentence_key, kind, licence_ends, booking_key, 1 AS n, release_on AS out_on, NULL::BOOLEAN AS is_fixed FROM delius_sentence
    WHERE is_custodial
    UNION ALL
    SELECT s.sentence_key, kind, licence_ends, booking_key, time + 1, out_again_on, is_fixed FROM delius_sentence AS s JOIN spells USING (booking_key)
    WHERE is_custodial AND out_again_on IS NOT NULL
)
SELECT o.sentence_key, o.n, o.sentence_key * 4 + o.n AS step_key, kind, out_on, o.is_fixed,
       CASE WHEN back_on < coalesce(licence_ends, DATE '2099-12-31') THEN back_on END AS back_on
FROM outs AS o LEFT JOIN spells AS b ON b.booking_key = o.booking_key AND b.time = o.n
WHERE out_on <= DATE '2021-09-25' AND (n = 1 OR out_on < coalesce(licence_ends, DATE '2099-12-31'));

-- The rows for people: those with events, and those made by mistake that got none.
CREATE OR REPLACE TEMP TABLE delius_person AS
WITH known AS (
    SELECT offender_key, defendant, min(referred_on) AS first_on, max(referred_on) AS last_on, bool_or(is_custodial) AS has_been_in_prison, count(*) AS events
    FROM delius_sentence GROUP BY offender_key, defendant
), twice AS (
    FROM known
    UNION ALL
    SELECT offender_key + 2, defendant, first_on, first_on, has_been_in_prison, 0 FROM known
    WHERE offender_key % 4 = 0 AND events = 1 AND u('registered twice', defendant) < 0.12
)
SELECT k.*, h.home_key, h.tenure_days, u('deleted person', offender_key) < CASE WHEN events = 0 THEN 0.6 ELSE 0.004 END AS is_deleted
FROM twice AS k JOIN human AS h ON h.person = k.defendant;

-- Once as they are known now, once as they were at first, and for some once under another name.
CREATE OR REPLACE TEMP TABLE delius_record AS
WITH times AS (
    SELECT *, 0 AS slot, last_on AS written_on FROM delius_person
    UNION ALL
    SELECT *, 1, first_on FROM delius_person WHERE last_on > first_on + 60
    UNION ALL
    SELECT p.*, 2, first_on FROM delius_person AS p JOIN human AS h ON h.person = p.defendant
    WHERE h.alias_forename IS NOT NULL OR h.alias_surname IS NOT NULL OR u('other name', offender_key) < 0.08
)
SELECT 2 * 144115188075855872 + offender_key * 4 + slot AS record_key, offender_key, slot, defendant, false AS is_company, written_on,
       home_on(home_key, tenure_days, written_on) AS home
FROM times;
