-- How does Delius hold the requirements of orders, licences and supervision after them?
CREATE OR REPLACE TEMP TABLE delius_rqmnt AS
WITH wanted AS (
    SELECT *, list_filter([
            CASE WHEN unpaid_hours IS NOT NULL THEN 'W01' END,
            CASE WHEN sentenced_on >= DATE '2015-02-01' THEN CASE WHEN u('activity', sentence_key) < 0.6 THEN 'F01' END WHEN u('activity', sentence_key) < 0.7 THEN 'S01' END,
            CASE WHEN offence_group = '02' AND u('programme', sentence_key) < 0.5 THEN 'P03' WHEN offence_group = '01' AND u('programme', sentence_key) < 0.3 THEN 'P01'
                 WHEN offence_group = '12' AND u('programme', sentence_key) < 0.2 THEN 'P04' WHEN u('programme', sentence_key) < 0.1 THEN 'P02' END,
            CASE WHEN u('curfew', sentence_key) < 0.18 THEN one_of(u('which curfew', sentence_key), ['C01', 'C02', 'C02']) END,
            CASE WHEN u('substance', sentence_key) < 0.07 THEN one_of(u('which drug', sentence_key), ['D01', 'D02', 'D02'])
                 WHEN u('substance', sentence_key) < 0.12 THEN one_of(u('which drink', sentence_key), ['A01', 'A01', 'A02'])
                 WHEN u('substance', sentence_key) < 0.15 AND sentenced_on >= DATE '2014-08-01' THEN 'X01' END,
            CASE WHEN u('rarer', sentence_key) < 0.08 THEN one_of(u('which rarer', sentence_key), ['M01', 'R01', 'R02', 'E01', 'E02', 'B01', 'T01']) END
        ], lambda x: x IS NOT NULL) AS codes
    FROM delius_sentence WHERE NOT is_custodial
), each_one AS (
    SELECT * EXCLUDE (codes), unnest(codes) AS code, unnest(range(len(codes))) AS n FROM wanted
), keyed AS (
    SELECT *, sentence_key * 8 + n AS k, ends_on <= DATE '2021-09-25' AS is_over FROM each_one
), dated AS (
    -- A requirement ends with its order or before; three in five that were begun have the date.
    SELECT *, CASE WHEN u('imposed', k) < 0.9 THEN sentenced_on ELSE least(ends_on, sentenced_on + whole(u('imposed', k) * 10 - 9, 1, 30)) END AS imposed_on,
           CASE WHEN u('done', k) < 0.62 THEN least(ends_on, sentenced_on + 45 + floor(greatest(ends_on - sentenced_on - 45, 0) * u('done when', k))::INTEGER) ELSE ends_on END AS over_on
    FROM keyed
), kept AS (
    SELECT *, greatest(imposed_on, over_on) AS finished_on, imposed_on + whole(u('begun', k) ^ 2, 0, 60) AS begun_on FROM dated
)
SELECT k AS row_key, number40(k) AS rqmnt_id, number40(xor(sentence_key, 13)) AS disposal_id,
    delius_id('rqmnt_main_category', code[1:1]) AS rqmnt_type_main_category_id, CASE WHEN u('sub missing', k) >= 0.02 THEN delius_id('rqmnt_sub_category', code) END AS rqmnt_type_sub_category_id,
    imposed_on AS start_date, CASE WHEN u('begun missing', k) >= 0.38 AND begun_on <= least(finished_on, DATE '2021-09-25') THEN begun_on END AS commencement_date,
    CASE WHEN u('expected', k) < 0.3 THEN imposed_on + 7 END AS expected_start_date, CASE WHEN u('expected', k) < 0.6 THEN runs_to END AS expected_end_date,
    CASE WHEN finished_on <= DATE '2021-09-25' THEN finished_on END AS termination_date,
    CASE WHEN finished_on <= DATE '2021-09-25' AND u('reason missing', k) >= 0.01 THEN delius_id('rqmnt_term_reason',
        CASE WHEN finished_on < ends_on THEN CASE WHEN u('reason', k) < 0.9 THEN 'C' WHEN code = 'W01' THEN 'H' ELSE 'U' END
             WHEN ends_on < runs_to THEN one_of(u('reason', k), ['B', 'B', 'F', 'U', 'N']) ELSE one_of(u('reason', k), ['E', 'E', 'E', 'C', 'N']) END) END AS rqmnt_termination_reason_id,
    CASE WHEN code = 'W01' THEN unpaid_hours WHEN code = 'F01' THEN one_of(u('days', k), [10, 15, 20, 20, 25, 30, 40]) WHEN u('length missing', k) < 0.1 THEN NULL
         WHEN code[1:1] = 'C' THEN one_of(u('months', k), [2, 3, 4, 6]) ELSE one_of(u('months', k), [3, 6, 9, 12, 18, 24]) END AS length,
    CASE WHEN code = 'W01' THEN 'H' WHEN code = 'F01' THEN 'D' WHEN u('length missing', k) >= 0.1 THEN 'M' END AS length_units,
    CASE WHEN code = 'F01' THEN whole(u('attended', k), 0, 25) END AS rar_count, (finished_on > DATE '2021-09-25')::INTEGER AS active_flag,
    (u('deleted requirement', k) < 0.012)::INTEGER AS soft_deleted
FROM kept;

CREATE OR REPLACE TEMP TABLE delius_lic_condition AS
WITH licensed AS (
    -- The licence runs from the first release: a recall and a new release do not write it anew.
    SELECT s.*, t.out_on, t.back_on, list_filter([
            'G01', CASE WHEN u('contact', sentence_key) < 0.3 THEN 'N01' END, CASE WHEN u('residence', sentence_key) < 0.25 THEN one_of(u('which residence', sentence_key), ['R01', 'R02', 'R02']) END,
            CASE WHEN offence_group IN ('01', '02') AND u('victim', sentence_key) < 0.5 THEN one_of(u('which victim', sentence_key), ['NC01', 'NC02', 'E01']) END,
            CASE WHEN offence_group = '06' AND u('drug test', sentence_key) < 0.4 THEN 'D01' END, CASE WHEN u('programme', sentence_key) < 0.2 THEN 'P01' END,
            CASE WHEN offence_group = '02' AND t.out_on >= DATE '2014-02-01' AND u('polygraph', sentence_key) < 0.2 THEN 'L01' END,
            CASE WHEN u('tag', sentence_key) < 0.07 THEN one_of(u('which tag', sentence_key), ['C01', 'M01']) END
        ], lambda x: x IS NOT NULL) AS codes
    FROM delius_sentence AS s JOIN (SELECT sentence_key, out_on, back_on FROM delius_custody_step WHERE n = 1) AS t USING (sentence_key)
    WHERE t.out_on < coalesce(s.licence_ends, DATE '2099-12-31')
), each_one AS (
    SELECT * EXCLUDE (codes), unnest(codes) AS code, unnest(range(len(codes))) AS n, coalesce(licence_ends, DATE '2099-12-31') AS until FROM licensed
), keyed AS (
    SELECT *, sentence_key * 8 + n AS k,
           CASE WHEN back_on IS NOT NULL AND u('ended by recall', sentence_key) < 0.5 THEN back_on
                WHEN code <> 'G01' AND u('done', sentence_key * 8 + n) < 0.2 THEN out_on + floor(least(until - out_on, 900) * u('done when', sentence_key * 8 + n))::INTEGER ELSE until END AS over_on
    FROM each_one
)
SELECT k AS row_key, number40(xor(k, 23)) AS lic_condition_id, number40(xor(sentence_key, 13)) AS disposal_id,
    delius_id('lic_cond_main_cat', regexp_replace(code, '\d', '', 'g')) AS lic_cond_type_main_cat_id,
    CASE WHEN u('sub missing', k) >= 0.02 THEN delius_id('lic_cond_sub_cat', code) END AS lic_cond_type_sub_cat_id, out_on AS start_date,
    CASE WHEN u('begun missing', k) >= 0.4 AND out_on + whole(u('begun', k) ^ 2, 0, 20) <= least(over_on, DATE '2021-09-25') THEN out_on + whole(u('begun', k) ^ 2, 0, 20) END AS commencement_date,
    CASE WHEN u('expected', k) < 0.6 AND until < DATE '2099-01-01' THEN until END AS expected_end_date,
    CASE WHEN over_on <= DATE '2021-09-25' THEN over_on END AS termination_date,
    CASE WHEN over_on <= DATE '2021-09-25' THEN delius_id('lic_term_reason', CASE WHEN over_on = until THEN 'E' WHEN over_on = back_on THEN 'R' ELSE one_of(u('reason', k), ['C', 'V']) END) END AS lic_cond_term_reason_id,
    (over_on > DATE '2021-09-25')::INTEGER AS active_flag, (u('deleted condition', k) < 0.008)::INTEGER AS soft_deleted
FROM keyed;

CREATE OR REPLACE TEMP TABLE delius_pss_rqmnt AS
WITH each_one AS (
    SELECT s.*, unnest(CASE WHEN u('pss drugs', sentence_key) < 0.15 THEN ['S01', 'D01'] WHEN u('pss drugs', sentence_key) < 0.22 THEN ['S01', 'A01']
                            WHEN u('pss drugs', sentence_key) < 0.3 THEN ['S01', 'R01'] ELSE ['S01'] END) AS code
    FROM delius_sentence AS s WHERE has_pss AND pss_from <= DATE '2021-09-25'
), keyed AS (
    SELECT *, sentence_key * 8 + CASE code WHEN 'S01' THEN 0 ELSE 1 END AS k FROM each_one
)
SELECT k AS row_key, number40(xor(k, 29)) AS pss_rqmnt_id, number40(xor(sentence_key, 17)) AS custody_id,
    delius_id('pss_main_cat', code[1:1]) AS pss_rqmnt_type_main_cat_id, CASE WHEN u('sub missing', k) >= 0.02 THEN delius_id('pss_sub_cat', code) END AS pss_rqmnt_type_sub_cat_id,
    pss_from AS start_date, CASE WHEN u('begun missing', k) >= 0.5 THEN pss_from END AS commencement_date, runs_to AS expected_end_date,
    CASE WHEN runs_to <= DATE '2021-09-25' THEN runs_to END AS termination_date,
    CASE WHEN runs_to <= DATE '2021-09-25' THEN delius_id('pss_term_reason', one_of(u('reason', k), ['E', 'E', 'E', 'E', 'C', 'B', 'R'])) END AS pss_rqmnt_term_reason_id,
    (runs_to > DATE '2021-09-25')::INTEGER AS active_flag, (u('deleted supervision', k) < 0.008)::INTEGER AS soft_deleted
FROM keyed;

-- The appearance at which a report was asked for, and the one at which the sentence was passed.
CREATE OR REPLACE TEMP TABLE delius_court_appearance AS
WITH each_one AS (
    SELECT *, sentence_key * 2 AS k, sentenced_on AS heard_on, CASE kind WHEN 'community' THEN 'CO' WHEN 'suspended' THEN 'SS' WHEN 'custody' THEN 'IC' WHEN 'life' THEN 'LI' ELSE 'YO' END AS outcome
    FROM delius_sentence
    UNION ALL
    SELECT *, sentence_key * 2 + 1, convicted_on, 'AD' FROM delius_sentence WHERE has_report AND convicted_on < sentenced_on
)
SELECT k AS row_key, number40(k) AS court_appearance_id, number40(sentence_key) AS event_id, heard_on AS appearance_date,
    CASE WHEN u('court missing', k) >= 0.02 THEN delius_id('court', CASE court_level WHEN 'C' THEN 'C' || crown_court ELSE 'M' || court_code END) END AS court_id,
    CASE WHEN u('outcome missing', k) >= 0.05 THEN delius_id('court_outcome', outcome) END AS outcome_id,
    CASE WHEN u('plea missing', k) >= 0.25 THEN delius_id('plea', one_of(u('plea', sentence_key), ['G', 'G', 'G', 'N', 'K'])) END AS plea_id,
    CASE WHEN u('remand missing', k) >= 0.25 THEN delius_id('remand_status', one_of(u('remand', sentence_key), ['B', 'B', 'C', 'R', 'N'])) END AS remand_status_id,
    (u('deleted appearance', k) < 0.003)::INTEGER AS soft_deleted
FROM each_one;

-- Reports given on the day are oral or fast, and many of those are never entered.
CREATE OR REPLACE TEMP TABLE delius_court_report AS
WITH asked AS (
    SELECT *, sentence_key * 2 + CASE WHEN convicted_on < sentenced_on THEN 1 ELSE 0 END AS appearance_key, sentence_key AS k,
           CASE WHEN convicted_on = sentenced_on THEN one_of(u('on the day', sentence_key), ['ORL', 'ORL', 'FDR']) WHEN sentenced_on - convicted_on >= 21 THEN 'SDR' ELSE 'FDR' END AS code
    FROM delius_sentence WHERE has_report AND u('report entered', sentence_key) < CASE WHEN convicted_on = sentenced_on THEN 0.6 ELSE 0.9 END
), written AS (
    SELECT *, u('completed', k) < 0.93 AS is_completed, least(sentenced_on, greatest(convicted_on, sentenced_on - whole(u('days before', k), 0, 4))) AS done_on FROM asked
)
SELECT k AS row_key, number40(xor(k, 31)) AS court_report_id, number40(appearance_key) AS court_appearance_id, delius_id('report_type', code) AS court_report_type_id,
    CASE WHEN is_completed AND u('delivered missing', k) >= 0.05 THEN delius_id('report_type', CASE WHEN code = 'SDR' AND u('delivered', k) < 0.1 THEN 'FDR' ELSE code END) END AS delivered_court_report_type_id,
    convicted_on AS date_requested, CASE WHEN u('required missing', k) >= 0.03 THEN greatest(convicted_on, sentenced_on - one_of(u('required', k), [0, 0, 1, 1])) END AS date_required,
    CASE WHEN is_completed THEN done_on END AS completed_date, CASE WHEN is_completed AND u('sent', k) < 0.85 THEN done_on END AS sent_to_court_date,
    CASE WHEN is_completed AND u('aims', k) < 0.8 THEN yes_no(u('punishment', k) < 0.6) END AS punishment, CASE WHEN is_completed AND u('aims', k) < 0.8 THEN yes_no(u('reduction', k) < 0.7) END AS reduction_of_crime,
    CASE WHEN is_completed AND u('aims', k) < 0.8 THEN yes_no(u('protection', k) < 0.4) END AS public_protection, CASE WHEN is_completed AND u('aims', k) < 0.8 THEN yes_no(u('reparation', k) < 0.3) END AS reparation,
    CASE WHEN is_completed AND u('aims', k) < 0.8 THEN yes_no(u('no recommendation', k) < 0.15) END AS recommendations_not_stated,
    (u('deleted report', k) < 0.008)::INTEGER AS soft_deleted
FROM written;
