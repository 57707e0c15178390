-- What cases do they have in the magistrates' courts? One row a case, whoever is in it.
-- Slots 0-31 are a person's own cases, 32-63 those rolled up with one at the Crown Court,
-- 64-95 somebody else's case that the person is a co-defendant in, 96-127 a company's.
CREATE OR REPLACE TEMP TABLE case_file AS
WITH counted AS (
    SELECT person AS owner, false AS is_company, home_area, dob, offending_from, offending_days,
           u('appearances', person) AS r, u('appearances more', person) AS more
    FROM human WHERE offends
    UNION ALL
    SELECT company, true, home_area, NULL, DATE '2010-06-01', 4000, u('company cases', company), 0 FROM company
), slots AS (
    SELECT *, unnest(range(CASE
            WHEN is_company THEN 1 + floor(-ln(1 - r * 0.999) * 2.2)::INTEGER
            WHEN r < 0.57 THEN 1 WHEN r < 0.75 THEN 2 WHEN r < 0.84 THEN 3
            WHEN r < 0.94 THEN 4 + floor(more * 3)::INTEGER WHEN r < 0.983 THEN 7 + floor(more * 6)::INTEGER
            ELSE 13 + floor(more * 18)::INTEGER END)) + CASE WHEN is_company THEN 96 ELSE 0 END AS slot
    FROM counted
), begun AS (
    SELECT * EXCLUDE (r, more), owner * 128 + slot AS case_key,
           offending_from + floor(offending_days * u('when', owner * 128 + slot))::INTEGER AS begins
    FROM slots
), listed AS (
    -- Few cases are heard in the first lockdown, and none after the systems were read.
    SELECT *, CASE WHEN begins >= DATE '2021-08-15'
                   THEN offending_from + coalesce((begins - offending_from)
                        % nullif(DATE '2021-08-15' - offending_from, 0), 0)::INTEGER
                   WHEN begins BETWEEN DATE '2020-03-24' AND DATE '2020-07-01' AND u('lockdown', case_key) < 0.6
                   THEN begins + 150 ELSE begins END AS first_hearing
    FROM begun
), kinds AS (
    SELECT *, first_hearing < dob + INTERVAL 18 YEAR AS is_youth,
           u('sjp', case_key) < CASE WHEN first_hearing < DATE '2015-04-01' THEN 0.0 ELSE 0.24 END AS wants_sjp
    FROM listed
), charged AS (
    SELECT *, CASE WHEN is_company THEN 'company' WHEN is_youth THEN 'youth' WHEN wants_sjp THEN 'sjp' ELSE 'adult' END AS kind
    FROM kinds
), offended AS (
    SELECT charged.*, w.item AS offence_code, offences.mode, offence_group, u('route', case_key) AS r
    FROM charged
    JOIN offence_wheel AS w ON w.kind = charged.kind AND w.slot = whole(u('offence', case_key), 0, 16383)
    JOIN offences ON offences.offence_code = w.item
), routed AS (
    SELECT *, CASE
            WHEN kind = 'sjp' OR offence_group = '13' THEN 'N'
            WHEN mode = 'I' THEN CASE WHEN r < CASE WHEN is_youth THEN 0.5 ELSE 0.97 END THEN 'T' ELSE 'N' END
            WHEN kind = 'youth' THEN CASE WHEN r < 0.015 THEN 'T' WHEN r < 0.02 THEN 'S' ELSE 'N' END
            WHEN mode = 'E' THEN CASE WHEN r < 0.135 THEN 'T' WHEN r < 0.19 THEN 'S' WHEN r < 0.202 THEN 'A' ELSE 'N' END
            WHEN r < 0.009 THEN 'A' ELSE 'N' END AS route
    FROM offended
), timed AS (
    SELECT * EXCLUDE (r), u('hearings', case_key) AS h, u('rolled up', case_key) < 0.05 AS has_rolled_up
    FROM routed
), with_rolled_up AS (
    SELECT *, case_key AS crown_case_key FROM timed
    UNION ALL
    SELECT * REPLACE (slot + 32 AS slot, case_key + 32 AS case_key, false AS has_rolled_up,
                      first_hearing - whole(u('earlier', case_key), 2, 20) AS first_hearing), case_key
    FROM timed WHERE has_rolled_up AND route = 'T' AND kind = 'adult'
), dated AS (
    SELECT *, CASE WHEN kind = 'sjp' THEN 1 WHEN route = 'T' THEN CASE WHEN h < 0.8 THEN 1 ELSE 2 END
                   WHEN h < 0.45 THEN 1 WHEN h < 0.7 THEN 2 WHEN h < 0.85 THEN 3 ELSE 4 + floor((h - 0.85) * 30)::INTEGER
              END AS hearings
    FROM with_rolled_up
), ended AS (
    SELECT *, first_hearing + CASE WHEN hearings = 1 THEN 0
                  ELSE (hearings - 1) * whole(u('gap', case_key), 10, 38) END AS ends,
        CASE WHEN kind = 'sjp' THEN 'J'
             WHEN offence_group = '13' THEN CASE WHEN offence_code = 'CV80001' THEN 'A' ELSE 'S' END
             WHEN is_company THEN CASE WHEN u('initiation', case_key) < 0.8 THEN 'S' ELSE 'P' END
             WHEN mode IN ('E', 'I') OR u('initiation', case_key) < 0.35
             THEN CASE WHEN u('initiation', case_key) < 0.88 THEN 'C' WHEN u('initiation', case_key) < 0.985 THEN 'P' ELSE 'W' END
             WHEN u('initiation', case_key) < 0.8 THEN 'S' WHEN u('initiation', case_key) < 0.99 THEN 'P' ELSE 'R'
             END AS initiation
    FROM dated
), complete AS (
    SELECT *, ends >= DATE '2021-09-10' OR (u('open', case_key) < 0.006 AND route = 'N') AS is_open,
           initiation = 'C' AS is_charge,
           CASE WHEN initiation = 'C' THEN whole(u('to court', case_key) ^ 1.7, 0, 34) ELSE whole(u('to court', case_key), 18, 95) END AS wait_days
    FROM ended
)
SELECT c.* EXCLUDE (begins, h, wants_sjp, wait_days),
    first_hearing - wait_days AS initiated,
    CASE WHEN is_charge THEN first_hearing - wait_days - (40 * u('charge', case_key) ^ 3)::INTEGER END AS arrested,
    first_hearing - wait_days - 41 - whole(u('offended', case_key) ^ 2, 0, 100) AS offended_on,
    -- 12% of cases of people are heard away from home.
    court.item AS court, courts.crown_court, courts.force,
    1 + floor(-ln(1 - 0.96 * u('offences', case_key)) * 1.5)::INTEGER AS offences_count,
    CASE WHEN route IN ('T', 'S') THEN ends WHEN route = 'A' THEN ends + whole(u('to appeal', case_key), 4, 21) END AS committed,
    u('not in libra', case_key) < 0.03 AND route <> 'N' AS is_not_in_libra
FROM complete AS c
JOIN area_wheel AS away ON away.slot = whole(u('away from home', case_key), 0, 4095)
JOIN court_wheel AS court ON court.slot = whole(u('court', crown_case_key), 0, 63)
    AND court.area = CASE WHEN u('heard away', crown_case_key) < 0.12 THEN away.item ELSE home_area END
JOIN courts ON courts.court = court.item AND courts.area = court.area;

-- What is each case about? The first offence is the principal one; several defendants share them.
CREATE OR REPLACE TEMP TABLE case_offence AS
WITH numbered AS (
    SELECT case_key, offence_code AS principal, kind, offended_on, dob,
           unnest(range(1, offences_count + 1))::INTEGER AS offence_seq
    FROM case_file
), drawn AS (
    SELECT n.*, case_key * 8 + offence_seq AS offence_key,
           CASE WHEN offence_seq = 1 OR u('same offence', case_key * 8 + offence_seq) < 0.4
                     OR n.kind IN ('sjp', 'company') THEN principal ELSE w.item END AS offence_code
    FROM numbered AS n
    JOIN offence_wheel AS w ON w.kind = 'extra' AND w.slot = whole(u('extra', case_key * 8 + offence_seq), 0, 16383)
)
SELECT case_key, offence_key, offence_seq, o.*  EXCLUDE (adult, youth, sjp, company, extra),
    CASE WHEN u('historical', offence_key) < 0.006 AND dob < DATE '1985-01-01'
         THEN make_date(year(dob) + 15 + whole(u('years ago', offence_key), 0, 6), 1, 1)
         ELSE offended_on - whole(u('offence day', offence_key) ^ 3, 0, 20) * (offence_seq - 1) END AS began,
    u('lasted', offence_key) AS lasting
FROM drawn JOIN offences AS o USING (offence_code);

-- Who is in each case? Its owner, and in one case in twenty the other person of the pair.
CREATE OR REPLACE TEMP TABLE appearance AS
WITH defendants AS (
    SELECT owner AS defendant, slot AS defendant_slot, * FROM case_file
    UNION ALL
    SELECT owner - owner % 2 + 1 - owner % 2, slot + 64, * FROM case_file
    WHERE NOT is_company AND slot < 32 AND kind NOT IN ('sjp', 'youth') AND NOT has_rolled_up
        AND offence_group <> '13' AND u('co-defendant', case_key) < 0.07
)
SELECT d.* EXCLUDE (home_area, dob), defendant * 128 + defendant_slot AS defendant_key,
    h.dob, coalesce(c.home_area, h.home_area) AS home_area,
    coalesce(h.home_key, 4398046511104 + defendant) AS home_key,
    home_on(coalesce(h.home_key, 4398046511104 + defendant), coalesce(h.tenure_days, 100000), first_hearing) AS home
FROM defendants AS d
LEFT JOIN human AS h ON h.person = d.defendant AND NOT d.is_company
LEFT JOIN company AS c ON c.company = d.defendant AND d.is_company
WHERE d.is_company OR h.offends AND (d.defendant_slot < 64 OR h.dob + INTERVAL 18 YEAR <= first_hearing);

CREATE OR REPLACE TEMP VIEW libra_record AS
SELECT defendant_key AS record_key, defendant, is_company, first_hearing AS written_on, home
FROM appearance WHERE NOT is_not_in_libra;
