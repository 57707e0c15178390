-- How does CaseMan hold claims, parties and addresses? Names stand in one line, in columns, or both.
CREATE OR REPLACE MACRO by_now(d) AS CASE WHEN d <= DATE '2021-09-25' THEN d END;

-- How far does each claim go? Routes: default, admission, defence, dropped, hearing, paper.
CREATE OR REPLACE TEMP TABLE civil_course AS
WITH routed AS (
    SELECT c.*, u('route', claim_key) AS r, issued + whole(u('served', claim_key), 5, 12) AS served,
        CASE WHEN claim_type = 'PERI' THEN round(1000 + 24000 * amount_draw ^ 3, 2) WHEN kind = 'possession' THEN round(300 + 9000 * amount_draw ^ 2, 2)
             WHEN claim_type IN ('INJN', 'PT8O', 'TRES') THEN NULL ELSE round(exp(4.7 + 5.2 * amount_draw ^ 1.4), 2) END AS amount
    FROM civil_claim AS c SEMI JOIN civil_party USING (claim_key)
), gone AS (
    SELECT *, CASE WHEN claim_type = 'PACC' THEN CASE WHEN r < 0.82 THEN 'paper' ELSE 'dropped' END
            WHEN kind = 'possession' OR claim_type = 'INJN' THEN 'hearing'
            WHEN kind = 'sues' OR kind = 'neighbour' THEN CASE WHEN r < 0.22 THEN 'default' WHEN r < 0.27 THEN 'admission' WHEN r < 0.76 THEN 'defence' ELSE 'dropped' END
            WHEN r < 0.6 THEN 'default' WHEN r < 0.7 THEN 'admission' WHEN r < 0.86 THEN 'defence' ELSE 'dropped' END AS route
    FROM routed
), answered AS (
    SELECT *, CASE WHEN route IN ('admission', 'defence') OR route = 'hearing' AND u('answers', claim_key) < 0.2
                   THEN by_now(served + whole(u('answered', claim_key), 4, 30)) END AS answered,
        u('result', claim_key) AS result
    FROM gone
), heard AS (
    SELECT *, CASE WHEN claim_type = 'INJN' THEN issued + whole(u('heard', claim_key), 3, 25) WHEN route = 'hearing' THEN issued + whole(u('heard', claim_key), 32, 70)
                   WHEN route = 'defence' THEN answered + whole(u('heard', claim_key), 80, 320) END AS heard,
        CASE WHEN route = 'defence' THEN by_now(answered + whole(u('allocated', claim_key), 25, 70)) END AS allocated
    FROM answered
)
SELECT *, CASE WHEN allocated IS NULL THEN NULL WHEN amount <= 10000 OR amount IS NULL THEN 'S' WHEN amount <= 20000 THEN 'F' ELSE 'M' END AS track,
    by_now(CASE WHEN route = 'default' THEN served + whole(u('entered', claim_key), 17, 70) WHEN route = 'admission' THEN answered + whole(u('entered', claim_key), 3, 35)
                WHEN route = 'paper' THEN served + whole(u('entered', claim_key), 16, 50)
                WHEN route = 'hearing' AND result < 0.8 OR route = 'defence' AND result < 0.55 THEN heard END) AS judged,
    CASE WHEN route = 'default' THEN CASE WHEN claim_type = 'RGDS' THEN 'RGDS' ELSE 'DEFA' END
         WHEN route = 'admission' THEN CASE WHEN u('determined', claim_key) < 0.3 THEN 'DETE' ELSE 'ADMI' END
         WHEN route = 'paper' OR claim_type = 'TRES' THEN 'POOU' WHEN claim_type = 'INJN' THEN 'INJN'
         WHEN route = 'hearing' THEN CASE WHEN result < 0.44 THEN 'POOU' WHEN result < 0.75 THEN 'POSU' ELSE 'POPO' END
         ELSE CASE WHEN result < 0.03 THEN 'SUMM' WHEN result < 0.12 THEN 'CONS' WHEN result < 0.14 THEN 'COST' ELSE 'TRIA' END END AS judgment_type,
    CASE WHEN route = 'defence' AND allocated IS NOT NULL AND kind IN ('debt', 'trade', 'business') AND u('transferred', claim_key) < 0.7 THEN allocated - 5 END AS transferred
FROM heard;

CREATE OR REPLACE TEMP TABLE cm_party AS
WITH known AS (
    SELECT p.*, record_key, w.company_name, w.forename1 AS f1, w.forename2 AS f2, w.forename3 AS f3, w.surname AS s, w.dob, w.sex, h.married_on
    FROM civil_party AS p
    JOIN caseman_written AS w ON w.record_key = 576460752303423488 + p.party_key
    LEFT JOIN human AS h ON h.person = p.who AND p.nature = 'person'
    UNION ALL BY NAME
    SELECT p.*, 576460752303423488 + p.party_key AS record_key, b.bulk_name AS company_name
    FROM civil_party AS p JOIN (SELECT DISTINCT bulk, bulk_name FROM bulk_party) AS b ON b.bulk = p.who WHERE nature = 'bulk'
), titled AS (
    SELECT *, u('layout', record_key) AS l, u('flag', record_key) AS flag, u('trades as', record_key) < 0.02 AND party_role = 'DEFT' AND nature = 'person' AS is_trader,
        CASE WHEN nature <> 'person' OR u('title', record_key) < 0.14 OR sex IS NULL THEN NULL WHEN u('title', record_key) < 0.155 THEN 'DR'
             WHEN NOT is_adult THEN CASE sex WHEN 'M' THEN 'MASTER' ELSE 'MISS' END
             WHEN sex = 'M' THEN 'MR' WHEN married_on <= issued THEN 'MRS' WHEN u('title', record_key) < 0.6 THEN 'MISS' ELSE 'MS' END AS t
    FROM known
), flagged AS (
    SELECT *, CASE WHEN nature = 'person' THEN CASE WHEN is_trader AND flag < 0.3 OR flag < 0.003 THEN 'Y' WHEN flag < 0.95 THEN 'N' END
                   WHEN flag < 0.93 THEN 'Y' WHEN flag < 0.965 THEN 'N' END AS flag_written,
        upper(CASE WHEN nature = 'person' THEN concat_ws(' ', t, f1, f2, f3, s) ELSE company_name END) AS line
    FROM titled
)
SELECT party_key AS row_key, cm_case_number(f.claim_key, f.issued) AS case_number, party_number, party_role, flag_written AS is_company,
    CASE WHEN l >= 0.98 AND nature = 'person' THEN NULL WHEN is_trader THEN line || ' T/A ' || upper(s) || one_of(u('trade', record_key), [' BUILDERS', ' ROOFING', ' MOTORS', ' PROPERTIES']) ELSE line END AS name,
    CASE WHEN nature = 'person' AND (l < 0.7 OR l >= 0.98) THEN t END AS title,
    CASE WHEN nature <> 'person' THEN CASE WHEN flag_written = 'N' THEN split_part(line, ' ', 1) END
         WHEN l < 0.7 OR l >= 0.98 THEN upper(f1) WHEN l < 0.8 THEN upper(concat_ws(' ', t, f1)) END AS forename1,
    CASE WHEN nature = 'person' AND (l < 0.8 OR l >= 0.98) THEN upper(concat_ws(' ', f2, f3)) END AS forename2_written, nullif(forename2_written, '') AS forename2,
    CASE WHEN nature <> 'person' THEN CASE WHEN flag_written = 'N' THEN line[len(split_part(line, ' ', 1)) + 2:] END
         WHEN l < 0.8 OR l >= 0.98 THEN upper(s) WHEN l >= 0.96 THEN line END AS surname,
    CASE WHEN nature = 'person' AND party_role = 'DEFT' AND u('dob asked', record_key) < 0.36 THEN upper(strftime(dob, '%d-%b-%Y')) END AS date_of_birth,
    CASE WHEN nature = 'bulk' AND u('coded', record_key) < 0.8 THEN (1500 + who)::VARCHAR END AS coded_party_number,
    CASE WHEN u('represented', record_key) < 0.03 THEN NULL
         ELSE yes_no(u('represented', record_key) < CASE WHEN party_role = 'CLMT' THEN 0.6 WHEN nature = 'person' THEN 0.12 ELSE 0.5 END) END AS represented_flag,
    CASE WHEN represented_flag = 'Y' THEN lpad(number40(party_key)::VARCHAR, 13, '0') END AS solicitor_reference,
    CASE WHEN u('telephone', record_key) < 0.15 AND nature = 'person' THEN '07700 9' || lpad(whole(u('number', record_key), 0, 99999)::VARCHAR, 5, '0') END AS telephone,
    NULL::VARCHAR AS email,
    CASE WHEN party_role <> 'DEFT' THEN NULL WHEN u('service', record_key) < 0.012 AND route = 'dropped' THEN 'N' ELSE one_of(u('how served', record_key), ['P', 'P', 'P', 'P', 'P', 'P', 'C', 'C', 'S', 'R']) END AS service_method,
    CASE WHEN party_role = 'DEFT' AND service_method <> 'N' THEN by_now(served) END AS service_date,
    CASE WHEN party_role <> 'DEFT' THEN NULL WHEN answered IS NOT NULL THEN CASE WHEN route = 'admission' THEN CASE WHEN u('part', record_key) < 0.25 THEN 'PADM' ELSE 'ADMI' END
             WHEN u('acknowledges', record_key) < 0.1 THEN 'ACKS' WHEN u('acknowledges', record_key) < 0.2 THEN 'DFCC' ELSE 'DEFE' END
         WHEN route = 'default' AND judged IS NOT NULL THEN 'NONE' END AS response_type,
    CASE WHEN party_role = 'DEFT' THEN answered END AS response_date,
    CASE WHEN u('deleted', record_key) < 0.02 THEN NULL ELSE yes_no(u('deleted', record_key) < 0.025 AND party_role = 'DEFT' AND party_number > 2) END AS deleted_flag
FROM flagged AS f JOIN (SELECT claim_key, route, served, answered, judged FROM civil_course) USING (claim_key);

CREATE OR REPLACE TEMP TABLE cm_address AS
WITH served AS (
    SELECT p.party_key, p.claim_key, p.issued, party_number, r.record_key, r.written_on, moved.written_on AS moved_on, first_line, town, county, postcode
    FROM civil_party AS p
    JOIN caseman_record AS r ON r.party_key = p.party_key
    JOIN (SELECT record_key, first_line, town, county, postcode FROM caseman_written) AS w ON w.record_key = r.record_key
    LEFT JOIN caseman_record AS moved ON moved.party_key = p.party_key AND moved.is_later AND NOT r.is_later
    UNION ALL
    SELECT party_key, claim_key, issued, party_number, 576460752303423488 + party_key, issued, NULL,
           whole(u('office', who), 1, 90) || ' ' || one_of(u('office street', who), getvariable('streets_start')) || ' House', areas.town, areas.county,
           areas.area || whole(u('office district', who), 1, areas.districts) || ' 1' || one_of(u('office unit', who), ['AA', 'BX', 'LT', 'PS'])
    FROM civil_party JOIN area_wheel AS office ON office.slot = whole(u('office area', who), 0, 4095) JOIN areas ON areas.area = office.item
    WHERE nature = 'bulk'
)
SELECT record_key AS row_key, number40(record_key - 576460752303423488) AS address_id, cm_case_number(claim_key, issued) AS case_number, party_number, 'SERV' AS address_type,
    upper(first_line) AS line_1, NULL::VARCHAR AS line_2, upper(town) AS line_3, upper(county) AS line_4, NULL::VARCHAR AS line_5, postcode,
    CASE WHEN u('address dated', record_key) >= 0.01 THEN written_on END AS valid_from, moved_on AS valid_to
FROM served;

CREATE OR REPLACE TEMP TABLE truth_civil AS
SELECT 'civil' AS dataset, concat_ws('/', cm_case_number(claim_key, issued), party_number) AS record_id,
       CASE WHEN nature = 'person' THEN 'P' || lpad(who::VARCHAR, 8, '0') END AS person_id
FROM civil_party;
