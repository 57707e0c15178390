-- Who was sentenced to something that prisons or probation carry out? One row for each person in a
-- case, with the most serious result; who was held before that.
CREATE OR REPLACE TEMP TABLE crown_length AS
-- The same draws as the lines that XHIBIT holds (xhibit_results.sql), as numbers of days.
SELECT doc_key, k, disposal, CASE
        WHEN disposal = 'LIFE' THEN round(365.25 * 2 * whole(u('amount', k * 8), 12, 28))
        WHEN disposal IN ('IMP', 'YOI', 'S91', 'EDS', 'IPP', 'DTO') THEN CASE
            WHEN u('amount', k * 8) < 0.35 AND disposal <> 'DTO' THEN round(365.25 * whole(u('years', k * 8) ^ 2.2, 1, 14))
            WHEN u('amount', k * 8) < 0.9 OR disposal = 'DTO'
            THEN round(30.4375 * one_of(u('months', k * 8), [4, 6, 8, 9, 10, 12, 12, 15, 16, 18, 20, 24]))
            ELSE 7 * one_of(u('weeks', k * 8), [8, 12, 16, 20, 26]) END
            + CASE WHEN u('amount', k * 8) < 0.12 THEN round(30.4375 * whole(u('odd months', k * 8), 1, 11)) ELSE 0 END
        WHEN disposal = 'SSO' THEN round(30.4375 * one_of(u('months', k * 8), [3, 4, 6, 8, 9, 10, 12, 15, 18, 21, 24])) END::INTEGER AS custodial_days,
    CASE WHEN disposal = 'SSO' THEN round(30.4375 * one_of(u('amount', k * 8), [12, 18, 18, 24, 24])) END::INTEGER AS suspended_days,
    CASE WHEN disposal IN ('CO', 'YRO') THEN round(30.4375 * one_of(u('amount', k * 8), [6, 12, 12, 12, 18, 24])) END::INTEGER AS order_days,
    CASE WHEN disposal IN ('SSO', 'CO', 'YRO') AND u('unpaid', k * 8) < CASE disposal WHEN 'SSO' THEN 0.5 ELSE 0.6 END
         THEN one_of(u('hours', k * 8), [60, 80, 100, 120, 150, 180, 200, 240]) END AS unpaid_hours
FROM crown_count WHERE NOT is_obsolete AND disposal IN ('LIFE', 'IMP', 'YOI', 'S91', 'EDS', 'IPP', 'DTO', 'SSO', 'CO', 'YRO');

CREATE OR REPLACE TEMP TABLE sentence AS
WITH passed AS (
    SELECT l.defendant_key * 8 AS sentence_key, a.defendant, 'M' AS court_level, l.case_key, l.defendant_key, NULL::BIGINT AS doc_key,
           a.court AS court_code, a.crown_court, a.force, l.offence_code, l.offence_group, l.ho_class, l.ho_subclass,
           l.began AS offended_on, a.ends AS convicted_on, a.ends AS sentenced_on, l.result_code, l.result_priority,
           o.custodial_period_days::INTEGER AS custodial_days, o.suspended_period_days::INTEGER AS suspended_days,
           o.order_length_days::INTEGER AS order_days, o.unpaid_work_hours::INTEGER AS unpaid_hours, l.k
    FROM libra_offence AS l
    JOIN hocas_offence AS o ON o.row_key = l.k
    JOIN appearance AS a ON a.defendant_key = l.defendant_key
    WHERE NOT l.is_company
    UNION ALL
    SELECT c.doc_key * 8 + 1, d.defendant, 'C', c.case_key, d.defendant_key, c.doc_key,
           d.court, d.crown_court, d.force, c.code, c.offence_group, c.ho_class, c.ho_subclass,
           c.began, c.completes - CASE WHEN c.case_type = 'T' THEN whole(u('before sentence', c.doc_key), 0, 35) ELSE 0 END, c.completes, c.disposal,
           r.result_priority, l.custodial_days, l.suspended_days, l.order_days, l.unpaid_hours, c.k
    FROM crown_count AS c
    JOIN crown_length AS l ON l.k = c.k
    JOIN crown_defendant AS d ON d.doc_key = c.doc_key
    JOIN disposals AS r ON r.disposal_code = c.disposal
    WHERE NOT d.is_company AND NOT c.is_obsolete
), kinds AS (
    SELECT *, CASE WHEN result_code IN ('IMP', 'YOI', 'EDS', 'IPP') THEN 'custody' WHEN result_code = 'LIFE' THEN 'life'
                   WHEN result_code IN ('DTO', 'S91') THEN 'youth_custody' WHEN result_code = 'SSO' THEN 'suspended'
                   WHEN result_code = 'CO' THEN 'community' WHEN result_code IN ('YRO', 'RPO') THEN 'youth_community' END AS kind
    FROM passed
)
SELECT s.* EXCLUDE (result_priority, k), h.dob + INTERVAL 18 YEAR > s.sentenced_on AS is_youth
FROM kinds AS s JOIN human AS h ON h.person = s.defendant
WHERE kind IS NOT NULL AND sentenced_on <= DATE '2021-09-25'
QUALIFY row_number() OVER (PARTITION BY sentence_key ORDER BY result_priority, custodial_days DESC NULLS LAST, s.k) = 1;

-- In custody before sentence: a third of those who go to prison from the Crown Court, some who do not.
CREATE OR REPLACE TEMP TABLE remand AS
WITH ended AS (
    SELECT d.defendant, d.defendant_key, d.doc_key, d.case_key, d.committed, d.completes, d.case_type,
           s.kind IN ('custody', 'life', 'youth_custody') AS is_sentenced_to_custody
    FROM crown_defendant AS d
    LEFT JOIN sentence AS s ON s.doc_key = d.doc_key
    WHERE NOT d.is_company AND NOT d.is_obsolete AND d.case_type = 'T'
), held AS (
    SELECT *, u('remanded', doc_key) < CASE WHEN is_sentenced_to_custody THEN 0.42 ELSE 0.1 END AS is_held FROM ended
)
SELECT doc_key * 8 + 2 AS remand_key, defendant, case_key, defendant_key, committed - whole(u('before sending', doc_key), 0, 1) AS remanded_on,
       -- Those not sentenced to custody are bailed at some time, or released by the verdict.
       least(DATE '2021-09-25', CASE WHEN coalesce(is_sentenced_to_custody, false) OR u('bailed', doc_key) < 0.4 THEN completes
            ELSE committed + 1 + floor((completes - committed) * u('bailed', doc_key))::INTEGER END) AS ends_on,
       coalesce(is_sentenced_to_custody, false) AS is_sentenced_to_custody
FROM held WHERE is_held AND committed < DATE '2021-09-20';
