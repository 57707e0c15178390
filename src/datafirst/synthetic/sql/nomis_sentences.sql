-- How does p-NOMIS hold what somebody is in prison for: sentences, their terms, charges, key dates and the legal ground?
CREATE OR REPLACE TEMP TABLE nomis_sentence AS
WITH every_sentence AS (
    SELECT booking_key, period_key * 8 AS k, person, begins, case_key, defendant_key, period_key, offence_code, result_code, days, crd, sed, tariff, hdced, may_have_curfew, NULL::BIGINT AS spell_key, false AS is_fixed
    FROM nomis_period WHERE kind <> 'remand'
    UNION ALL
    -- On recall a sentence of its own is entered: the rest of the licence.
    SELECT s.booking_key, s.spell_key * 8 + 7, s.person, s.begins, NULL, NULL, NULL, NULL, NULL, NULL, NULL, b.sed, NULL, NULL, false, s.spell_key, s.is_fixed
    FROM nomis_spell AS s JOIN nomis_booking AS b USING (booking_key) WHERE s.is_recall
)
SELECT e.*, row_number() OVER (PARTITION BY booking_key ORDER BY begins, k) AS seq, h.dob,
    CASE WHEN spell_key IS NOT NULL THEN CASE WHEN is_fixed THEN CASE WHEN u('short fixed', k) < 0.3 AND begins >= DATE '2014-04-01' THEN '14FTR' ELSE 'FTR' END
                                              WHEN sed IS NULL THEN 'LR_LP' WHEN begins >= DATE '2015-02-01' THEN 'LR_ORA' ELSE 'LR' END
         WHEN result_code = 'LIFE' THEN CASE WHEN offence_code = 'COML025' THEN 'MLP' ELSE 'DLP' END
         WHEN result_code = 'EDS' THEN CASE WHEN begins < DATE '2012-12-03' THEN 'EPP' WHEN h.dob + INTERVAL 21 YEAR > begins THEN 'EDS18' ELSE 'EDS21' END
         WHEN result_code = 'IPP' THEN CASE WHEN begins < DATE '2012-12-03' THEN 'IPP' ELSE 'DLP' END
         WHEN result_code = 'S91' THEN CASE WHEN begins < DATE '2020-12-01' THEN 'SEC91' ELSE 'SEC250' END WHEN result_code = 'DTO' THEN 'DTO'
         ELSE CASE WHEN h.dob + INTERVAL 21 YEAR > begins THEN 'YOI' ELSE 'ADIMP' END || CASE WHEN begins >= DATE '2015-02-01' AND days < 730 THEN '_ORA' ELSE '' END
    END AS calc_type
FROM every_sentence AS e JOIN human AS h ON h.person = e.person;

CREATE OR REPLACE TEMP TABLE offender_sentences AS
SELECT k AS row_key, number40(booking_key) AS offender_book_id, seq AS sentence_seq,
    CASE WHEN defendant_key IS NOT NULL AND u('case missing', k) >= 0.02 THEN number40(defendant_key) END AS case_id, calc_type AS sentence_calc_type,
    CASE WHEN spell_key IS NOT NULL THEN 'LICENCE' WHEN begins >= DATE '2020-12-01' THEN '2020' WHEN u('act', k) < 0.01 THEN '1991' ELSE '2003' END AS sentence_category,
    CASE WHEN coalesce(sed, DATE '9999-01-01') < DATE '2021-09-25' OR u('mistaken sentence', k) < 0.01 THEN 'I' ELSE 'A' END AS sentence_status,
    CASE WHEN spell_key IS NULL AND lag(spell_key IS NULL) OVER (PARTITION BY booking_key ORDER BY seq) AND u('consecutive', k) < 0.4 THEN seq - 1 END AS consec_to_sentence_seq,
    CASE WHEN u('placeholder', k) < 0.002 THEN DATE '1900-01-01' WHEN u('placeholder', k) < 0.005 THEN DATE '1970-01-01' ELSE begins END AS start_date, CASE WHEN sed >= begins THEN sed END AS end_date,
    CASE WHEN u('mistaken sentence', k) < 0.01 THEN 'ERR' WHEN spell_key IS NULL AND u('appeal', k) < 0.006 THEN 'APP' END AS termination_reason,
    CASE WHEN u('mistaken sentence', k) < 0.01 THEN begins WHEN spell_key IS NULL AND u('appeal', k) < 0.006 THEN begins + 120 END AS termination_date,
    NULL::DATE AS ard_calculated_date, crd AS crd_calculated_date, CASE WHEN calc_type IN ('EDS21', 'EDS18', 'EPP') THEN crd - 30 END AS ped_calculated_date, NULL::DATE AS npd_calculated_date,
    CASE WHEN calc_type NOT IN ('DTO') THEN sed END AS led_calculated_date, sed AS sed_calculated_date, CASE WHEN may_have_curfew THEN hdced END AS hdced_calculated_date,
    CASE WHEN ends_with(calc_type, '_ORA') AND spell_key IS NULL THEN crd + 365 END AS tused_calculated_date, tariff AS tariff_calculated_date,
    NULL::DOUBLE AS fine_amount, days AS aggregate_term
FROM nomis_sentence;

CREATE OR REPLACE TEMP TABLE offender_sentence_terms AS
WITH lengths AS (
    SELECT *, calc_type IN ('MLP', 'DLP', 'IPP') AS is_for_life, days < 366 AND days % 7 = 0 AS is_in_weeks, floor(days / 365.25)::INTEGER AS whole_years,
           days - round(floor(days / 365.25) * 365.25)::INTEGER AS rest
    FROM nomis_sentence WHERE spell_key IS NULL
)
SELECT k AS row_key, number40(booking_key) AS offender_book_id, seq AS sentence_seq, 1 AS term_seq, 'IMP' AS sentence_term_code,
    CASE WHEN NOT is_for_life AND whole_years > 0 THEN whole_years END AS years,
    CASE WHEN NOT is_for_life AND NOT is_in_weeks THEN floor(rest / 30.4375)::INTEGER END AS months,
    CASE WHEN NOT is_for_life AND is_in_weeks THEN days // 7 END AS weeks,
    CASE WHEN NOT is_for_life AND NOT is_in_weeks THEN rest - round(floor(rest / 30.4375) * 30.4375)::INTEGER END AS days,
    NULL::BIGINT AS hours, CASE WHEN u('life flag', k) >= 0.02 THEN yes_no(is_for_life) END AS life_sentence_flag, begins AS start_date
FROM lengths
UNION ALL
SELECT k + 1, number40(booking_key), seq, 2, 'LIC', whole(u('extension', k), 1, 5), 0, NULL, 0, NULL, 'N', begins FROM lengths WHERE calc_type IN ('EDS21', 'EDS18', 'EPP');

CREATE OR REPLACE TEMP TABLE offender_charges AS
WITH brought AS (
    SELECT booking_key, case_key, defendant_key, min(period_key) AS period_key, bool_or(kind <> 'remand') AS is_sentenced, any_value(result_code) AS result_code
    FROM nomis_period GROUP BY booking_key, case_key, defendant_key
), charged AS (
    SELECT b.*, period_key * 8 + o.offence_seq AS k, o.offence_code, o.priority, o.began, o.lasting, u('plea at court', period_key * 8 + o.offence_seq) AS p
    FROM brought AS b JOIN case_offence AS o USING (case_key)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY booking_key ORDER BY is_sentenced DESC, priority, k) AS rank FROM charged
)
SELECT k AS row_key, number40(k) AS offender_charge_id, number40(booking_key) AS offender_book_id,
    CASE WHEN u('case missing', k) >= 0.02 THEN number40(defendant_key) END AS case_id, offence_code[:4] AS statute_code, offence_code,
    CASE WHEN u('offence day', k) < 0.03 THEN NULL WHEN u('offence day', k) < 0.033 THEN DATE '1900-01-01' WHEN u('offence day', k) < 0.037 THEN DATE '1970-01-01' ELSE began END AS offence_date, CASE WHEN lasting < 0.06 THEN began + whole(lasting, 1, 90) END AS offence_range_date,
    CASE WHEN p < 0.3 THEN 'G' WHEN p < 0.5 THEN 'NG' WHEN p < 0.6 THEN 'N' END AS plea_code, CASE WHEN u('struck', k) < 0.02 AND rank > 1 THEN 'I' ELSE 'A' END AS charge_status,
    CASE WHEN u('result missing', k) < 0.15 THEN NULL WHEN NOT is_sentenced THEN one_of(u('result', k), ['4531', '4560', '2006', '2050', '1510'])
         ELSE CASE result_code WHEN 'YOI' THEN '1024' WHEN 'EDS' THEN '1016' WHEN 'LIFE' THEN '1022' WHEN 'DTO' THEN '1081' ELSE '1002' END END AS result_code_1,
    NULL::VARCHAR AS result_code_2,
    -- The most serious one is marked, but for those that were forgotten, or marked twice.
    CASE WHEN u('mark missing', k) < 0.02 THEN NULL ELSE yes_no(rank = 1 AND u('mark', k) >= 0.05 OR rank = 2 AND u('mark', k) < 0.03) END AS most_serious_flag
FROM ranked;

CREATE OR REPLACE TEMP TABLE offender_sent_calculations AS
WITH worked AS (
    SELECT *, max(days) OVER upto AS most_days, max(crd) OVER upto AS c, max(sed) OVER upto AS s, max(tariff) OVER upto AS t,
           bool_and(may_have_curfew OR spell_key IS NOT NULL) OVER upto AS has_hdc, max(hdced) OVER upto AS h, bool_or(calc_type IN ('EDS21', 'EDS18', 'EPP')) OVER upto AS is_extended,
           max(CASE WHEN ends_with(calc_type, '_ORA') AND spell_key IS NULL THEN crd + 365 END) OVER upto AS topped, begins + whole(u('worked out', k), 0, 9) AS day
    FROM nomis_sentence WINDOW upto AS (PARTITION BY booking_key ORDER BY seq)
), spelt AS (
    SELECT *, lpad((most_days // 365)::VARCHAR, 2, '0') || '/' || lpad((most_days % 365 // 31)::VARCHAR, 2, '0') || '/' || lpad((most_days % 365 % 31)::VARCHAR, 2, '0') AS length_written,
           CASE WHEN u('overridden', k) < 0.03 THEN c + whole(u('days over', k), 1, 28) END AS overridden
    FROM worked
)
SELECT k AS row_key, number40(xor(k & 549755813887, 3)) + 1099511627776 * (k >> 39) AS offender_sent_calculation_id, number40(booking_key) AS offender_book_id, day AS calculation_date,
    CASE WHEN u('reason missing', k) < 0.01 THEN NULL WHEN spell_key IS NOT NULL THEN 'RECALL' WHEN seq = 1 THEN 'NEW' ELSE one_of(u('reason', k), ['NEW', 'ADDDAYS', 'CORR']) END AS calc_reason_code,
    CASE WHEN has_hdc THEN h END AS hdced_calculated_date, NULL::DATE AS hdced_overrided_date, NULL::DATE AS hdcad_calculated_date, CASE WHEN has_hdc AND u('approved', k) < 0.3 THEN h END AS hdcad_overrided_date,
    CASE WHEN calc_type = 'DTO' THEN c - 30 END AS etd_calculated_date, NULL::DATE AS etd_overrided_date, CASE WHEN calc_type = 'DTO' THEN c END AS mtd_calculated_date, NULL::DATE AS mtd_overrided_date,
    CASE WHEN calc_type = 'DTO' THEN c + 30 END AS ltd_calculated_date, NULL::DATE AS ltd_overrided_date, CASE WHEN most_days < 365 AND begins < DATE '2015-02-01' THEN c END AS ard_calculated_date, NULL::DATE AS ard_overrided_date,
    CASE WHEN NOT (most_days < 365 AND begins < DATE '2015-02-01') THEN c END AS crd_calculated_date, CASE WHEN NOT (most_days < 365 AND begins < DATE '2015-02-01') THEN overridden END AS crd_overrided_date,
    CASE WHEN is_extended THEN c - 30 WHEN t IS NOT NULL THEN t END AS ped_calculated_date, NULL::DATE AS ped_overrided_date,
    NULL::DATE AS apd_calculated_date, CASE WHEN is_extended AND u('parole', k) < 0.3 THEN c END AS apd_overrided_date, CASE WHEN is_extended THEN c END AS npd_calculated_date, NULL::DATE AS npd_overrided_date,
    CASE WHEN NOT (most_days < 365 AND begins < DATE '2015-02-01') THEN s END AS led_calculated_date, NULL::DATE AS led_overrided_date, s AS sed_calculated_date, NULL::DATE AS sed_overrided_date,
    CASE WHEN spell_key IS NOT NULL THEN coalesce(s, begins + 365) END AS prrd_calculated_date, NULL::DATE AS prrd_overrided_date, t AS tariff_calculated_date, NULL::DATE AS tariff_overrided_date,
    topped AS tused_calculated_date, NULL::DATE AS tused_overrided_date, NULL::DATE AS dprrd_calculated_date, NULL::DATE AS dprrd_overrided_date,
    CASE WHEN t IS NULL AND most_days < 36500 THEN length_written END AS effective_sentence_length, CASE WHEN t IS NULL AND most_days < 36500 AND u('imposed', k) < 0.9 THEN length_written END AS judicially_imposed_sent_length
FROM spelt;

CREATE OR REPLACE TEMP TABLE offender_imprison_statuses AS
WITH grounds AS (
    SELECT booking_key, period_key * 8 AS k, begins, CASE WHEN u('committed', period_key) < 0.6 THEN 'TRL' ELSE 'RX' END AS ground FROM nomis_period WHERE kind = 'remand'
    UNION ALL
    SELECT booking_key, k, begins, CASE WHEN calc_type IN ('FTR', '14FTR') THEN 'FTR' WHEN spell_key IS NOT NULL THEN 'LR' WHEN calc_type IN ('MLP', 'DLP') THEN 'LIFE'
        WHEN calc_type = 'IPP' THEN 'IPP' WHEN calc_type IN ('EDS21', 'EDS18', 'EPP') THEN 'EXSENT03' WHEN calc_type IN ('SEC91', 'SEC250') THEN 'SEC91' WHEN calc_type = 'DTO' THEN 'DTO'
        WHEN starts_with(calc_type, 'YOI') THEN 'YOI' ELSE 'SENT03' END
    FROM nomis_sentence
), placed AS (
    SELECT g.*, s.prison FROM grounds AS g
    JOIN (SELECT booking_key, arg_min(prison, stay_key) AS prison FROM nomis_stay GROUP BY booking_key) AS s USING (booking_key)
)
SELECT k AS row_key, number40(booking_key) AS offender_book_id, row_number() OVER w AS imprison_status_seq,
    CASE WHEN u('ground', k) < 0.005 THEN 'UNKNOWN' ELSE ground END AS imprisonment_status, begins AS effective_date, lead(begins) OVER w AS expiry_date,
    CASE WHEN u('ground place', k) >= 0.04 THEN prison END AS agy_loc_id, yes_no(lead(k) OVER w IS NULL) AS latest_status
FROM placed WINDOW w AS (PARTITION BY booking_key ORDER BY begins, k);
