-- How does Libra write a case down? One row for each defendant, everything on it.
CREATE OR REPLACE TEMP TABLE libra_outcome AS
SELECT defendant_key, bool_or(is_guilty) AS is_guilty, bool_or(offence_group = '13') AS is_breach,
       bool_or(result_code IN ('IMP', 'YOI', 'DTO', 'SSO', 'CO', 'YRO')) AS is_serious
FROM libra_offence GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE hocas_flatfile AS
WITH appeared AS (
    SELECT a.* EXCLUDE (dob), a.defendant_key AS k, w.* EXCLUDE (record_key, defendant, is_company, written_on, first_line),
           first_line, o.is_guilty AND route NOT IN ('T', 'S') AS is_sentenced, o.is_guilty, is_serious, is_breach,
           u('way of writing', a.defendant_key) AS writing, u('remand', a.defendant_key) AS remand,
           CASE offence_code WHEN 'CO03001' THEN 'TL' WHEN 'VE94001' THEN 'DV' WHEN 'ED96001' THEN 'LA' WHEN 'EP90001' THEN 'EA'
                WHEN 'HS74001' THEN 'HS' WHEN 'SS92009' THEN 'DW' WHEN 'CV80001' THEN 'LA' WHEN 'RR89001' THEN 'RO' END AS other_prosecutor
    FROM appearance AS a JOIN libra_written AS w ON w.record_key = a.defendant_key
    LEFT JOIN libra_outcome AS o USING (defendant_key)
    WHERE NOT is_not_in_libra
), cased AS (
    SELECT *, coalesce(other_prosecutor, CASE WHEN offence_group = '13' THEN 'PR' ELSE force END) AS prosecutor,
           force || 'ABCDEFGH'[1 + floor(u('unit', court::BIGINT) * 8)::INTEGER] || whole(u('unit', court::BIGINT), 1, 9)
           || lpad((number33(crown_case_key) % 100000)::VARCHAR, 5, '0') || strftime(first_hearing, '%y') AS ptiurn_true,
           strftime(initiated, '%y') || force || lpad(whole(u('unit', court::BIGINT), 1, 99)::VARCHAR, 2, '0') || '01'
           || lpad(number33(defendant_key)::VARCHAR, 11, '0') AS asn_true
    FROM appeared
)
SELECT k AS row_key, libra_case(case_key, first_hearing) AS case_id, libra_defendant(defendant_key) AS defendant_id,
    CASE WHEN u('reference missing', k) >= 0.008 THEN strftime(first_hearing, '%y') || lpad((number33(case_key) % 100000000)::VARCHAR, 8, '0') END AS case_reference,
    CASE WHEN u('ptiurn missing', k) < CASE WHEN prosecutor > '9' THEN 0.5 ELSE 0.03 END THEN NULL
         WHEN u('ptiurn', k) < 0.03 THEN ptiurn_true[1:2] || ' ' || ptiurn_true[3:4] || ' ' || ptiurn_true[5:9] || ' ' || ptiurn_true[10:]
         WHEN u('ptiurn', k) < 0.06 THEN ptiurn_true[1:4] || '/' || ptiurn_true[5:9] || '/' || ptiurn_true[10:]
         ELSE ptiurn_true END AS ptiurn,
    CASE WHEN is_company OR initiation IN ('J', 'A', 'R') OR prosecutor > '9' OR u('asn missing', k) < 0.1 THEN NULL
         WHEN u('asn', k) < 0.05 THEN asn_true[1:2] || '/' || asn_true[3:6] || '/' || asn_true[7:8] || '/' || asn_true[9:] || check_letter(asn_true[1:2] || asn_true[9:])
         ELSE asn_true || check_letter(asn_true[1:2] || asn_true[9:]) END AS asn,
    CASE WHEN u('pnc missing', k) < CASE WHEN kind = 'sjp' THEN 0.9 ELSE 0.25 END THEN NULL
         WHEN writing < 0.6 THEN pnc WHEN writing < 0.75 THEN replace(pnc, '/', '') WHEN writing < 0.9 THEN pnc[3:]
         WHEN writing < 0.93 THEN pnc[3:4] || '/' || ltrim(pnc[6:12], '0') || pnc[13:]
         WHEN writing < 0.94 THEN mistyped_digit_at(pnc, 9, writing * 100 - 93) ELSE replace(pnc[3:], '/', '') END AS pnc,
    CASE WHEN is_company THEN NULL WHEN u('cro missing', k) < 0.004 THEN '000000/00Z' WHEN u('cro missing', k) < 0.45 THEN NULL
         WHEN writing < 0.9 THEN cro ELSE ltrim(cro, '0') END AS cro,
    CASE WHEN is_company THEN 'O' ELSE 'P' END AS defendant_type,
    CASE WHEN NOT is_company AND u('title', k) < 0.55 THEN
        CASE WHEN sex = 'F' THEN one_of(u('which title', k), ['Miss', 'Ms', 'Mrs', 'Miss']) ELSE 'Mr' END END AS title,
    CASE WHEN writing < 0.6 THEN upper(forename1) ELSE forename1 END AS forename1,
    CASE WHEN writing < 0.6 THEN upper(forename2) ELSE forename2 END AS forename2,
    CASE WHEN writing < 0.6 THEN upper(forename3) ELSE forename3 END AS forename3,
    CASE WHEN writing < 0.6 THEN upper(surname) ELSE surname END AS surname,
    CASE WHEN is_company THEN CASE WHEN writing < 0.6 THEN upper(company_name) ELSE company_name END END AS organisation_name,
    strftime(dob, '%d/%m/%Y') AS defendant_dob,
    CASE WHEN sex IS NULL AND u('sex missing', k) < 0.5 THEN 'NS' ELSE sex END AS defendant_sex,
    first_line AS address_line1, town AS address_line2, county AS address_line3,
    NULL::VARCHAR AS address_line4, NULL::VARCHAR AS address_line5, postcode,
    CASE WHEN kind <> 'sjp' THEN ethnicity_self_defined END AS ethnicity_self_defined,
    CASE WHEN kind <> 'sjp' AND initiation IN ('C', 'P', 'W', 'S') THEN ethnicity_officer END AS ethnicity_officer,
    CASE WHEN kind <> 'sjp' THEN nationality END AS nationality,
    yes_no(kind = 'youth') AS youth_flag,
    CASE WHEN is_company OR u('interpreter', k) < 0.03 THEN NULL ELSE yes_no(coalesce(nationality, 'GBR') <> 'GBR' AND u('interpreter', k) < 0.4) END AS interpreter_flag,
    court AS court_code, CASE WHEN kind = 'youth' AND u('adult court', case_key) > 0.07 THEN 'Y' ELSE 'A' END AS court_type,
    CASE WHEN offence_group = '13' THEN 'N' ELSE 'C' END AS case_class,
    CASE WHEN u('prosecutor missing', k) >= 0.006 THEN prosecutor END AS prosecutor_code, initiation AS initiation_type,
    arrested AS arrest_date, CASE WHEN is_charge THEN initiated END AS charge_date,
    CASE WHEN u('initiated missing', k) >= 0.003 THEN initiated END AS initiation_date,
    first_hearing AS first_hearing_date, CASE WHEN NOT is_open THEN ends END AS final_hearing_date,
    hearings AS hearings_count, hearings - 1 AS adjournments_count,
    CASE WHEN offence_group = '13' THEN 'NA' WHEN mode = 'S' THEN 'SM' WHEN mode = 'I' THEN 'IO'
         WHEN route = 'T' THEN CASE WHEN u('elects', case_key) < 0.25 THEN 'EE' ELSE 'ED' END ELSE 'EM' END AS mode_of_trial,
    CASE WHEN mode = 'E' THEN first_hearing END AS mode_of_trial_date,
    CASE WHEN is_company OR kind = 'sjp' THEN 'N' WHEN remand < 0.08 THEN 'C' WHEN remand < 0.3 THEN 'B' WHEN remand < 0.31 AND kind = 'youth' THEN 'L' ELSE 'U' END AS bail_status_first,
    CASE WHEN is_open THEN NULL WHEN is_company OR kind = 'sjp' THEN 'N' WHEN remand < 0.07 THEN 'C' WHEN remand < 0.34 THEN 'B' ELSE 'U' END AS bail_status_final,
    CASE WHEN u('remand days', k) < 0.03 THEN NULL WHEN remand < 0.07 THEN (ends - first_hearing)::INTEGER ELSE 0 END AS remand_days,
    yes_no(hearings > 1 AND u('warrant', k) < 0.09) AS warrant_flag,
    CASE WHEN u('represented', k) < 0.05 THEN NULL WHEN kind = 'sjp' THEN 'U' ELSE one_of(u('represented', k), ['U', 'R', 'R', 'D', 'U']) END AS legal_representation,
    CASE WHEN u('represented', k) < 0.05 THEN NULL ELSE yes_no(kind <> 'sjp' AND u('legal aid', k) < 0.3) END AS legal_aid_flag,
    CASE WHEN is_open THEN CASE WHEN u('warrant', k) < 0.3 THEN 'W' ELSE 'O' END WHEN route IN ('T', 'S') THEN 'T' ELSE 'F' END AS case_status,
    CASE WHEN is_open THEN 'N' ELSE route END AS committal_type,
    CASE WHEN NOT is_open THEN committed END AS committal_date, CASE WHEN NOT is_open AND route <> 'N' THEN crown_court END AS committal_crown_court,
    CASE WHEN is_guilty THEN ends END AS conviction_date, CASE WHEN is_sentenced THEN ends END AS sentence_date,
    yes_no(is_sentenced IS TRUE AND is_serious AND u('report', k) < 0.6) AS pre_sentence_report_flag,
    offences_count, CASE WHEN is_sentenced AND u('tic', k) < 0.004 THEN whole(u('tics', k), 1, 12) ELSE 0 END AS tic_count,
    CASE WHEN is_sentenced AND NOT is_breach THEN one_of(u('surcharge', k), [15.0, 20, 30, 34, 60, 80, 85, 115]) END AS surcharge_amount,
    CASE WHEN is_sentenced AND u('costs', k) < 0.85 THEN one_of(u('which costs', k), [40.0, 50, 85, 85, 85, 90, 110, 135, 250, 620]) END AS costs_amount,
    yes_no(offence_code IN ('CJ88001', 'OF61102', 'PH97003', 'PH97001', 'SC15001', 'PH97015', 'FL96001') AND u('domestic', case_key) < 0.45) AS domestic_abuse_flag,
    yes_no(u('hate', case_key) < CASE WHEN offence_code IN ('CD98001', 'CD98005', 'CD98041', 'CD98070') THEN 0.8 WHEN offence_group = '08' THEN 0.05 ELSE 0.003 END) AS hate_crime_flag,
    yes_no(is_breach IS TRUE) AS breach_flag, yes_no(route = 'A' AND NOT is_open) AS appeal_flag,
    least(CASE WHEN is_open THEN DATE '2021-09-28' ELSE ends + whole(u('updated', k), 1, 60) END, DATE '2021-09-28') AS last_updated
FROM cased;
