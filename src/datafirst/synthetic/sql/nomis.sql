-- How does p-NOMIS write down the people, and what does it know them by? Each reception is written down by a clerk; the first
-- of an offender makes the main name, and a later one that differs may make an alias.
CREATE OR REPLACE TEMP TABLE nomis_name AS
WITH received AS (
    SELECT b.root_key, b.booking_key, b.begins, b.nth, b.is_under_another, w.* EXCLUDE (defendant, is_company, written_on), h.sex AS real_sex,
           concat_ws(' ', upper(w.forename1), upper(w.surname), w.dob) AS written,
           first_value(b.booking_key) OVER (PARTITION BY b.root_key ORDER BY b.is_under_another, b.begins, b.booking_key) AS main_booking
    FROM nomis_booking AS b
    JOIN nomis_written AS w ON w.record_key = 144115188075855872 + b.booking_key
    JOIN human AS h ON h.person = b.person
), compared AS (
    SELECT *, booking_key = main_booking AS is_main, first_value(written) OVER (PARTITION BY root_key ORDER BY is_under_another, begins, booking_key) AS main_written
    FROM received
)
SELECT *, row_number() OVER (PARTITION BY root_key ORDER BY is_main DESC, begins, booking_key) AS name_seq
FROM compared WHERE is_main OR written IS DISTINCT FROM main_written AND (is_under_another OR u('new alias', booking_key) < 0.75);

-- The offender's row has the number of the offender, an alias one of its own.
CREATE OR REPLACE TEMP TABLE offenders AS
WITH keyed AS (SELECT *, CASE WHEN is_main THEN root_key ELSE booking_key + 274877906944 END AS name_key, root_key + 137438953472 AS k FROM nomis_name)
SELECT name_key AS row_key, number40(CASE WHEN is_main THEN k ELSE name_key END) AS offender_id,
    CASE WHEN u('name seq', name_key) >= 0.01 THEN name_seq END AS offender_name_seq,
    CASE WHEN u('id source', name_key) >= 0.01 THEN CASE WHEN u('id source', k) < 0.1 THEN 'LIDS' ELSE 'SEQ' END END AS id_source_code,
    upper(surname) AS last_name, CASE WHEN is_main THEN 'CN' ELSE one_of(u('alias kind', name_key), ['A', 'A', 'A', 'MAID', 'NICK']) END AS name_type,
    upper(forename1) AS first_name, upper(forename2) AS middle_name, upper(forename3) AS middle_name_2,
    dob AS birth_date, CASE WHEN sex IS NULL THEN one_of(u('sex unknown', name_key), ['NK', 'NS', 'REF']) ELSE sex END AS sex_code,
    NULL::VARCHAR AS suffix, CASE WHEN u('title', name_key) < 0.6 THEN CASE sex WHEN 'M' THEN 'MR' WHEN 'F' THEN 'MS' END END AS title,
    upper(surname)[1:1] || lpad((hash(upper(surname)) % 667)::VARCHAR, 3, '0') AS last_name_soundex,
    CASE WHEN u('birth place', k) < 0.25 THEN upper(town) END AS birth_place,
    CASE WHEN u('birth country', k) < 0.5 THEN nationality END AS birth_country_code,
    -- Two rows that were merged and said different things stay unconfirmed for years.
    CASE WHEN u('merged', k) < 0.01 THEN 'MERGE' WHEN ethnicity_self_defined IS NULL THEN CASE WHEN u('unknown race', name_key) < 0.25 THEN 'UN' END
         ELSE ethnicity_self_defined END AS race_code,
    CASE WHEN NOT is_main THEN number40(k) END AS alias_offender_id, number40(k) AS root_offender_id,
    -- Seldom is the number of somebody else put in, who is there too.
    CASE WHEN u('number of another', root_key) < 0.05 THEN noms_of(coalesce(another, root_key)) ELSE noms_of(root_key) END AS offender_id_display,
    CASE WHEN NOT is_main THEN one_of(u('alias kind', name_key), ['A', 'A', 'A', 'MAID', 'NICK']) END AS alias_name_type,
    CASE WHEN dob IS NULL AND u('age', name_key) < 0.5 THEN whole(u('age guessed', name_key), 18, 60) END AS age,
    begins AS create_date
FROM keyed LEFT JOIN (SELECT root_key AS another FROM nomis_name WHERE is_main AND root_key % 2 = 0) AS o ON another = xor(root_key // 2, 2) * 2;

CREATE OR REPLACE TEMP TABLE truth_prison AS
SELECT 'prison' AS dataset, number40(root_key + 137438953472)::VARCHAR AS record_id, 'P' || lpad((root_key // 2)::VARCHAR, 8, '0') AS person_id
FROM nomis_name WHERE is_main;

-- A home is told at each reception; the next one ends it.
CREATE OR REPLACE TEMP TABLE offender_addresses AS
WITH told AS (
    SELECT b.root_key, b.booking_key, b.begins, w.* EXCLUDE (record_key), u('no address', b.booking_key) AS r,
           lead(b.begins) OVER (PARTITION BY b.root_key ORDER BY b.begins, b.booking_key) AS until
    FROM nomis_booking AS b JOIN nomis_written AS w ON w.record_key = 144115188075855872 + b.booking_key
)
SELECT booking_key AS row_key, number40(xor(booking_key, 5)) AS address_id, number40(root_key + 137438953472) AS root_offender_id,
    CASE WHEN starts_with(first_line, 'Flat ') THEN regexp_extract(first_line, '^Flat (\d+)', 1) END AS flat,
    regexp_extract(first_line, '^(?:Flat \d+, )?(\d+) ', 1) AS premise, regexp_replace(first_line, '^(Flat \d+, )?\d+ ', '') AS street,
    NULL::VARCHAR AS locality, town AS city_code, upper(postcode) AS postal_code,
    CASE WHEN u('abode flag', booking_key) >= 0.03 THEN yes_no(first_line = 'No fixed abode') END AS no_fixed_address_flag,
    CASE WHEN u('paf', booking_key) < 0.7 THEN yes_no(u('paf', booking_key) < 0.6) END AS validated_paf_flag,
    CASE WHEN u('primary', booking_key) >= 0.01 THEN yes_no(until IS NULL) END AS primary_flag,
    CASE WHEN u('address day', booking_key) >= 0.01 THEN begins END AS start_date, until AS end_date
FROM told WHERE r >= 0.06 AND (postcode IS NOT NULL OR first_line IS NOT NULL);

CREATE OR REPLACE TEMP TABLE offender_identifiers AS
WITH names AS (
    SELECT n.root_key, n.begins, n.root_key * 8 AS k, w.pnc, w.cro, p.pnc AS other_pnc
    FROM nomis_name AS n
    JOIN nomis_written AS w ON w.record_key = n.record_key
    LEFT JOIN human AS p ON p.person = xor(n.root_key // 2, 2)
    WHERE n.is_main
), numbers AS (
    SELECT k + 1 AS row_key, root_key, begins, 'PNC' AS identifier_type,
        CASE WHEN u('pnc of another', k) < 0.003 THEN other_pnc
             WHEN u('pnc form', k) < 0.55 THEN pnc WHEN u('pnc form', k) < 0.75 THEN pnc[3:] WHEN u('pnc form', k) < 0.85 THEN replace(pnc, '/', '')
             WHEN u('pnc form', k) < 0.97 THEN pnc[3:5] || ltrim(pnc[6:12], '0') || pnc[13:]
             ELSE mistyped_digit_at(pnc, 8, u('pnc slip', k)) END AS identifier
    FROM names WHERE u('has pnc', k) < 0.85
    UNION ALL
    SELECT k + 2, root_key, begins, 'CRO', CASE WHEN u('cro form', k) < 0.03 THEN '000000/00Z' ELSE cro END FROM names WHERE u('has cro', k) < 0.75
    UNION ALL
    SELECT k + 3, root_key, begins, one_of(u('other kind', k), ['NINO', 'NINO', 'DL', 'HOREF', 'SPNUM', 'PASS']), 'X' || lpad((number33(k) % 100000000)::VARCHAR, 8, '0') FROM names WHERE u('has other', k) < 0.3
)
SELECT row_key, number40(root_key + 137438953472) AS offender_id, row_number() OVER (PARTITION BY root_key ORDER BY row_key) AS offender_id_seq,
    number40(root_key + 137438953472) AS root_offender_id, identifier_type, identifier,
    CASE WHEN u('verified', row_key) < 0.6 THEN yes_no(u('verified', row_key) < 0.4) END AS verified_flag,
    CASE WHEN u('issued', row_key) < 0.2 THEN begins END AS issued_date
FROM numbers WHERE identifier IS NOT NULL;
