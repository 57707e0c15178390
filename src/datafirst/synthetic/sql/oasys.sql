-- How does OASys hold the people and their assessments? Each assessment has a copy of the details.
CREATE OR REPLACE TEMP TABLE oasys_known AS
SELECT r.details_key, r.entry_key, w.* EXCLUDE (is_company, company_name), u('way of writing', w.record_key) AS writing
FROM oasys_record AS r JOIN oasys_written AS w USING (record_key);

CREATE OR REPLACE TEMP TABLE oasys_offender AS
WITH entered AS (
    SELECT k.*, e.in_prison, e.in_community FROM oasys_known AS k
    JOIN (SELECT entry_key, bool_or(is_custodial) AS in_prison, bool_or(NOT is_custodial OR begun_on >= release_on) AS in_community
          FROM oasys_assessment GROUP BY entry_key) AS e USING (entry_key)
)
SELECT entry_key AS row_key, entry_key, number40(entry_key + 17) AS offender_pk,
    CASE WHEN writing < 0.5 THEN upper(surname) ELSE surname END AS family_name,
    CASE WHEN writing < 0.5 THEN upper(forename1) ELSE forename1 END AS forename_1,
    CASE WHEN writing < 0.5 THEN upper(forename2) ELSE forename2 END AS forename_2,
    CASE WHEN writing < 0.5 THEN upper(forename3) ELSE forename3 END AS forename_3,
    dob AS date_of_birth, CASE sex WHEN 'M' THEN '1' WHEN 'F' THEN '2' ELSE '9' END AS gender_elm, ethnicity_self_defined AS ethnic_category_elm,
    CASE WHEN u('pnc missing', entry_key) < 0.15 THEN NULL WHEN writing < 0.7 THEN pnc WHEN writing < 0.85 THEN pnc[3:]
         WHEN writing < 0.9 THEN pnc[3:4] || '/' || ltrim(pnc[6:12], '0') || pnc[13:] WHEN writing < 0.91 THEN mistyped_digit_at(pnc, 9, writing * 100 - 90)
         ELSE replace(pnc, '/', '') END AS pnc,
    CASE WHEN u('cro missing', entry_key) < 0.004 THEN '000000/00Z' WHEN u('cro missing', entry_key) < 0.5 THEN NULL ELSE cro END AS cro_number,
    CASE WHEN u('crn missing', entry_key) >= CASE WHEN in_community THEN 0.05 ELSE 0.5 END THEN probation_number(defendant) END AS cms_prob_number,
    CASE WHEN in_prison AND u('noms missing', entry_key) >= 0.06 THEN
        CASE WHEN u('noms slip', entry_key) < 0.004 THEN mistyped_digit_at(noms_number(defendant), 4, writing) ELSE noms_number(defendant) END END AS cms_pris_number,
    first_line AS address_line_1, town AS address_line_2, county AS address_line_3, postcode AS address_postcode,
    yes_no(coalesce(starts_with(postcode, 'NF1'), false)) AS nfa_ind, yes_no(u('limited', entry_key) < 0.003) AS limited_access_offender,
    yes_no(u('merged', entry_key) < 0.02) AS merged_ind, NULL::DATE AS deleted_date
FROM entered;

-- Likelihoods of reoffending follow from the past, the age, the sex and the needs.
CREATE OR REPLACE TEMP TABLE oasys_scored AS
WITH weighed AS (
    SELECT *, (nth - 1) * 2 + floor(8 * u('earlier sanctions', defendant) ^ 2)::INTEGER + 1 AS sanctions,
           floor((begun_on - dob) / 365.25) AS age, CASE WHEN offence_group IN ('01', '03', '07') THEN 1 ELSE 0 END AS is_violent
    FROM oasys_assessment
), likely AS (
    SELECT *, 1 / (1 + exp(-(-1.5 + 0.75 * ln(sanctions) - 0.045 * (age - 30) + CASE sex WHEN 'M' THEN 0.25 ELSE -0.1 END + 0.5 * (u('ogrs', k) - 0.5)))) AS ogrs,
           least(0.97, 1 / (1 + exp(-(-2.2 + 0.5 * ln(sanctions) - 0.04 * (age - 30) + 2.2 * risk)))) AS ogp,
           least(0.95, 1 / (1 + exp(-(-2.6 + 0.3 * ln(sanctions) - 0.035 * (age - 30) + 1.1 * is_violent + 1.6 * risk)))) AS ovp,
           exp(-2.2 + 1.1 * is_violent + 2.0 * risk + 1.2 * (u('rsr', k) - 0.5)) AS rsr,
           0.5 * u('harm', defendant) + 0.25 * is_violent + 0.25 * risk + CASE WHEN is_sexual THEN 0.2 ELSE 0.0 END + 0.05 * (u('harm now', assessment_key) - 0.5) AS harm
    FROM weighed
)
SELECT *, round(100 * ogrs)::BIGINT AS ogrs2, round(62 * ogrs)::BIGINT AS ogrs1, round(100 * ogp)::BIGINT AS ogp2, round(64 * ogp)::BIGINT AS ogp1,
       round(100 * ovp)::BIGINT AS ovp2, round(63 * ovp)::BIGINT AS ovp1
FROM likely;
CREATE OR REPLACE MACRO oasys_band(score, high, very_high) AS
    CASE WHEN score IS NULL THEN NULL WHEN score < high / 2 THEN 'L' WHEN score < high THEN 'M' WHEN score < very_high THEN 'H' ELSE 'V' END;

CREATE OR REPLACE TEMP TABLE oasys_set AS
WITH detailed AS (
    SELECT a.*, d.* EXCLUDE (details_key, entry_key, defendant, writing, record_key, sex, dob), d.dob AS own_dob, d.sex AS own_sex,
           e.offender_pk, e.family_name, e.forename_1, e.forename_2, e.forename_3, e.date_of_birth, e.gender_elm, e.ethnic_category_elm,
           e.pnc AS entry_pnc, e.cro_number, e.cms_prob_number, e.cms_pris_number,
           -- The details are carried over, but now and then asked and typed anew.
           u('carried over', a.details_key) < 0.85 AS is_copy, form IN ('LAYER1', 'LAYER2', 'LAYER3') AS is_full,
           u('status', assessment_key) AS status, assessment_key AS q
    FROM oasys_scored AS a JOIN oasys_known AS d USING (details_key) JOIN oasys_offender AS e ON e.row_key = a.entry_key
)
SELECT q AS row_key, number40(q) AS oasys_set_pk, offender_pk, number40(parent_key) AS parent_oasys_set_pk,
    CASE WHEN is_copy THEN family_name ELSE surname END AS family_name, CASE WHEN is_copy THEN forename_1 ELSE forename1 END AS forename_1,
    CASE WHEN is_copy THEN forename_2 ELSE forename2 END AS forename_2, CASE WHEN is_copy THEN forename_3 ELSE forename3 END AS forename_3,
    CASE WHEN is_copy THEN date_of_birth ELSE own_dob END AS date_of_birth,
    CASE WHEN is_copy OR own_sex IS NULL THEN gender_elm WHEN own_sex = 'M' THEN '1' ELSE '2' END AS gender_elm,
    CASE WHEN is_copy THEN ethnic_category_elm ELSE ethnicity_self_defined END AS ethnic_category_elm,
    entry_pnc AS pnc, cro_number, CASE WHEN u('crn then', q) >= 0.04 THEN cms_prob_number END AS cms_prob_number,
    CASE WHEN begun_on >= sentenced_on AND u('noms then', q) >= 0.03 THEN cms_pris_number END AS cms_pris_number, postcode AS current_post_code,
    form AS ref_ass_version_code,
    CASE WHEN form = 'LAYER1' AND begun_on >= DATE '2019-04-12' THEN '2' ELSE '1' END AS version_number,
    CASE WHEN is_fast THEN 'FAST_REVIEW' WHEN form = 'BCS' THEN 'BASIC_CUSTODY_SCREENING' ELSE regexp_replace(form, '^LAYER', 'LAYER_') END AS assessment_type_elm,
    CASE WHEN u('purpose missing', q) < 0.01 THEN NULL WHEN is_report AND slot IN (0, 16) THEN '10' WHEN slot IN (0, 8, 16) THEN CASE WHEN is_custodial THEN '30' ELSE '20' END
         WHEN is_in_prison AND release_on - begun_on < 90 THEN '50' WHEN is_custodial AND NOT is_in_prison AND begun_on - release_on < 200 THEN '60'
         WHEN runs_to - begun_on < 45 THEN '90' WHEN u('purpose', q) < 0.1 THEN '80' ELSE '40' END AS purpose_assessment_elm,
    CASE WHEN completed_on > DATE '2021-09-22' THEN 'OPEN' WHEN status < 0.012 THEN 'LOCKED_INCOMPLETE' WHEN status < 0.018 THEN 'OPEN' WHEN status < 0.021 THEN 'SIGNED' ELSE 'COMPLETE' END AS assessment_status_elm,
    CASE WHEN is_in_prison THEN 'P' ELSE 'C' END AS prison_ind,
    CASE WHEN u('area missing', q) < 0.01 THEN NULL
         WHEN is_in_prison AND sex = 'F' THEN one_of(u('prison', k), ['NHI', 'BZI'])
         WHEN is_in_prison THEN one_of(u('prison', k), ['BMI', 'BXI', 'CFI', 'DGI', 'DNI', 'EYI', 'HLI', 'LEI', 'LII', 'MRI', 'NMI', 'PVI', 'PDI', 'SWI', 'WWI'])
         WHEN begun_on < DATE '2014-06-01' THEN 'T' || lpad(whole(u('area', home_key), 1, 11)::VARCHAR, 2, '0')
         WHEN begun_on > DATE '2021-06-25' THEN 'R0' || whole(u('area', home_key), 1, 7)
         WHEN harm > 0.6 OR is_report THEN 'N0' || whole(u('area', home_key), 1, 7) ELSE 'C0' || whole(u('area', home_key), 1, 9) END AS originating_areaest_code,
    begun_on AS initiation_date, CASE WHEN completed_on <= DATE '2021-09-22' AND (status >= 0.018 OR status < 0.012) THEN completed_on END AS date_completed,
    CASE WHEN is_in_prison THEN one_of(u('healthcare', q), ['NONE', 'NONE', 'STANDARD', 'STANDARD', 'STANDARD', 'ENHANCED', 'ENHANCED', 'INPATIENT']) END AS level_healthcare_req_elm,
    CASE WHEN is_full AND begun_on < DATE '2019-01-01' THEN whole(risk * 0.99, 1, 4)::VARCHAR END AS tier_level_elm,
    CASE WHEN u('interpreter missing', q) >= 0.03 THEN yes_no(coalesce(nationality, 'GBR') <> 'GBR' AND u('interpreter', defendant) < 0.35) END AS interpreter_required_ind,
    CASE WHEN u('forces missing', q) >= 0.1 THEN yes_no(u('forces', defendant) < 0.035) END AS armed_forces_ind,
    CASE WHEN u('looked after missing', q) >= 0.1 THEN yes_no(u('looked after', defendant) < 0.22) END AS looked_after,
    CASE WHEN u('deportation missing', q) >= 0.05 THEN yes_no(coalesce(nationality, 'GBR') <> 'GBR' AND is_custodial AND u('deportation', defendant) < 0.1) END AS recommended_dep_ind,
    CASE WHEN u('charges missing', q) >= 0.05 THEN yes_no(u('charges', q) < 0.08) END AS charges_pending_ind,
    CASE WHEN u('appeal missing', q) >= 0.05 THEN yes_no(u('appeal', q) < 0.015) END AS appeal_pending_indicator,
    CASE WHEN is_custodial AND begun_on >= sentenced_on THEN sentenced_on END AS reception_date,
    CASE WHEN kind = 'custody' AND begun_on >= sentenced_on THEN release_on END AS conditional_release_date,
    CASE WHEN kind = 'life' THEN release_on END AS parole_eligibility_date,
    CASE WHEN kind = 'custody' AND begun_on >= sentenced_on AND custodial_days BETWEEN 84 AND 1460 THEN release_on - least(135, custodial_days // 4) END AS home_detn_curfew_date,
    CASE WHEN kind = 'custody' AND begun_on >= sentenced_on AND custodial_days >= 365 THEN runs_to END AS licence_expiry_date,
    CASE WHEN kind = 'custody' AND begun_on >= sentenced_on THEN runs_to END AS sentence_expiry_date,
    CASE WHEN is_custodial AND NOT is_in_prison AND begun_on >= release_on AND u('released', q) < 0.4 THEN release_on END AS date_of_actual_release,
    CASE WHEN kind = 'life' THEN 'LIFE' WHEN is_custodial AND begun_on >= sentenced_on THEN one_of(u('release type', k), ['ARD', 'CRD', 'CRD', 'CRD', 'HDC', 'PAR']) END AS release_type_elm,
    CASE WHEN form = 'LAYER3' AND is_abuse AND u('spousal', q) >= 0.55 AND u('no sara', q) < 0.8 THEN one_of(u('why no sara', q), ['SUFFINF', 'SUFFINF', 'NOTHERE', 'OTHER'])
         WHEN form = 'LAYER3' AND NOT is_abuse AND u('no sara', q) < 0.15 THEN 'NOEVID' END AS no_sara_reason_elm,
    CASE WHEN no_sara_reason_elm IS NOT NULL THEN begun_on END AS no_sara_date,
    CASE WHEN is_full THEN ogrs1 END AS ogrs3_1year, CASE WHEN is_full THEN ogrs2 END AS ogrs3_2year, CASE WHEN is_full THEN oasys_band(ogrs2, 75, 90) END AS ogrs3_risk_recon_elm,
    is_full AND form <> 'LAYER1' AS is_deep,
    CASE WHEN is_deep THEN round(60 * ogrs)::BIGINT END AS ogp_st_wesc, CASE WHEN is_deep THEN round(40 * least(risk, 1))::BIGINT END AS ogp_dy_wesc, ogp_st_wesc + ogp_dy_wesc AS ogp_tot_wesc,
    CASE WHEN is_deep THEN ogp1 END AS ogp_1year, CASE WHEN is_deep THEN ogp2 END AS ogp_2year, CASE WHEN is_deep THEN oasys_band(ogp2, 67, 85) END AS ogp_risk_recon_elm,
    CASE WHEN is_deep THEN round(60 * ovp)::BIGINT END AS ovp_st_wesc, CASE WHEN is_deep THEN round(40 * least(risk, 1))::BIGINT END AS ovp_dy_wesc, ovp_st_wesc + ovp_dy_wesc AS ovp_tot_wesc,
    CASE WHEN is_deep THEN ovp1 END AS ovp_1year, CASE WHEN is_deep THEN ovp2 END AS ovp_2year, CASE WHEN is_deep THEN oasys_band(ovp2, 60, 80) END AS ovp_risk_recon_elm,
    CASE WHEN is_full AND begun_on >= DATE '2014-06-01' THEN round(least(rsr, 60), 2) END AS rsr_percentage_score,
    CASE WHEN rsr_percentage_score < 3 THEN 'L' WHEN rsr_percentage_score < 6.9 THEN 'M' WHEN rsr_percentage_score IS NOT NULL THEN 'H' END AS rsr_risk_recon_elm,
    CASE WHEN is_full AND begun_on >= DATE '2021-03-01' THEN CASE WHEN is_sexual AND sex = 'M' THEN one_of(u('osp c', defendant), ['L', 'L', 'M', 'M', 'H', 'V']) ELSE 'N' END END AS osp_c_risk_recon_elm,
    CASE WHEN is_full AND begun_on >= DATE '2021-03-01' THEN CASE WHEN is_sexual AND sex = 'M' THEN one_of(u('osp i', defendant), ['L', 'L', 'M', 'H']) ELSE 'N' END END AS osp_i_risk_recon_elm,
    CASE WHEN is_full THEN CASE WHEN harm < 0.38 THEN 'L' WHEN harm < 0.72 THEN 'M' WHEN harm < 1.0 THEN 'H' ELSE 'V' END END AS rosh_level_elm,
    CASE WHEN u('void', q) < 0.004 THEN begun_on + 40 END AS assessment_voided_date, CASE WHEN u('deleted', q) < 0.005 THEN begun_on + 60 END AS deleted_date
FROM detailed;

CREATE OR REPLACE TEMP TABLE truth_oasys AS
SELECT 'oasys' AS dataset, number40(assessment_key)::VARCHAR AS record_id, 'P' || lpad(defendant::VARCHAR, 8, '0') AS person_id FROM oasys_assessment;
