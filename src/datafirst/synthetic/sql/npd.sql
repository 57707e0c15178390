-- How do schools and the department hold pupils and censuses? Real pupils stand in every census;
-- these in a few, so that the invented data stay small.
CREATE OR REPLACE MACRO upn_letter(digits) AS
    'ABCDEFGHJKLMNPQRTUVWXYZ'[1 + (list_sum(list_transform(range(1, 13), lambda i: digits[i]::INTEGER * (i + 1))) % 23)::INTEGER];
CREATE OR REPLACE MACRO academic_year(y) AS y || '/' || lpad(((y + 1) % 100)::VARCHAR, 2, '0');

CREATE OR REPLACE TEMP TABLE school_area AS
SELECT area, row_number() OVER (ORDER BY area)::INTEGER AS area_number, (200 + row_number() OVER (ORDER BY area))::VARCHAR AS local_authority, profile,
    CASE WHEN area IN ('DH', 'DL', 'NE', 'SR', 'TS') THEN 'A' WHEN area IN ('BB', 'BL', 'CA', 'CH', 'CW', 'FY', 'L', 'LA', 'M', 'OL', 'PR', 'SK', 'WA', 'WN') THEN 'B'
         WHEN area IN ('BD', 'DN', 'HD', 'HG', 'HU', 'HX', 'LS', 'S', 'WF', 'YO') THEN 'D' WHEN area IN ('DE', 'LE', 'LN', 'NG', 'NN') THEN 'E'
         WHEN area IN ('B', 'CV', 'DY', 'HR', 'ST', 'SY', 'TF', 'WR', 'WS', 'WV') THEN 'F' WHEN area IN ('AL', 'CB', 'CM', 'CO', 'IP', 'LU', 'NR', 'PE', 'SG', 'SS', 'WD') THEN 'G'
         WHEN area IN ('BR', 'CR', 'DA', 'E', 'EC', 'EN', 'HA', 'IG', 'KT', 'N', 'NW', 'RM', 'SE', 'SM', 'SW', 'TW', 'UB', 'W', 'WC') THEN 'H'
         WHEN area IN ('BA', 'BH', 'BS', 'DT', 'EX', 'GL', 'PL', 'SN', 'SP', 'TA', 'TQ', 'TR') THEN 'K' ELSE 'J' END AS region
FROM areas;

-- In each area three primary schools, three secondary schools, a special school and a unit.
CREATE OR REPLACE TEMP TABLE npd_school AS
WITH opened AS (SELECT *, unnest(range(8))::INTEGER AS n, area_number * 8 AS first FROM school_area WHERE area NOT IN ('CF', 'LD', 'LL', 'NP', 'SA'))
SELECT first + n AS row_key, (100000 + first + n)::VARCHAR AS school_urn, local_authority, region,
    CASE WHEN n < 3 THEN 'P' WHEN n < 6 THEN 'S' WHEN n = 6 THEN 'X' ELSE 'R' END AS school_phase,
    CASE WHEN n = 7 THEN 'PRU' WHEN n = 6 THEN one_of(u('school type', first + n), ['SP', 'ASP'])
         WHEN n < 3 THEN one_of(u('school type', first + n), ['CY', 'CY', 'VC', 'VA', 'ACC', 'FD'])
         ELSE one_of(u('school type', first + n), ['ACC', 'ACC', 'ACS', 'CY', 'FD', 'VA', 'FS']) END AS school_type,
    CASE WHEN n < 6 THEN one_of(u('religion', first + n), ['NO', 'NO', 'NO', 'CE', 'CE', 'RC', 'OT']) ELSE 'NO' END AS religious_character,
    yes_no(profile NOT IN ('rural', 'welsh')) AS urban_flag, yes_no(n BETWEEN 3 AND 5 AND u('sixth form', first + n) < 0.6) AS sixth_form_flag,
    whole(u('meals', first + n), 1, 5) AS fsm_band
FROM opened;

-- What is each pupil's school life like? Those who will offend have on average a harder one.
CREATE OR REPLACE TEMP TABLE npd_life AS
WITH drawn AS (
    SELECT l.*, a.area_number, a.local_authority, (100000 + area_number * 8)::INTEGER AS school, person AS k,
           1 + floor(10 * u('deprived', home_key) ^ CASE WHEN offends THEN 1.6 ELSE 1.0 END)::INTEGER AS idaci_decile,
           CASE WHEN offends THEN 1 ELSE 0 END AS harder
    FROM npd_learner AS l JOIN school_area AS a ON a.area = l.home_area
)
SELECT *, u('poor', k) < 0.28 - 0.02 * idaci_decile + 0.12 * harder AS is_poor,
    CASE WHEN u('sen', k) < 0.02 + 0.03 * harder THEN 'high' WHEN u('sen', k) < 0.14 + 0.2 * harder THEN 'some' ELSE 'none' END AS sen_level,
    one_of(u('sen type', k), ['SPLD', 'MLD', 'SLCN', 'ASD', 'SEMH', 'SEMH', 'OTH', 'HI', 'PD']) AS sen_kind,
    greatest(0.0, least(1.0, (u('ability', k) + u('ability too', k)) / 2 + 0.02 - 0.14 * harder)) AS ability,
    u('in need', k) < 0.06 + 0.2 * harder AS is_in_need, u('in need', k) < 0.006 + 0.04 * harder AS is_looked_after,
    u('in need', k) < 0.02 + 0.07 * harder AS is_on_plan, u('unaccompanied', k) < 0.02 AS is_alone,
    u('trouble', k) < 0.04 + 0.38 * harder AS is_excluded, u('trouble', k) < 0.003 + 0.07 * harder AS is_expelled,
    (school + whole(u('primary', k), 0, 2))::VARCHAR AS primary_school,
    CASE WHEN sen_level = 'high' AND u('special', k) < 0.4 THEN school + 6 ELSE school + 3 + whole(u('secondary', k), 0, 2) END::VARCHAR AS secondary_school,
    (school + 7)::VARCHAR AS unit
FROM drawn;

-- One row for each year that a pupil is at school, with what a census tells.
CREATE OR REPLACE TEMP TABLE npd_year AS
WITH years AS (
    SELECT *, unnest(range(first_year - reception, last_year - reception + 1))::INTEGER AS g FROM npd_life
)
SELECT *, k * 16 + g AS year_key, reception + g AS y, academic_year(reception + g) AS academic_year, CASE WHEN g = 0 THEN 'R' ELSE g::VARCHAR END AS nc_year,
    CASE WHEN g <= 6 THEN primary_school WHEN is_expelled AND g >= 9 AND u('expelled', k) < 0.7 THEN unit ELSE secondary_school END AS school_urn,
    yes_no(is_poor AND u('poor year', k * 16 + g) < 0.85) AS fsm_eligible,
    CASE WHEN sen_level = 'none' OR g < u('sen begins', k) * 9 THEN 'N' WHEN reception + g < 2014 THEN CASE WHEN sen_level = 'high' THEN 'S' WHEN u('sen', k * 3) < 0.5 THEN 'A' ELSE 'P' END
         WHEN sen_level = 'high' THEN 'E' ELSE 'K' END AS sen_provision
FROM years;

CREATE OR REPLACE TEMP TABLE npd_pupil AS
WITH written AS (
    SELECT w.*, l.* EXCLUDE (dob, sex, ethnicity, written_on, offends, k), h.birth_surname, h.second_forename
    FROM npd_written AS w JOIN (SELECT record_key FROM npd_record WHERE k = 0) USING (record_key)
    JOIN npd_life AS l ON l.person = w.defendant JOIN human AS h ON h.person = w.defendant
), numbered AS (
    SELECT *, defendant AS p, local_authority || lpad((2000 + area_number)::VARCHAR, 4, '0') || lpad((greatest(reception, 1997) % 100)::VARCHAR, 2, '0')
           || lpad((number33(defendant) % 1000)::VARCHAR, 3, '0') AS digits
    FROM written
)
SELECT p AS row_key, 'PMR' || lpad(number40(p)::VARCHAR, 13, '0') AS pupil_matching_ref,
    CASE WHEN u('upn missing', p) >= 0.01 THEN upn_letter(digits) || digits END AS upn,
    CASE WHEN u('former upn', p) < 0.04 THEN upn_letter('999' || digits[4:]) || '999' || digits[4:] END AS former_upn,
    forename1 AS forename, nullif(concat_ws(' ', forename2, forename3), '') AS middle_name, surname,
    CASE WHEN u('former surname', p) < 0.03 THEN birth_surname END AS former_surname,
    dob AS date_of_birth, sex AS gender, postcode,
    CASE WHEN u('ethnicity refused', p) < 0.02 THEN 'REFU' WHEN u('ethnicity refused', p) < 0.035 THEN 'NOBT'
         ELSE coalesce(map {
            'W1': 'WBRI', 'W2': 'WIRI', 'W3': 'WIRT', 'W4': 'WROM', 'W9': 'WOTH', 'M1': 'MWBC', 'M2': 'MWBA', 'M3': 'MWAS', 'M9': 'MOTH', 'A1': 'AIND', 'A2': 'APKN',
            'A3': 'ABAN', 'A4': 'CHNE', 'O1': 'CHNE', 'A9': 'AOTH', 'B1': 'BCRB', 'B2': 'BAFR', 'B9': 'BOTH'}[h_ethnicity], 'OOTH') END AS ethnicity,
    CASE WHEN u('told by', p) >= 0.05 THEN one_of(u('told by', p), ['P', 'P', 'P', 'P', 'C', 'S', 'O']) END AS ethnicity_source,
    CASE WHEN language_group = 'ENG' THEN 'ENG' WHEN u('language', p) < 0.1 THEN 'OTB'
         ELSE coalesce(map {'A1': 'PNJ', 'A2': 'URD', 'A3': 'BNG', 'A4': 'CHI', 'O1': 'CHI', 'A9': 'TAM', 'B2': 'SOM', 'O2': 'ARA', 'W9': 'POL'}[h_ethnicity], 'OTH') END AS first_language,
    language_group, idaci_decile, first_seen AS first_seen_on, last_seen AS last_seen_on
FROM (SELECT n.*, h.ethnicity AS h_ethnicity,
             CASE WHEN u('another language', p) < CASE WHEN h.nationality <> 'GBR' THEN 0.85 WHEN h.ethnicity[1:1] IN ('A', 'O') THEN 0.6 WHEN h.ethnicity = 'B2' THEN 0.5 ELSE 0.01 END
                  THEN 'OTH' ELSE 'ENG' END AS language_group
      FROM numbered AS n JOIN human AS h ON h.person = n.p);

CREATE OR REPLACE TEMP TABLE npd_pupil_address AS
SELECT record_key AS row_key, 'PMR' || lpad(number40(defendant)::VARCHAR, 13, '0') AS pupil_matching_ref,
    row_number() OVER (PARTITION BY defendant ORDER BY k DESC) AS address_seq, postcode, written_on AS from_on
FROM npd_written JOIN (SELECT record_key, k FROM npd_record) USING (record_key);

CREATE OR REPLACE TEMP TABLE npd_spring_census AS
SELECT year_key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year, make_date(y + 1, 1, 17) AS census_date, school_urn, nc_year,
    one_of(u('registered', year_key), ['C', 'C', 'C', 'C', 'C', 'C', 'C', 'C', 'M']) AS enrolment_status, fsm_eligible,
    yes_no(is_poor OR u('ever', k) < 0.08) AS fsm_ever6, sen_provision, CASE WHEN sen_provision <> 'N' THEN CASE WHEN sen_kind = 'SEMH' AND y < 2014 THEN 'BESD' ELSE sen_kind END END AS sen_type,
    yes_no(sen_level = 'high' AND u('sen unit', k) < 0.2) AS sen_unit_flag, idaci_decile, yes_no(is_looked_after AND u('care year', year_key) < 0.4) AS in_care_flag,
    yes_no(u('part time', year_key) < 0.01) AS part_time_flag, yes_no(u('service', k) < 0.01) AS service_child_flag
FROM npd_year WHERE g IN (2, 6, 9, 11);

CREATE OR REPLACE TEMP TABLE npd_summer_census AS
SELECT year_key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year, make_date(y + 1, 5, 17) AS census_date, school_urn, nc_year,
    'C' AS enrolment_status, fsm_eligible, sen_provision, make_date((reception + CASE WHEN g <= 6 THEN 0 ELSE 7 END)::INTEGER, 9, 3) AS entry_date,
    CASE WHEN u('leaves', year_key) < 0.04 THEN make_date(y + 1, 4, 20) + whole(u('leaving day', year_key), 0, 25) END AS leaving_date,
    60 AS sessions_possible, floor(12 * u('ill', year_key) ^ 3)::INTEGER AS sessions_authorised, floor((6 + 24 * harder) * u('truant', year_key) ^ 4)::INTEGER AS sessions_unauthorised
FROM npd_year WHERE g IN (7, 10) AND y >= 2005;

CREATE OR REPLACE TEMP TABLE npd_autumn_census AS
SELECT year_key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year, make_date(y, 10, 4) AS census_date, school_urn, nc_year,
    'C' AS enrolment_status, fsm_eligible, sen_provision, make_date((reception + CASE WHEN g <= 6 THEN 0 ELSE 7 END)::INTEGER, 9, 3) AS entry_date,
    yes_no(fsm_eligible = 'Y' AND u('meal', year_key) < 0.8) AS free_meal_taken_flag,
    CASE WHEN g >= 12 THEN yes_no(ability > 0.42) END AS english_prior_flag, CASE WHEN g >= 12 THEN yes_no(ability > 0.45) END AS maths_prior_flag
FROM npd_year WHERE g IN (8, 12) AND y >= 2006;

CREATE OR REPLACE TEMP TABLE npd_pru_census AS
SELECT year_key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year, make_date(y + 1, 1, 17) AS census_date, unit AS school_urn, nc_year,
    CASE WHEN is_expelled THEN 'C' ELSE 'S' END AS enrolment_status, CASE WHEN is_expelled THEN 'PEX' ELSE one_of(u('why unit', k), ['RSK', 'RSK', 'MED', 'PHB', 'NOP', 'OTH']) END AS provision_reason,
    make_date(y, 9, 10) + whole(u('entry', year_key), 0, 110) AS entry_date, whole(u('hours', year_key), 8, 25) AS hours_per_week, fsm_eligible, sen_provision,
    CASE WHEN sen_provision <> 'N' THEN 'BESD' END AS sen_type
FROM npd_year WHERE y BETWEEN 2009 AND 2012 AND g BETWEEN 8 AND 11 AND (is_expelled OR is_excluded AND u('in unit', year_key) < 0.1);

CREATE OR REPLACE TEMP TABLE npd_ap_census AS
SELECT year_key AS row_key, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year, make_date(y + 1, 1, 17) AS census_date, local_authority, nc_year,
    one_of(u('setting', year_key), ['IND', 'IND', 'NMS', 'HOS', 'ONE', 'WBP', 'FEC', 'OTH']) AS setting,
    CASE WHEN is_expelled THEN 'PEX' ELSE one_of(u('why elsewhere', k), ['RSK', 'MED', 'PHB', 'PRG', 'OTH']) END AS provision_reason,
    make_date(y, 9, 10) + whole(u('entry', year_key), 0, 110) AS entry_date, whole(u('hours', year_key), 5, 25) AS hours_per_week, fsm_eligible, sen_provision
FROM npd_year WHERE y >= 2007 AND g BETWEEN 7 AND 11 AND (is_expelled AND u('elsewhere', year_key) < 0.3 OR u('elsewhere', year_key) < 0.004);

CREATE OR REPLACE TEMP TABLE truth_npd AS
SELECT 'npd' AS dataset, 'PMR' || lpad(number40(defendant)::VARCHAR, 13, '0') AS record_id, 'P' || lpad(defendant::VARCHAR, 8, '0') AS person_id FROM npd_record WHERE k = 0;
