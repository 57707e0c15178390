-- How does XHIBIT write down cases and the people in them?
CREATE OR REPLACE TEMP TABLE xhb_case AS
WITH linked AS (
    SELECT *, crown_key AS k, CASE WHEN is_severed THEN case_key * 2 + 1 - part END AS linked_key,
           lpad((number33(case_key) % 100000000)::VARCHAR, 8, '0') AS reference_serial, u('reference', crown_key) AS ref
    FROM crown_case
)
SELECT k AS row_key, number40(k) AS case_id,
    case_type || year(received) || lpad((number40(k) % 10000)::VARCHAR, 4, '0') AS case_number, case_type,
    CASE WHEN u('sub type', k) < 0.03 THEN NULL WHEN case_type = 'S' THEN 'CS'
         WHEN case_type = 'A' THEN one_of(u('appeal kind', k), ['AC', 'AS']) WHEN mode = 'I' THEN 'IO'
         WHEN u('elects', case_key) < 0.25 THEN 'EL' ELSE 'EW' END AS case_sub_type,
    CASE WHEN u('receipt', k) < 0.02 THEN NULL WHEN case_type = 'S' THEN 'CS'
         WHEN case_type = 'A' THEN one_of(u('appeal kind', k), ['AC', 'AS', 'AB'])
         WHEN u('receipt', k) < 0.03 THEN 'VB' WHEN crown_court <> usual_court THEN 'TR'
         WHEN received < DATE '2013-06-01' AND mode = 'E' THEN 'CT' ELSE 'ST' END AS receipt_type,
    crown_court AS court_id, received AS received_date,
    CASE WHEN ref < 0.35 THEN NULL WHEN ref < 0.43 THEN misspelt(strftime(first_hearing, '%y') || reference_serial, u('reference slip', k))
         WHEN ref < 0.45 THEN reference_serial
         ELSE strftime(first_hearing, '%y') || reference_serial END AS magistrates_case_ref,
    CASE WHEN case_type <> 'T' THEN ends END AS mag_conviction_date,
    CASE WHEN u('bail missing', k) >= 0.1 THEN one_of(u('bail', k), ['U', 'B', 'B', 'C', 'C']) END AS bail_mag_code,
    CASE WHEN linked_key IS NOT NULL THEN number40(linked_key) END AS linked_case_id,
    CASE WHEN u('class missing', k) >= 0.05 THEN offence_class END AS case_class,
    CASE WHEN u('class changed', k) < 0.15 THEN least(4, offence_class + 1) END AS class_code,
    CASE WHEN u('severed missing', k) >= 0.03 THEN yes_no(is_severed) END AS severed_ind,
    CASE WHEN case_type = 'T' AND u('indictment', k) < 0.9 THEN received + whole(u('indictment', k), 15, 40) END AS date_ind_rec,
    CASE WHEN case_type = 'T' AND u('estimate', k) < 0.4 THEN round(0.5 + exp(3.2 * u('trial days', k)), 1) END AS est_pdh_trial_length,
    CASE WHEN case_type = 'T' AND u('estimate', k) < 0.5 THEN whole(u('witnesses', k) ^ 2, 0, 25) END AS no_pros_witness,
    CASE WHEN case_type = 'T' AND u('estimate', k) < 0.5 THEN (10 + exp(8 * u('pages', k)))::INTEGER END AS no_page_pros_evidence,
    CASE WHEN u('agency', k) < 0.7 THEN force || '/' || lpad((number33(case_key + 17) % 1000000)::VARCHAR, 6, '0') || '/' || strftime(first_hearing, '%y') END AS pros_agency_reference,
    CASE WHEN u('verified', k) >= 0.02 THEN yes_no(NOT crown_is_open AND u('verified', k) < 0.95) END AS results_verified,
    CASE WHEN crown_court <> usual_court THEN crown_court END AS ccc_trans_to_ref_court_id
FROM linked JOIN (SELECT offence_code, offence_class FROM offences) USING (offence_code);

CREATE OR REPLACE TEMP TABLE xhb_defendant AS
SELECT record_key AS row_key, number40(person_key) AS defendant_id,
    CASE WHEN u('capitals', record_key) < 0.3 THEN upper(forename1) ELSE forename1 END AS first_name,
    nullif(concat_ws(' ', forename2, forename3), '') AS middle_name,
    CASE WHEN is_company THEN company_name WHEN u('capitals', record_key) < 0.3 THEN upper(surname) ELSE surname END AS surname,
    CASE WHEN NOT is_company AND u('initials', record_key) < 0.5 THEN forename1[1:1] || coalesce(forename2[1:1], '') END AS initials,
    dob AS date_of_birth, CASE WHEN is_company OR sex IS NULL THEN 0 WHEN sex = 'M' THEN 1 ELSE 2 END::BIGINT AS gender,
    yes_no(is_company) AS is_company, CASE WHEN u('address missing', record_key) >= 0.04 THEN number40(person_key) END AS address_id,
    r.crown_court AS court_id, CASE WHEN r.is_in_prison THEN one_of(u('prison', record_key), ['BMI', 'LEI', 'MRI', 'WWI', 'PVI', 'CFI', 'DGI', 'HLI', 'NMI', 'SWI']) END AS prison_id,
    CASE WHEN u('conviction', record_key) < 0.05 THEN r.written_on - whole(u('conviction day', record_key), 100, 3000) END AS last_conviction_date,
    ethnicity_officer AS ethnic_appearance_code, ethnicity_self_defined,
    CASE WHEN r.is_in_prison THEN one_of(u('prison status', record_key), ['R', 'S', 'S', 'N']) END AS current_prison_status,
    first_line, town, county, postcode
FROM xhibit_written JOIN (SELECT record_key, person_key, crown_court, is_in_prison, written_on FROM xhibit_record) AS r USING (record_key);

CREATE OR REPLACE TEMP TABLE xhb_address AS
SELECT row_key, address_id, first_line AS address_1, NULL::VARCHAR AS address_2, NULL::VARCHAR AS address_3, NULL::VARCHAR AS address_4, town, county, postcode
FROM xhb_defendant WHERE address_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE crown_sentence AS
SELECT doc_key, bool_or(disposal IN ('IMP', 'YOI', 'EDS', 'LIFE', 'IPP', 'S91', 'DTO')) AS is_custodial, bool_or(disposal = 'SSO') AS is_suspended,
       bool_or(is_convicted) AS is_convicted, bool_or(is_convicted AND offence_group = '06' AND offence_class = 3) AS is_drugs
FROM crown_count GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE xhb_defendant_on_case AS
WITH parties AS (
    SELECT d.*, doc_key AS k, w.pnc, w.nationality, s.* EXCLUDE (doc_key), u('pnc missing', d.doc_key) AS p, f.ptiurn, f.asn,
           u('dates', doc_key) AS t
    FROM crown_defendant AS d JOIN xhibit_written AS w ON w.record_key = d.person_key + 35184372088832
    JOIN crown_sentence AS s USING (doc_key)
    LEFT JOIN (SELECT row_key AS defendant_key, ptiurn, asn FROM hocas_flatfile) AS f USING (defendant_key)
)
SELECT k AS row_key, number40(k) AS defendant_on_case_id, number40(crown_key) AS case_id, number40(person_key) AS defendant_id, defendant_number,
    CASE WHEN u('urn', k) < 0.15 THEN NULL WHEN u('urn', k) < 0.21 THEN misspelt(ptiurn, u('urn slip', k)) ELSE ptiurn END AS ptiurn,
    CASE WHEN u('asn', k) < 0.25 THEN NULL WHEN u('asn', k) < 0.37 THEN replace(asn, '/', '')[:16] WHEN u('asn', k) < 0.4 THEN misspelt(asn, u('urn slip', k)) ELSE asn END AS asn,
    CASE WHEN p < 0.2 THEN NULL WHEN p < 0.9 THEN replace(pnc[3:], '/', '') WHEN p < 0.97 THEN pnc[3:5] || ltrim(pnc[6:12], '0')[:6] || pnc[13:]
         ELSE mistyped_digit_at(replace(pnc[3:], '/', ''), 7, (p - 0.97) * 33) END AS pnc_id,
    CASE WHEN case_type = 'A' AND t < 0.5 OR t < 0.04 THEN NULL WHEN t > 0.96 THEN received ELSE committed END AS date_of_committal,
    CASE WHEN u('court missing', k) >= 0.08 THEN court END AS collect_magistrate_court_id,
    yes_no(coalesce(dob > received - INTERVAL 18 YEAR, false)) AS is_juvenile, yes_no(u('masked', k) < 0.004) AS is_masked,
    CASE WHEN u('masked', k) < 0.004 THEN 'Defendant ' || one_of(u('letter', k), ['A', 'B', 'C', 'D', 'X', 'Y']) END AS masked_name,
    CASE WHEN u('tics missing', k) < 0.06 THEN NULL WHEN is_convicted AND u('tics', k) < 0.02 THEN whole(u('tics', k) * 50, 1, 30) ELSE 0 END AS no_of_tics,
    CASE WHEN u('status missing', k) < 0.05 THEN NULL WHEN crown_is_open THEN one_of(u('status', k), ['U', 'B', 'C']) WHEN is_custodial THEN 'C' ELSE one_of(u('status', k), ['U', 'N']) END AS current_bc_status,
    CASE WHEN u('arrival missing', k) >= 0.1 THEN one_of(u('arrival', k), ['U', 'B', 'B', 'C', 'C']) END AS comm_bc_status,
    CASE WHEN NOT crown_is_open THEN yes_no(is_custodial IS TRUE) END AS custodial, CASE WHEN NOT crown_is_open THEN yes_no(is_suspended IS TRUE) END AS suspended,
    CASE WHEN NOT crown_is_open THEN yes_no(is_drugs IS TRUE) END AS serious_drug_offence,
    CASE WHEN NOT crown_is_open THEN yes_no(is_custodial IS TRUE AND nationality <> 'GBR' AND u('deported', k) < 0.2) END AS recommended_deportation,
    nationality, yes_no(u('hate', case_key) < 0.012) AS hate_ind,
    CASE WHEN u('hate', case_key) < 0.012 THEN one_of(u('hate type', case_key), ['RAC', 'RAC', 'RAC', 'REL', 'SOR', 'DIS', 'TRA']) END AS hate_type,
    CASE WHEN case_type = 'T' AND u('fixed', k) < 0.5 THEN completes - whole(u('fixed', k), 0, 30) END AS first_fixed_trial,
    CASE WHEN u('hearing missing', k) < 0.05 THEN NULL WHEN case_type = 'S' THEN 'SEN' WHEN case_type = 'A' THEN 'APP'
         WHEN received < DATE '2016-01-05' THEN 'PRE' ELSE 'PTP' END AS first_hearing_type,
    CASE WHEN u('mag dates', k) >= 0.18 THEN first_hearing END AS mag_court_first_hearing_date,
    CASE WHEN u('mag dates', k) < 0.12 THEN NULL WHEN u('mag dates', k) > 0.97 THEN ends + 1 ELSE ends END AS mag_court_final_hearing_date,
    CASE WHEN case_type = 'T' AND u('limit', k) < 0.3 THEN received + 182 END AS custody_time_limit,
    CASE WHEN NOT crown_is_open THEN completes END AS completion_date,
    CASE WHEN is_convicted AND u('cacd', k) < 0.03 THEN one_of(u('cacd result', k), ['CA', 'CD', 'SA', 'SD', 'AB', 'RT', 'SD']) END AS cacd_appeal_result,
    CASE WHEN is_convicted AND u('cacd', k) < 0.03 THEN completes + whole(u('cacd', k) * 30, 100, 400) END AS cacd_appeal_result_date,
    yes_no(NOT crown_is_open AND u('checked', k) < 0.93) AS results_verified,
    CASE WHEN is_obsolete THEN 'Y' WHEN u('obs missing', k) >= 0.03 THEN 'N' END AS obs_ind
FROM parties;
