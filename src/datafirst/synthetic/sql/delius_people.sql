-- How does Delius hold the people? Their main name, aliases, addresses and other numbers.
CREATE OR REPLACE TEMP TABLE delius_known AS
SELECT r.offender_key, r.slot, w.* EXCLUDE (is_company, company_name), u('way of writing', w.record_key) AS writing
FROM delius_record AS r JOIN delius_written AS w USING (record_key);

CREATE OR REPLACE TEMP TABLE delius_offender AS
SELECT k AS row_key, number40(k) AS offender_id,
    -- One letter stands for a million: those for rows made by mistake come last.
    CASE WHEN k % 4 = 0 THEN chr((65 + spread24(k // 4) // 1000000)::INTEGER) || lpad((spread24(k // 4) % 1000000)::VARCHAR, 6, '0')
         ELSE chr((82 + spread24(k // 2) % 8388608 // 1000000)::INTEGER) || lpad((spread24(k // 2) % 8388608 % 1000000)::VARCHAR, 6, '0') END AS crn,
    CASE WHEN u('pnc missing', k) < 0.3 THEN NULL WHEN writing < 0.75 THEN pnc WHEN writing < 0.9 THEN pnc[3:]
         WHEN writing < 0.93 THEN pnc[3:4] || '/' || ltrim(pnc[6:12], '0') || pnc[13:] WHEN writing < 0.94 THEN mistyped_digit_at(pnc, 9, writing * 100 - 93)
         ELSE replace(pnc[3:], '/', '') END AS pnc_number,
    CASE WHEN u('cro missing', k) < 0.004 THEN '000000/00Z' WHEN u('cro missing', k) < 0.4 THEN NULL WHEN writing < 0.9 THEN cro ELSE ltrim(cro, '0') END AS cro_number,
    CASE WHEN has_been_in_prison AND u('noms missing', k) >= 0.12 THEN
        CASE WHEN u('noms slip', k) < 0.006 THEN mistyped_digit_at(noms_number(p.defendant), 4, writing) ELSE noms_number(p.defendant) END END AS noms_number,
    CASE WHEN u('ni', k) < 0.4 THEN 'QQ' || lpad((number33(k) % 1000000)::VARCHAR, 6, '0') || one_of(u('ni letter', k), ['A', 'B', 'C', 'D']) END AS ni_number,
    forename1 AS first_name, forename2 AS second_name, forename3 AS third_name, surname,
    CASE WHEN h.married_on <= written_on AND u('maiden name', k) < 0.6 THEN h.birth_surname END AS previous_surname,
    dob AS date_of_birth_date,
    CASE WHEN sex IS NOT NULL THEN delius_id('gender', sex) WHEN u('gender missing', k) < 0.5 THEN delius_id('gender', 'N') END AS gender_id,
    delius_id('ethnicity', CASE ethnicity_self_defined WHEN 'W3' THEN 'W4' WHEN 'W4' THEN 'W9' WHEN 'W5' THEN 'W4' WHEN 'W8' THEN 'W9' WHEN 'UN' THEN 'Z1'
        WHEN 'A4' THEN CASE WHEN u('label', k) < 0.4 THEN 'O1' ELSE 'A4' END
        ELSE coalesce(ethnicity_self_defined, CASE WHEN u('unasked', k) < 0.12 THEN 'ETH03' WHEN u('unasked', k) < 0.3 THEN 'Z1' END) END) AS ethnicity_id,
    delius_id('nationality', CASE WHEN nationality = 'GBR' THEN 'B' WHEN nationality IN ('UNK', 'XXX') THEN 'U' WHEN nationality IS NOT NULL THEN 'F' END) AS nationality_id,
    CASE WHEN u('religion', k) < 0.5 THEN whole(u('religion', k), 1, 40) END AS religion_id, CASE WHEN u('language', k) < 0.4 THEN whole(u('language', k), 1, 60) END AS language_id,
    CASE WHEN nationality <> 'GBR' AND u('immigration', k) < 0.2 THEN one_of(writing, ['A', 'B', 'C']) || lpad((number33(k + 7) % 10000000)::VARCHAR, 7, '0') END AS immigration_number,
    0 AS partition_area_id, p.is_deleted::INTEGER AS soft_deleted
FROM (SELECT *, offender_key AS k FROM delius_person) AS p
JOIN (SELECT * EXCLUDE (defendant) FROM delius_known) AS w ON w.offender_key = p.k AND w.slot = 0
JOIN (SELECT person, married_on, birth_surname FROM human) AS h ON h.person = p.defendant;

CREATE OR REPLACE TEMP TABLE delius_alias AS
WITH other AS (
    SELECT w.offender_key * 4 + w.slot AS k, w.offender_key, m.first_name IS NULL AS is_unnamed, m.first_name, m.surname AS main_surname, m.date_of_birth_date,
           CASE WHEN w.slot = 2 THEN coalesce(h.alias_forename, w.forename1) ELSE w.forename1 END AS forename, w.forename2, w.forename3,
           CASE WHEN w.slot = 2 THEN coalesce(h.alias_surname, w.surname) ELSE w.surname END AS other_surname, w.dob, w.sex
    FROM delius_known AS w JOIN delius_offender AS m ON m.row_key = w.offender_key
    JOIN (SELECT person, alias_forename, alias_surname FROM human) AS h ON h.person = w.defendant
    WHERE w.slot > 0
)
SELECT k AS row_key, number40(k) AS alias_id, number40(offender_key) AS offender_id, forename AS first_name, forename2 AS second_name, forename3 AS third_name,
    other_surname AS surname,
    -- The letter stays; the digits only look like a code that searches use.
    upper(other_surname[1:1]) || lpad((hash(lower(other_surname)) % 667)::VARCHAR, 3, '0') AS surname_soundex,
    CASE WHEN u('alias dob', k) >= 0.1 THEN dob END AS date_of_birth_date, CASE WHEN sex IS NOT NULL THEN delius_id('gender', sex) END AS gender_id,
    (u('deleted alias', k) < 0.02)::INTEGER AS soft_deleted
FROM other WHERE (forename, other_surname, dob) IS DISTINCT FROM (first_name, main_surname, date_of_birth_date);

-- The present home, where they lived at first if that is another, and now and then one that they only proposed.
CREATE OR REPLACE TEMP TABLE delius_address AS
WITH stays AS (
    SELECT w.*, 'M' AS status, w.offender_key * 4 AS k, e.written_on AS moved_before FROM delius_known AS w
    LEFT JOIN delius_known AS e ON e.offender_key = w.offender_key AND e.slot = 1
    WHERE w.slot = 0
    UNION ALL
    SELECT e.*, 'P', e.offender_key * 4 + 1, w.written_on FROM delius_known AS e
    JOIN delius_known AS w ON w.offender_key = e.offender_key AND w.slot = 0
    WHERE e.slot = 1 AND (e.first_line IS DISTINCT FROM w.first_line OR e.postcode IS DISTINCT FROM w.postcode)
    UNION ALL
    SELECT w.*, 'PR', w.offender_key * 4 + 2, NULL FROM delius_known AS w WHERE w.slot = 2 AND u('proposed', w.offender_key) < 0.3
), placed AS (
    -- Areas of the census number about 34,000 in England and 1,900 in Wales; here the sector of the postcode tells which.
    SELECT *, upper(replace(postcode, ' ', '')) AS code, coalesce(postcode[1:3], '') = 'NF1' AS is_homeless FROM stays
), coded AS (
    SELECT *, regexp_full_match(code, '[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}') AND NOT is_homeless AS is_real,
           regexp_extract(code, '^[A-Z]+') IN ('CF', 'LL', 'NP', 'SA', 'LD') AS is_in_wales, hash(code[:len(code) - 1]) AS area_hash
    FROM placed
)
SELECT k AS row_key, number40(k) AS offender_address_id, number40(offender_key) AS offender_id,
    nullif(regexp_extract(first_line, '^\d+'), '') AS address_number,
    CASE WHEN starts_with(first_line, 'Flat') OR ends_with(first_line, 'House') THEN split_part(first_line, ',', 1) END AS building_name,
    CASE WHEN NOT is_homeless THEN regexp_replace(first_line, '^\d+ ', '') END AS street_name, NULL::VARCHAR AS district, town AS town_city, county, postcode,
    CASE WHEN is_real THEN CASE WHEN is_in_wales THEN 'W01' || lpad((area_hash % 1909 + 1)::VARCHAR, 6, '0') ELSE 'E01' || lpad((area_hash % 32844 + 1)::VARCHAR, 6, '0') END END AS lsoa11_code,
    CASE WHEN u('abode missing', k) >= 0.05 THEN yes_no(is_homeless) END AS no_fixed_abode,
    written_on - whole(u('moved in', k), 30, 400) AS start_date, CASE WHEN status = 'P' THEN written_on + floor((moved_before - written_on) * u('moved out', k))::INTEGER END AS end_date,
    CASE WHEN u('status missing', k) >= 0.01 THEN delius_id('address_status', status) END AS address_status_id, (u('deleted address', k) < 0.01)::INTEGER AS soft_deleted
FROM coded;

CREATE OR REPLACE TEMP TABLE delius_additional_identifier AS
WITH each_kind AS (
    SELECT o.row_key AS offender_key, o.row_key * 4 + n AS k, n, o.*
    FROM delius_offender AS o, range(4) AS t(n)
)
SELECT k AS row_key, number40(k) AS additional_identifier_id, offender_id,
    delius_id('identifier_type', ['PNC', 'DRL', 'YCRN', 'MSVN'][n + 1]) AS identifier_name_id,
    CASE n WHEN 0 THEN pnc_number WHEN 3 THEN crn ELSE lpad((number33(k) % 100000000)::VARCHAR, 8, '0') END AS identifier,
    (u('deleted identifier', k) < 0.02)::INTEGER AS soft_deleted
FROM each_kind
WHERE CASE n WHEN 0 THEN pnc_number IS NOT NULL AND u('again', k) < 0.1 WHEN 3 THEN soft_deleted = 1 ELSE u('other number', k) < 0.06 END;

CREATE OR REPLACE TEMP TABLE truth_probation AS
SELECT 'probation' AS dataset, number40(offender_key)::VARCHAR AS record_id, 'P' || lpad(defendant::VARCHAR, 8, '0') AS person_id FROM delius_person;
