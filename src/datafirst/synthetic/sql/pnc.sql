-- How does the PNC hold people, arrests and cautions?
CREATE OR REPLACE TEMP TABLE pnc_person AS
SELECT w.record_key AS row_key, number40(w.defendant) AS pnc_person_id,
    -- The check letter betrays a mistyped number.
    CASE WHEN u('pnc slip', record_key) < 0.002 THEN mistyped_digit_at(pnc, 9, u('pnc how', record_key)) ELSE pnc END AS pncid,
    CASE WHEN u('cro none', record_key) < 0.01 THEN '000000/00Z' ELSE cro END AS cro,
    upper(surname) AS surname, upper(forename1) AS forename1, upper(forename2) AS forename2, upper(forename3) AS forename3,
    strftime(dob, '%d/%m/%Y') AS date_of_birth, coalesce(sex, 'U') AS sex, ethnicity_officer AS ethnic_appearance, ethnicity_self_defined, nationality,
    first_line AS address_line, postcode, owner_force, created_on, last_event_on, events_count
FROM pnc_written AS w JOIN pnc_known AS k USING (defendant);

CREATE OR REPLACE TEMP TABLE pnc_alias AS
WITH others AS (
    SELECT w.*, h.birth_surname, h.married_surname, h.married_on, h.alias_forename, h.alias_surname, h.first_forename, k.created_on
    FROM pnc_written AS w JOIN human AS h ON h.person = w.defendant JOIN pnc_known AS k USING (defendant)
), named AS (
    SELECT defendant, 1 AS n, 'M' AS alias_type, birth_surname AS s, forename1 AS f, dob, created_on FROM others WHERE married_on <= created_on
    UNION ALL
    SELECT defendant, 2, 'A', coalesce(alias_surname, birth_surname), coalesce(alias_forename, first_forename),
           CASE WHEN u('alias birth', defendant) < 0.2 THEN dob + whole(u('alias years', defendant), -800, 800) END, created_on
    FROM others WHERE alias_surname IS NOT NULL OR alias_forename IS NOT NULL
)
SELECT defendant * 4 + n AS row_key, number40(defendant * 4 + n) AS alias_id, number40(defendant) AS pnc_person_id, alias_type,
    upper(s) AS surname, upper(f) AS forename1, CASE WHEN dob < DATE '2015-01-01' THEN strftime(dob, '%d/%m/%Y') END AS date_of_birth, created_on AS entered_on
FROM named;

CREATE OR REPLACE TEMP TABLE pnc_arrest_summons AS
SELECT e.event_key AS row_key, number40(e.event_key) AS arrest_summons_id, number40(e.defendant) AS pnc_person_id, f.asn, stage AS process_stage,
    event_on, CASE WHEN charged_on >= event_on THEN charged_on END AS charged_on, force,
    coalesce(c.offences_count, 1) AS offences_count,
    CASE WHEN u('prints', e.event_key) >= 0.02 THEN yes_no(stage = 'A') END AS fingerprints_flag,
    CASE WHEN u('prints', e.event_key) >= 0.02 THEN yes_no(stage = 'A' AND u('dna', e.event_key) < 0.7) END AS dna_flag,
    yes_no(e.event_key = k.first_event) AS first_entry_flag, CASE WHEN e.case_key IS NULL THEN 'CA' ELSE 'CH' END AS outcome
FROM pnc_event AS e JOIN pnc_known AS k USING (defendant)
LEFT JOIN (SELECT row_key AS defendant_key, asn FROM hocas_flatfile) AS f USING (defendant_key)
LEFT JOIN (SELECT case_key, offences_count FROM case_file) AS c USING (case_key);

CREATE OR REPLACE TEMP TABLE pnc_caution AS
WITH cautioned AS (
    SELECT e.*, h.dob, e.event_on < h.dob + INTERVAL 18 YEAR AS is_youth, u('kind of caution', event_key) AS r
    FROM pnc_event AS e JOIN human AS h ON h.person = e.defendant WHERE e.case_key IS NULL
), decided AS (
    SELECT *, CASE WHEN is_youth AND event_on < DATE '2013-04-08' THEN CASE WHEN r < 0.65 THEN 'RP' ELSE 'FW' END
                   WHEN is_youth THEN CASE WHEN r < 0.7 THEN 'YC' WHEN r < 0.8 THEN 'YX' ELSE 'CR' END
                   WHEN offence_group = '06' AND r < 0.4 THEN 'CW' WHEN r < 0.8 THEN 'SC' WHEN r < 0.93 THEN 'CC' ELSE 'CR' END AS caution_type
    FROM cautioned
)
SELECT event_key AS row_key, number40(event_key) AS caution_id, number40(defendant) AS pnc_person_id, number40(event_key) AS arrest_summons_id,
    caution_type, event_on AS cautioned_on, force, offence_code, offence_group,
    CASE WHEN caution_type IN ('YX', 'CC') THEN whole(u('conditions', event_key), 1, 4) END AS conditions_count,
    CASE WHEN caution_type IN ('YX', 'CC') THEN yes_no(u('complied', event_key) < 0.85) END AS complied_flag,
    CASE WHEN is_youth THEN yes_no(u('adult', event_key) < 0.97) END AS appropriate_adult_flag
FROM decided;

CREATE OR REPLACE TEMP TABLE pnc_remand AS
WITH held AS (
    SELECT r.remand_key * 2 AS k, e.*, 'CU' AS remand_type, greatest(r.remanded_on, e.event_on) AS remanded_on, greatest(r.ends_on, e.event_on) AS ends_on
    FROM remand AS r JOIN pnc_event AS e USING (defendant_key)
    UNION ALL
    -- Between the charge and the first hearing.
    SELECT e.event_key * 16 + 1, e.*, CASE WHEN a.first_hearing <= e.charged_on + 1 THEN 'PC' WHEN u('bail', e.event_key) < 0.4 THEN 'BC' ELSE 'BU' END,
           e.charged_on, a.first_hearing
    FROM pnc_event AS e JOIN appearance AS a USING (defendant_key)
    WHERE e.charged_on >= e.event_on AND u('remand entered', e.event_key) < 0.8
)
SELECT k AS row_key, number40(k) AS remand_id, number40(defendant) AS pnc_person_id, number40(event_key) AS arrest_summons_id,
    CASE WHEN remand_type = 'CU' AND remanded_on < (h.dob + INTERVAL 18 YEAR) AND remanded_on >= DATE '2012-12-03' THEN 'YD' ELSE remand_type END AS remand_type,
    remanded_on, CASE WHEN ends_on <= DATE '2021-09-25' THEN ends_on END AS ends_on, force,
    CASE WHEN remand_type = 'BC' THEN whole(u('conditions', k), 1, 5) END AS conditions_count,
    CASE WHEN remand_type = 'BC' THEN yes_no(u('curfew', k) < 0.3) END AS curfew_flag,
    CASE WHEN remand_type IN ('BC', 'BU') THEN yes_no(u('breach', k) < 0.08) END AS breach_flag
FROM held JOIN human AS h ON h.person = held.defendant;

CREATE OR REPLACE TEMP TABLE pnc_custody AS
SELECT sentence_key AS row_key, number40(sentence_key) AS custody_id, number40(s.defendant) AS pnc_person_id, number40(e.event_key) AS arrest_summons_id,
    CASE kind WHEN 'life' THEN 'L' WHEN 'youth_custody' THEN 'Y' ELSE 'D' END AS custody_type, sentenced_on AS received_on,
    CASE WHEN kind <> 'life' THEN custodial_days END AS sentence_days,
    CASE WHEN kind <> 'life' THEN sentenced_on + (custodial_days // 2)::INTEGER END AS expected_release_on,
    yes_no(kind = 'life' OR custodial_days >= 365 OR sentenced_on >= DATE '2015-02-01') AS licence_flag,
    CASE WHEN kind <> 'life' AND (custodial_days >= 365 OR sentenced_on >= DATE '2015-02-01') THEN sentenced_on + custodial_days END AS licence_ends_on,
    e.force, CASE WHEN kind <> 'life' THEN yes_no(u('recalled', sentence_key) < 0.15) END AS recalled_flag
FROM sentence AS s JOIN pnc_event AS e USING (defendant_key)
WHERE kind IN ('custody', 'life', 'youth_custody');

CREATE OR REPLACE TEMP TABLE truth_pnc AS
SELECT 'pnc' AS dataset, number40(defendant)::VARCHAR AS record_id, 'P' || lpad(defendant::VARCHAR, 8, '0') AS person_id FROM pnc_record;
