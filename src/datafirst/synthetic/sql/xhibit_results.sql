-- How does XHIBIT write down charges, pleas, verdicts, disposals and hearings?
CREATE OR REPLACE TEMP TABLE xhb_charge AS
SELECT charge_key AS row_key, number40(charge_key) AS charge_id,
    CASE WHEN charge_key % 2 = 1 THEN 'L' WHEN case_type = 'T' THEN 'I' WHEN case_type = 'S' THEN CASE WHEN u('breach', crown_key) < 0.05 THEN 'B' ELSE 'S' END ELSE 'A' END AS charge_type,
    number40(crown_key) AS case_id, CASE WHEN case_type = 'T' AND charge_key % 2 = 0 THEN received + whole(u('indictment', crown_key), 15, 40) END AS ind_signed_date,
    CASE WHEN case_type = 'T' THEN received + whole(u('papers', crown_key), 10, 50) END AS pros_paper_served_date
FROM (SELECT DISTINCT charge_key, crown_key, case_type, received FROM crown_offence);

CREATE OR REPLACE TEMP TABLE xhb_offence AS
SELECT count_key AS row_key, number40(count_key) AS offence_id, number40(charge_key) AS charge_id, n AS count_number,
    CASE WHEN u('no code', count_key) >= 0.015 THEN code END AS offence_code,
    CASE WHEN u('no code', count_key) < 0.015 THEN one_of(u('typed', count_key), ['Attempted theft of tools', 'Breach of order made at another court',
        'Conspiracy with others named on the indictment', 'Threats to a witness, Mr Brown', 'Old offence, see papers']) END AS crest_offence_freetext,
    CASE WHEN u('multiple', count_key) >= 0.02 THEN yes_no(u('multiple', count_key) > 0.93) END AS multiple,
    CASE WHEN u('crest', count_key) < 0.75 THEN CASE WHEN u('crest', count_key) < 0.02 THEN '099' ELSE ho_class END END AS crest_hoo_class_freetext,
    CASE WHEN u('crest', count_key) < 0.75 THEN ho_subclass END AS crest_hoo_subclass_freetext,
    CASE WHEN u('began missing', count_key) >= 0.03 THEN began END AS offence_start_date,
    CASE WHEN lasting < 0.06 THEN began + (lasting * 500)::INTEGER END AS offence_end_date
FROM crown_offence;

CREATE OR REPLACE TEMP TABLE xhb_defendant_on_offence AS
SELECT k AS row_key, number40(k) AS defendant_on_offence_id, number40(doc_key) AS defendant_on_case_id, number40(count_key) AS offence_id,
    CASE WHEN case_type = 'A' THEN one_of(u('appeal kind', crown_key), ['C', 'S', 'B']) END AS appeal_against_type,
    yes_no(u('stayed', k) < 0.004) AS is_stayed, CASE WHEN u('vco', k) >= 0.1 THEN yes_no(offence_group = '01' AND u('vco', k) < 0.3) END AS vco_flag,
    CASE WHEN is_obsolete OR u('count obsolete', k) < 0.004 THEN 'Y' WHEN u('obs missing', k) >= 0.03 THEN 'N' END AS obs_ind
FROM crown_count;

CREATE OR REPLACE TEMP TABLE xhb_plea AS
WITH entered AS (
    SELECT k, 0 AS nth, plea, received + whole(u('arraigned', k), 5, 35) AS entered_on, code FROM crown_count WHERE plea IS NOT NULL
    UNION ALL
    SELECT k, 1, 'G', completes - whole(u('changed', k), 0, 5), code FROM crown_count WHERE is_changed_to_guilty
)
SELECT k * 2 + nth AS row_key, number40(k * 2 + nth) AS plea_id, number40(k) AS defendant_on_offence_id, plea AS plea_code,
    CASE WHEN u('arraignment missing', k * 2 + nth) >= 0.02 THEN entered_on END AS arraignment_date,
    CASE WHEN plea = 'GA' THEN 'Guilty to common assault, to be agreed with counsel' END AS other_plea_text,
    CASE WHEN code IN ('BC03001', 'BS03001', 'PC00007', 'PH97015') THEN yes_no(plea = 'G') END AS breach_admitted
FROM entered;

CREATE OR REPLACE TEMP TABLE xhb_verdict AS
SELECT k AS row_key, number40(k) AS verdict_id, number40(k) AS defendant_on_offence_id, verdict AS verdict_code,
    CASE WHEN u('verdict date', k) >= 0.02 THEN completes - CASE WHEN case_type = 'T' THEN whole(u('before sentence', k), 0, 35) ELSE 0 END END AS verdict_date,
    CASE WHEN verdict = 'GM' THEN one_of(u('jurors', k), [11, 10, 10]) END AS jurors_assenting,
    CASE WHEN verdict = 'GM' THEN 12 - one_of(u('jurors', k), [11, 10, 10]) END AS jurors_dissenting,
    CASE WHEN u('lesser missing', k) >= 0.05 THEN yes_no(verdict = 'GL') END AS app_lesser_off,
    CASE WHEN verdict = 'GL' THEN one_of(u('lesser', k), ['CJ88001', 'OF61102', 'TH68149', 'PU86004']) END AS lesser_offence_code
FROM crown_count WHERE verdict IS NOT NULL;

-- A disposal of each count, orders beside it, what is of the whole case, and versions replaced.
CREATE OR REPLACE TEMP TABLE crown_disposal AS
WITH main AS (
    SELECT k * 8 AS disposal_key, doc_key, k AS count_part, disposal, completes, is_obsolete, nth, NULL::BIGINT AS replaces FROM crown_count WHERE disposal IS NOT NULL
), every AS (
    FROM main
    UNION ALL
    SELECT k * 8 + 1, doc_key, k, CASE WHEN offence_group = '02' THEN 'SHPO' WHEN offence_group = '06' THEN one_of(u('order', k), ['FORF', 'CONF', 'FORF'])
            WHEN offence_group = '12' OR code = 'RT88026' THEN 'DISQ' ELSE one_of(u('order', k), ['RESO', 'COMP', 'CBO', 'FORF', 'PTS', 'DEP']) END,
        completes, is_obsolete, nth, NULL
    FROM crown_count WHERE is_convicted AND u('beside', k) < 0.22
    UNION ALL
    SELECT DISTINCT doc_key * 128, doc_key, NULL::BIGINT, 'SURC', completes, is_obsolete, 1, NULL::BIGINT FROM crown_count WHERE is_convicted AND u('surcharge', doc_key) < 0.8
    UNION ALL
    SELECT DISTINCT doc_key * 128 + 1, doc_key, NULL::BIGINT, 'COST', completes, is_obsolete, 1, NULL::BIGINT FROM crown_count WHERE is_convicted AND u('costs', doc_key) < 0.3
)
SELECT * REPLACE (CASE WHEN u('varied', disposal_key) < 0.02 THEN disposal_key + 4 END AS replaces) FROM every
UNION ALL
SELECT * REPLACE (disposal_key + 4 AS disposal_key, true AS is_obsolete) FROM every WHERE u('varied', disposal_key) < 0.02;

CREATE OR REPLACE TEMP TABLE xhb_disposal2 AS
SELECT disposal_key AS row_key, number40(disposal_key) AS disposal2_id, number40(doc_key) AS defendant_on_case_id,
    CASE WHEN count_part IS NOT NULL THEN number40(count_part) END AS defendant_on_offence_id, disposal AS disposal_code,
    whole(u('version', disposal_key), 1, 4) AS template_version, menu_group,
    CASE WHEN u('date missing', disposal_key) >= 0.01 THEN completes END AS disposal_date,
    CASE WHEN u('powers missing', disposal_key) >= 0.02 THEN CASE WHEN u('powers', disposal_key) < 0.06 THEN 'M' ELSE 'C' END END AS court_type,
    CASE WHEN replaces IS NOT NULL THEN number40(replaces) END AS psd_disposal2_id,
    CASE WHEN is_obsolete THEN 'Y' WHEN u('obs missing', disposal_key) >= 0.03 THEN 'N' END AS obs_ind
FROM crown_disposal JOIN disposals ON disposal_code = disposal;

CREATE OR REPLACE TEMP TABLE xhb_disposal_line AS
WITH worded AS (
    SELECT disposal_key AS d, u('amount', disposal_key) AS q, unnest(CASE
        WHEN disposal = 'LIFE' THEN ['TERM=LIFE', 'MINIMUM_YEARS=' || whole(u('amount', disposal_key), 12, 28)]
        WHEN disposal IN ('IMP', 'YOI', 'S91', 'EDS', 'IPP', 'DTO') THEN [CASE WHEN u('amount', disposal_key) < 0.35 AND disposal <> 'DTO'
                THEN 'TERM_YEARS=' || whole(u('years', disposal_key) ^ 2.2, 1, 14)
                WHEN u('amount', disposal_key) < 0.9 OR disposal = 'DTO' THEN 'TERM_MONTHS=' || one_of(u('months', disposal_key), [4, 6, 8, 9, 10, 12, 12, 15, 16, 18, 20, 24])
                ELSE 'TERM_WEEKS=' || one_of(u('weeks', disposal_key), [8, 12, 16, 20, 26]) END,
            CASE WHEN u('amount', disposal_key) < 0.12 THEN 'TERM_MONTHS=' || whole(u('odd months', disposal_key), 1, 11) END,
            CASE WHEN nth > 1 THEN 'SERVED=' || one_of(u('served', disposal_key), ['CONCURRENT', 'CONCURRENT', 'CONCURRENT', 'CONSECUTIVE']) END]
        WHEN disposal = 'SSO' THEN ['TERM_MONTHS=' || one_of(u('months', disposal_key), [3, 4, 6, 8, 9, 10, 12, 15, 18, 21, 24]), 'SUSPENDED_MONTHS=' || one_of(u('amount', disposal_key), [12, 18, 18, 24, 24]),
            CASE WHEN u('unpaid', disposal_key) < 0.5 THEN 'UNPAID_HOURS=' || one_of(u('hours', disposal_key), [60, 80, 100, 120, 150, 180, 200, 240]) END]
        WHEN disposal IN ('CO', 'YRO') THEN ['ORDER_MONTHS=' || one_of(u('amount', disposal_key), [6, 12, 12, 12, 18, 24]),
            CASE WHEN u('unpaid', disposal_key) < 0.6 THEN 'UNPAID_HOURS=' || one_of(u('hours', disposal_key), [60, 80, 100, 120, 150, 180, 200, 240]) END,
            CASE WHEN u('curfew', disposal_key) < 0.2 THEN 'CURFEW_WEEKS=' || one_of(u('weeks', disposal_key), [4, 8, 12, 16, 20]) END]
        WHEN disposal = 'CD' THEN ['ORDER_MONTHS=' || one_of(u('amount', disposal_key), [6, 12, 18, 24])]
        WHEN disposal = 'FINE' THEN ['FINE=' || (100 + 50 * floor(exp(5 * u('amount', disposal_key))))::BIGINT]
        WHEN disposal = 'COMP' THEN ['COMPENSATION=' || (50 + 25 * floor(exp(6 * u('amount', disposal_key))))::BIGINT]
        WHEN disposal = 'COST' THEN ['COSTS=' || one_of(u('amount', disposal_key), [250, 340, 425, 500, 750, 1200, 3500])]
        WHEN disposal = 'SURC' THEN ['SURCHARGE=' || one_of(u('amount', disposal_key), [80, 100, 120, 140, 156, 170])]
        WHEN disposal = 'CONF' THEN ['CONFISCATION=' || (100 + floor(exp(11 * u('amount', disposal_key))))::BIGINT]
        WHEN disposal = 'DISQ' THEN ['DISQUALIFIED_MONTHS=' || one_of(u('amount', disposal_key), [6, 12, 12, 18, 24, 36, 60])]
        WHEN disposal = 'PTS' THEN ['POINTS=' || whole(u('amount', disposal_key), 3, 11)]
        ELSE [one_of(u('remark', disposal_key), ['As on the order', 'Until further order', 'Not to contact Mr Taylor or his family', 'See judge''s remarks'])] END
        || CASE WHEN u('remarks', disposal_key) < 0.08 THEN [one_of(u('remark', disposal_key), ['To run from today', 'Pay by instalments', 'Seen with Miss Evans of counsel'])] ELSE [] END) AS line
    FROM crown_disposal
), numbered AS (
    SELECT d, line, row_number() OVER (PARTITION BY d ORDER BY line) AS line_number FROM worded WHERE line IS NOT NULL
), typed AS (
    SELECT *, d * 8 + line_number AS k, u('typing', d * 8 + line_number) AS t, split_part(line, '=', 1) AS name, split_part(line, '=', 2) AS value FROM numbered
)
SELECT k AS row_key, number40(d) AS disposal2_id, line_number, d,
    CASE WHEN t < 0.01 THEN NULL WHEN value = '' THEN line
         WHEN name IN ('FINE', 'COMPENSATION', 'COSTS', 'SURCHARGE', 'CONFISCATION') AND t < 0.25 THEN name || '=£' || regexp_replace(value, '^(\d+)(\d{3})$', '\1,\2')
         WHEN name IN ('FINE', 'COMPENSATION', 'COSTS') AND t < 0.4 THEN name || '=' || value || '.00'
         WHEN t > 0.9 THEN name || ' = ' || value WHEN t > 0.85 THEN lower(name) || '=' || value WHEN t > 0.83 THEN ' ' || name || '= ' || value || ' '
         ELSE name || '=' || value END AS data
FROM typed;

CREATE OR REPLACE TEMP TABLE xhb_hearing AS
WITH counted AS (
    SELECT *, unnest(range(CASE WHEN case_type = 'T' THEN 3 + floor(3 * u('crown hearings', crown_key))::INTEGER ELSE 1 + (u('crown hearings', crown_key) < 0.2)::INTEGER END)) AS nth,
           CASE WHEN case_type = 'T' THEN 3 + floor(3 * u('crown hearings', crown_key))::INTEGER ELSE 1 + (u('crown hearings', crown_key) < 0.2)::INTEGER END AS total
    FROM crown_case
), held AS (
    SELECT *, crown_key * 16 + nth AS k, received + CASE WHEN nth = total - 1 THEN days ELSE 7 + ((days - 7) * nth // total)::INTEGER END AS starts FROM counted
), typed AS (
    SELECT *, CASE WHEN case_type = 'A' THEN CASE WHEN nth = 0 AND total > 1 THEN 'MEN' ELSE 'APP' END
        WHEN nth = total - 1 THEN 'SEN' WHEN case_type = 'S' THEN 'MEN' WHEN nth = 0 AND received < DATE '2016-01-05' THEN 'PRE' WHEN nth = 0 THEN 'PTP'
        WHEN nth = total - 2 THEN 'TRI' WHEN received < DATE '2016-01-05' AND nth = 1 THEN 'PCM' ELSE one_of(u('mention', k), ['MEN', 'MEN', 'BAL', 'CON', 'OTH']) END AS hearing
    FROM held WHERE starts <= DATE '2021-09-28'
)
SELECT k AS row_key, number40(k) AS hearing_id, number40(crown_key) AS case_id, hearing AS hearing_type_code,
    CASE WHEN u('part missing', k) >= 0.2 THEN hearing END AS mp_hearing_type, starts AS hearing_start_date,
    CASE WHEN u('end missing', k) >= 0.05 THEN CASE WHEN hearing = 'TRI' THEN starts + whole(u('days', k) ^ 3, 0, 15) ELSE starts END END AS hearing_end_date,
    CASE WHEN u('duration missing', k) >= 0.1 THEN CASE WHEN hearing = 'TRI' THEN whole(u('minutes', k), 60, 2400) ELSE whole(u('minutes', k), 3, 75) END END AS last_calculated_duration,
    CASE WHEN u('hearing obsolete', k) < 0.005 THEN 'Y' WHEN u('obs missing', k) >= 0.03 THEN 'N' END AS obs_ind
FROM typed;
