-- Who goes to prison, when, and who comes back? Periods in custody of one person that meet are one booking;
-- a release on licence may be followed by recalls. Nobody is in two bookings at once.
-- An offender's number is twice the person, and one more for a second offender made by mistake: that one has a
-- prison number from another range.
CREATE OR REPLACE MACRO noms_of(root_key) AS
    noms_number(root_key // 2)[:5] || CASE WHEN root_key % 2 = 0 THEN noms_number(root_key // 2)[6:6]
                                           ELSE chr(ascii(noms_number(root_key // 2)[6:6]) + 10) END || noms_number(root_key // 2)[7:7];

CREATE OR REPLACE TEMP TABLE custody_period AS
WITH held AS (
    SELECT sentence_key AS period_key, defendant AS person, case_key, defendant_key, sentenced_on AS begins, kind, result_code, offence_code,
           coalesce(custodial_days, 60) AS days,
           coalesce((SELECT max(ends_on - remanded_on) FROM remand AS r
                     WHERE r.defendant_key = s.defendant_key AND r.ends_on = s.sentenced_on), 0)::INTEGER AS credit, NULL::DATE AS ends_on, crown_court
    FROM sentence AS s WHERE kind IN ('custody', 'life', 'youth_custody')
    UNION ALL
    SELECT remand_key, r.defendant, r.case_key, r.defendant_key, remanded_on, 'remand', NULL, NULL, 0, 0, ends_on, c.crown_court
    FROM remand AS r JOIN (SELECT case_key, crown_court FROM case_file) AS c USING (case_key)
), grown AS (
    -- Children are held elsewhere, but for some boys in those young offender institutions that use p-NOMIS.
    SELECT held.* FROM held JOIN human AS h ON h.person = held.person
    WHERE h.dob + INTERVAL 18 YEAR <= begins OR h.sex = 'M' AND h.dob + INTERVAL 15 YEAR <= begins AND u('yoi', held.person) < 0.3
), dated AS (
    SELECT *, CASE WHEN kind = 'life' OR result_code = 'IPP' THEN NULL
                   ELSE begins + greatest(1, (days * CASE result_code WHEN 'EDS' THEN 0.67 ELSE 0.5 END)::INTEGER - credit) END AS crd,
           CASE WHEN kind = 'life' OR result_code = 'IPP' THEN begins + (days / 2)::INTEGER - credit END AS tariff,
           CASE WHEN kind NOT IN ('life', 'remand') AND result_code <> 'IPP' THEN begins + greatest(1, days - credit) END AS sed,
           kind = 'custody' AND result_code <> 'EDS' AND days BETWEEN 84 AND 1460 AS may_have_curfew
    FROM grown
), released AS (
    SELECT *, greatest(begins + 1, crd - least(135, (days / 4)::INTEGER)) AS hdced,
           CASE WHEN kind = 'remand' THEN ends_on
                WHEN tariff IS NOT NULL THEN tariff + whole(u('parole', period_key), 0, 1500)
                WHEN may_have_curfew AND u('curfew', period_key) < 0.25 THEN greatest(begins + 1, crd - least(135, (days / 4)::INTEGER)) ELSE crd END AS out_on
    FROM dated
)
SELECT * EXCLUDE (ends_on, out_on), CASE WHEN out_on < DATE '2021-09-25' THEN out_on END AS ends,
       may_have_curfew AND u('curfew', period_key) < 0.25 AS has_curfew
FROM released;

CREATE OR REPLACE TEMP TABLE nomis_period AS
WITH upto AS (
    SELECT *, max(coalesce(ends, DATE '9999-01-01')) OVER (
        PARTITION BY person ORDER BY begins, period_key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS held_until
    FROM custody_period
), parted AS (
    -- Now and then a clerk opens a booking for the sentence, though the person is there already, on remand.
    SELECT *, sum(CASE WHEN held_until IS NULL OR begins > held_until OR begins = held_until AND u('opened anew', period_key) < 0.15 THEN 1 ELSE 0 END)
        OVER (PARTITION BY person ORDER BY begins, period_key) AS nth
    FROM upto
)
SELECT * EXCLUDE (held_until, nth), first_value(period_key) OVER (PARTITION BY person, nth ORDER BY begins, period_key) AS booking_key
FROM parted;

CREATE OR REPLACE TEMP TABLE first_booking AS
WITH whole_booking AS (
    SELECT booking_key, person, min(begins) AS begins, CASE WHEN count(*) = count(ends) THEN max(ends) END AS ends,
           max(sed) AS sed, bool_or(kind <> 'remand') AS is_sentenced, bool_or(tariff IS NOT NULL) AS is_for_life,
           bool_or(has_curfew) AS has_curfew, max(days) AS days, arg_min(crown_court, period_key) AS crown_court, arg_min(kind, (begins, period_key)) AS first_kind
    FROM nomis_period GROUP BY booking_key, person
)
SELECT *, coalesce(lead(begins) OVER (PARTITION BY person ORDER BY begins, booking_key) - 4, DATE '2021-09-20') AS free_until,
       row_number() OVER (PARTITION BY person ORDER BY begins, booking_key) AS nth, count(*) OVER (PARTITION BY person) AS bookings
FROM whole_booking;

-- About a third of those on licence are recalled, a few of them twice: once in each half of the licence.
CREATE OR REPLACE TEMP TABLE recall AS
WITH licence AS (
    SELECT *, ends + ((span * half) // 2)::INTEGER AS from_day, (span // 2)::INTEGER AS days_there, booking_key * 4 + half + 1 AS spell_key
    FROM (SELECT *, least(CASE WHEN is_for_life THEN ends + 3000 ELSE sed END, free_until) - ends AS span, unnest([0, 1]) AS half
          FROM first_booking WHERE is_sentenced AND ends IS NOT NULL)
    WHERE span > 12 AND u('recalled', booking_key) < 0.36 AND (half = 0 OR u('recalled', booking_key) < 0.08)
), fallen AS (
    SELECT *, from_day + 2 + floor(u('recall day', spell_key) * 0.6 * (days_there - 2))::INTEGER AS begins_again, u('fixed term', spell_key) < 0.4 AS is_fixed
    FROM licence
)
SELECT spell_key, booking_key, person, begins_again AS begins, is_fixed,
    least(from_day + days_there - 1, begins_again + CASE WHEN is_fixed THEN CASE WHEN days < 365 THEN 14 ELSE 28 END
                                                         ELSE whole(u('recall days', spell_key) ^ 2, 20, 400) END) AS ends,
    -- A recall opens the booking again, or, one time in five, another one.
    u('recall booking', booking_key) < 0.2 AS has_own_booking
FROM fallen WHERE begins_again < DATE '2021-09-20';

-- Every time in prison: n is 0 for the first of a booking, 1 and 2 for recalls.
CREATE OR REPLACE TEMP TABLE nomis_spell AS
SELECT booking_key * 4 AS spell_key, booking_key, person, begins, ends, false AS is_recall, false AS is_fixed, first_kind = 'remand' AS is_remand FROM first_booking
UNION ALL
SELECT spell_key, CASE WHEN has_own_booking THEN booking_key + 4 ELSE booking_key END, person, begins,
       CASE WHEN ends < DATE '2021-09-25' THEN ends END, true, is_fixed, false
FROM recall;

CREATE OR REPLACE TEMP TABLE nomis_booking AS
WITH made AS (
    SELECT s.booking_key, s.person, min(s.begins) AS begins, CASE WHEN count(*) = count(s.ends) THEN max(s.ends) END AS ends,
           arg_min(s.is_recall, s.begins) AS is_recall, arg_min(s.is_remand, s.begins) AS is_remand, count(*) FILTER (s.is_recall) AS recalls
    FROM nomis_spell AS s GROUP BY s.booking_key, s.person
), numbered AS (
    SELECT made.*, first.* EXCLUDE (booking_key, person, begins, ends, nth, bookings, free_until),
           row_number() OVER (PARTITION BY made.person ORDER BY made.begins, made.booking_key) AS nth,
           count(*) OVER (PARTITION BY made.person) AS bookings
    FROM made JOIN first_booking AS first ON first.booking_key = made.booking_key - (made.booking_key & 4)
), rooted AS (
    -- Some get a second number on coming back: one in twelve of all. A few are entered as somebody else.
    SELECT *, person * 2 + CASE WHEN bookings > 1 AND u('second number', person) < 0.42 AND nth >= 2 + floor(u('from when', person) * (bookings - 1)) THEN 1 ELSE 0 END AS own_root,
           u('somebody else', booking_key) < 0.004 AND person & 2 = 2 AS is_mistaken
    FROM numbered
)
SELECT r.* EXCLUDE (is_mistaken), CASE WHEN is_mistaken AND other.person IS NOT NULL THEN other.person * 2 ELSE own_root END AS root_key,
       is_mistaken AND other.person IS NOT NULL AS is_under_another
FROM rooted AS r LEFT JOIN (SELECT DISTINCT person FROM numbered) AS other ON other.person = xor(r.person, 2);

CREATE OR REPLACE TEMP TABLE nomis_record AS
SELECT 144115188075855872 + b.booking_key AS record_key, b.person AS defendant, false AS is_company, b.begins AS written_on,
       home_on(h.home_key, h.tenure_days, b.begins) AS home
FROM nomis_booking AS b JOIN human AS h ON h.person = b.person;
