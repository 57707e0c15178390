-- How does p-NOMIS hold bookings, what they are for, and every passing of the gate?
CREATE OR REPLACE TEMP TABLE prison_place AS
SELECT prison, sex, CASE WHEN sex = 'F' AND kind = 'young' THEN 'training' ELSE kind END AS kind,
       row_number() OVER (PARTITION BY sex, kind ORDER BY prison) - 1 AS place, count(*) OVER (PARTITION BY sex, kind) AS places
FROM prisons WHERE active_flag = 'Y' OR prison IN ('HYI', 'BHI');

-- Where somebody is at each stage of a time in prison: near the court, then further on.
CREATE OR REPLACE TEMP TABLE nomis_stay AS
WITH staged AS (
    SELECT s.*, b.crown_court, b.days AS sentence_days, h.sex, h.dob, coalesce(s.ends, DATE '2021-09-25') - s.begins AS length,
           least(4, ((coalesce(s.ends, DATE '2021-09-25') - s.begins) // 150)::INTEGER) AS transfers
    FROM nomis_spell AS s JOIN nomis_booking AS b ON b.booking_key = s.booking_key JOIN human AS h ON h.person = s.person
), each AS (
    SELECT *, unnest(range(transfers + 1))::INTEGER AS stage FROM staged
), sorted AS (
    SELECT *, spell_key * 8 + stage AS stay_key, begins + ((length * stage) // (transfers + 1))::INTEGER AS comes,
           CASE WHEN stage = 0 THEN CASE WHEN dob + INTERVAL 18 YEAR > begins AND sex = 'M' THEN 'young' ELSE 'local' END
                WHEN stage = transfers AND stage > 1 AND ends IS NOT NULL AND u('open prison', spell_key) < 0.5 THEN 'open'
                WHEN sex = 'M' AND dob + INTERVAL 21 YEAR > begins AND u('young prison', spell_key) < 0.6 THEN 'young' ELSE 'training' END AS kind
    FROM each
)
SELECT s.*, p.prison, lead(p.prison) OVER (PARTITION BY s.spell_key ORDER BY stage) AS next_prison
FROM sorted AS s
JOIN prison_place AS p ON p.sex = s.sex AND p.kind = s.kind
    AND p.place = CASE WHEN stage = 0 THEN hash(crown_court || s.kind) % p.places ELSE hash(stay_key::UBIGINT) % p.places END;

CREATE OR REPLACE TEMP TABLE nomis_movement AS
WITH moves AS (
    SELECT stay_key * 4 AS k, spell_key, booking_key, person, comes AS day, 'ADM' AS kind,
        CASE WHEN is_recall THEN CASE WHEN is_fixed THEN 'FPR' WHEN u('curfew recall', spell_key) < 0.12 THEN 'B' ELSE 'L' END
             WHEN is_remand THEN CASE WHEN u('convicted', spell_key) < 0.2 THEN 'V' ELSE 'N' END
             WHEN dob + INTERVAL 21 YEAR > begins THEN 'Y' ELSE 'I' END AS reason, 'IN' AS direction,
        CASE WHEN is_recall THEN 'OUT' ELSE 'CRT' END AS comes_from, prison AS goes_to
    FROM nomis_stay WHERE stage = 0
    UNION ALL
    SELECT stay_key * 4 + 1, spell_key, booking_key, person, lead(comes) OVER (PARTITION BY spell_key ORDER BY stage), 'TRN',
        one_of(u('transfer', stay_key), ['NOTR', 'NOTR', 'NOTR', 'OJ', 'SEC']), 'OUT', prison, next_prison
    FROM nomis_stay
    UNION ALL
    -- Out to court and back, while on remand.
    SELECT stay_key * 4 + 2, spell_key, booking_key, person, comes + 1 + floor(u('court day', stay_key) * least(length - 2, 40))::INTEGER, 'CRT', 'CA', 'OUT', prison, 'CRT'
    FROM nomis_stay WHERE stage = 0 AND is_remand AND length > 5
    UNION ALL
    SELECT spell_key * 32 + 31, t.spell_key, t.booking_key, t.person, t.ends, 'REL',
        CASE WHEN NOT b.is_sentenced THEN one_of(u('released', t.spell_key), ['BL', 'RR', 'NCS'])
             WHEN t.is_recall THEN 'RE' WHEN u('died', t.spell_key) < 0.003 AND t.ends = b.ends AND b.nth = b.bookings THEN 'DEC'
             WHEN b.is_for_life THEN 'LL' WHEN t.ends < coalesce(b.sed, t.ends) AND b.has_curfew THEN 'HD'
             WHEN u('released', t.spell_key) < 0.01 THEN 'DD' WHEN b.days < 365 AND t.ends < DATE '2015-02-01' THEN 'AR' ELSE 'CR' END, 'OUT', prison, 'OUT'
    FROM nomis_stay AS t JOIN nomis_booking AS b USING (booking_key)
    WHERE stage = transfers AND t.ends IS NOT NULL
)
-- One release in a hundred was never entered; some were entered a day or two late.
SELECT * REPLACE (CASE WHEN kind = 'REL' AND u('entered late', k) < 0.01 THEN day + whole(u('days late', k), 1, 2) ELSE day END AS day)
FROM moves WHERE day IS NOT NULL AND NOT (kind = 'REL' AND u('never entered', k) < 0.01);

CREATE OR REPLACE TEMP TABLE offender_external_movements AS
SELECT k AS row_key, number40(booking_key) AS offender_book_id,
    row_number() OVER last_first AS movement_seq, day AS movement_date,
    CASE WHEN u('time missing', k) < 0.1 THEN NULL WHEN u('time missing', k) < 0.15 THEN '00:00'
         ELSE lpad(whole(u('hour', k), 7, 19)::VARCHAR, 2, '0') || ':' || lpad(whole(u('minute', k), 0, 59)::VARCHAR, 2, '0') END AS movement_time,
    kind AS movement_type, reason AS movement_reason_code, direction AS direction_code,
    CASE WHEN u('from missing', k) >= 0.005 THEN comes_from END AS from_agy_loc_id, CASE WHEN u('to missing', k) >= 0.005 THEN goes_to END AS to_agy_loc_id,
    yes_no(row_number() OVER (PARTITION BY booking_key ORDER BY day DESC, k DESC) = 1) AS active_flag
FROM nomis_movement WINDOW last_first AS (PARTITION BY booking_key ORDER BY day, k);

CREATE OR REPLACE TEMP TABLE offender_bookings AS
WITH known AS (
    SELECT b.*, s.stay_key, s.prison, h.dob, n.name_key,
           m.* EXCLUDE (booking_key),
           row_number() OVER (PARTITION BY b.root_key ORDER BY b.begins DESC, b.booking_key) AS from_latest
    FROM nomis_booking AS b
    JOIN (SELECT booking_key, max(stay_key) AS stay_key, arg_max(prison, stay_key) AS prison FROM nomis_stay GROUP BY booking_key) AS s USING (booking_key)
    JOIN (SELECT booking_key, arg_max(reason, (day, k)) AS last_reason, arg_max(kind, (day, k)) AS last_kind, arg_min(reason, (day, k)) AS first_reason
          FROM nomis_movement GROUP BY booking_key) AS m USING (booking_key)
    JOIN human AS h ON h.person = b.person
    LEFT JOIN (SELECT booking_key, booking_key + 274877906944 AS name_key FROM nomis_name WHERE NOT is_main) AS n USING (booking_key)
), made AS (
    SELECT booking_key, booking_key AS row_key, false AS is_mistake, * EXCLUDE (booking_key) FROM known
    UNION ALL
    -- Some bookings were opened by mistake: nobody came.
    SELECT booking_key, booking_key + 549755813888, true, * EXCLUDE (booking_key) FROM known WHERE u('by mistake', booking_key) < 0.006
)
SELECT row_key, number40(row_key) AS offender_book_id,
    CASE WHEN u('booking no', row_key) >= 0.005 THEN lpad((number33(row_key) % 100000)::VARCHAR, 5, '0') || chr((65 + number33(row_key) % 26)::INTEGER) END AS booking_no,
    begins AS booking_begin_date,
    CASE WHEN is_mistake THEN begins WHEN ends IS NOT NULL THEN ends + CASE WHEN u('closed late', row_key) < 0.05 THEN whole(u('days late', row_key), 1, 5) ELSE 0 END END AS booking_end_date,
    number40(coalesce(name_key, root_key + 137438953472)) AS offender_id, number40(root_key + 137438953472) AS root_offender_id,
    CASE WHEN is_mistake OR ends IS NOT NULL THEN 'OUT' ELSE prison END AS agy_loc_id,
    CASE WHEN is_mistake OR ends IS NOT NULL THEN 'OUT' ELSE 'IN' END AS in_out_status,
    yes_no(NOT is_mistake AND ends IS NULL) AS active_flag, CASE WHEN is_mistake OR ends IS NOT NULL THEN 'C' ELSE 'O' END AS booking_status,
    CASE WHEN u('youth missing', row_key) < 0.04 THEN NULL WHEN dob + INTERVAL 18 YEAR > begins THEN CASE WHEN is_remand THEN 'R' ELSE 'Y' END ELSE 'N' END AS youth_adult_code,
    'INST' AS booking_type, CASE WHEN NOT is_mistake THEN last_kind || '-' || last_reason END AS status_reason, from_latest AS booking_seq,
    CASE WHEN NOT is_mistake AND u('admission', row_key) < 0.7 THEN first_reason END AS admission_reason, begins AS create_date
FROM made;

CREATE OR REPLACE TEMP TABLE offender_release_details AS
WITH last_release AS (SELECT booking_key, arg_max(reason, (day, k)) AS reason, max(day) AS day FROM nomis_movement WHERE kind = 'REL' GROUP BY booking_key)
SELECT b.booking_key AS row_key, number40(b.booking_key) AS offender_book_id, r.day AS release_date, CASE WHEN r.day IS NOT NULL THEN 'REL' END AS movement_type,
    r.reason AS movement_reason_code, CASE WHEN r.day IS NOT NULL AND u('approved', b.booking_key) < 0.4 THEN r.day END AS approved_release_date, p.crd AS auto_release_date
FROM nomis_booking AS b LEFT JOIN last_release AS r USING (booking_key)
LEFT JOIN (SELECT booking_key, max(crd) AS crd FROM nomis_period WHERE kind <> 'remand' GROUP BY booking_key) AS p USING (booking_key)
WHERE r.day IS NOT NULL OR p.crd IS NOT NULL;

CREATE OR REPLACE TEMP TABLE offender_profile_details AS
SELECT b.booking_key * 2 + n AS row_key, number40(b.booking_key) AS offender_book_id, 1 AS profile_seq, ['NAT', 'MARITAL'][n + 1] AS profile_type,
    CASE n WHEN 0 THEN w.nationality ELSE one_of(u('marital', b.person), ['S', 'S', 'S', 'S', 'C', 'C', 'M', 'M', 'D', 'N']) END AS profile_code
FROM (SELECT *, unnest([0, 1]) AS n FROM nomis_booking) AS b
JOIN nomis_written AS w ON w.record_key = 144115188075855872 + b.booking_key
WHERE n = 0 OR u('asked', b.booking_key) < 0.8;

CREATE OR REPLACE TEMP TABLE nomis_agency_locations AS
SELECT 0 AS row_key, prison AS agy_loc_id, name || ' (HMP/YOI)' AS description, 'INST' AS agency_location_type, active_flag FROM prisons
UNION ALL SELECT 0, 'CRT', 'A court', 'CRT', 'Y' UNION ALL SELECT 0, 'OUT', 'Outside', 'OUT', 'Y' UNION ALL SELECT 0, 'TRN', 'In transfer', 'TRN', 'Y';
CREATE OR REPLACE TEMP TABLE nomis_movement_reasons AS SELECT 0 AS row_key, * FROM movement_reasons;
CREATE OR REPLACE TEMP TABLE nomis_offences AS
SELECT 0 AS row_key, offence_code, offence_code[:4] AS statute_code, NULL::VARCHAR AS description, priority AS severity_ranking, 'Y' AS active_flag, ho_class || '/' || ho_subclass AS ho_code FROM offences;
