-- How does the PNC hold what the courts decided? The last court's word counts, offence by offence.
CREATE OR REPLACE TEMP TABLE pnc_charge AS
WITH charged AS (
    SELECT e.event_key, e.event_on, e.defendant, a.defendant_key, a.kind, a.route, a.is_open, a.first_hearing, a.court, o.* EXCLUDE (mode),
           a.defendant_key - (a.case_key - a.crown_case_key) AS crown_defendant_key,
           -- The counts of a case rolled up with another follow that one's.
           o.offence_seq + CASE WHEN a.case_key <> a.crown_case_key THEN 8 ELSE 0 END AS count_number
    FROM pnc_event AS e JOIN appearance AS a USING (defendant_key) JOIN case_offence AS o ON o.case_key = a.case_key
)
SELECT c.*, c.defendant_key * 8 + c.offence_seq AS offence_id_key, d.k AS count_k,
    CASE WHEN d.k IS NOT NULL THEN d.plea
         WHEN l.plea IN ('A', 'C') THEN 'G' WHEN l.plea = 'D' THEN 'NG' WHEN l.plea = 'NI' THEN 'NP' ELSE l.plea END AS plea,
    CASE WHEN c.is_open OR coalesce(d.crown_is_open, false) THEN NULL
         WHEN d.k IS NOT NULL THEN CASE WHEN d.is_convicted THEN 'GU' WHEN d.verdict = 'LF' THEN 'LF' WHEN d.verdict IN ('NG', 'NGD') THEN 'NG' ELSE 'NA' END
         WHEN c.route IN ('T', 'S') THEN NULL
         ELSE CASE l.finding WHEN 'NG' THEN 'NG' WHEN 'D' THEN 'DI' WHEN 'W' THEN 'WD' WHEN 'DC' THEN 'DT' WHEN 'G' THEN 'GU' WHEN 'PG' THEN 'GU' WHEN 'PA' THEN 'GU' END
         END AS adjudication,
    coalesce(d.completes, l.ends) AS ended, d.crown_court, d.k IS NOT NULL AS is_crown,
    CASE WHEN d.k IS NOT NULL THEN d.disposal ELSE l.result_code END AS result_code, l.is_disqualified AND d.k IS NULL AS is_disqualified
FROM charged AS c
LEFT JOIN crown_count AS d ON d.defendant_key = crown_defendant_key AND d.n = count_number AND NOT d.is_obsolete AND d.case_type <> 'A'
LEFT JOIN libra_offence AS l ON l.k = c.defendant_key * 8 + c.offence_seq;

CREATE OR REPLACE TEMP TABLE pnc_court_appearance AS
WITH ended AS (
    SELECT event_key, any_value(defendant) AS defendant, any_value(kind) AS kind, any_value(court) AS court, any_value(first_hearing) AS first_hearing,
           max(ended) AS disposed_on, min(crown_court) AS crown_court, bool_or(is_crown) AS is_crown, count(*) AS offences_count,
           count(*) FILTER (adjudication = 'GU') AS convictions_count
    FROM pnc_charge WHERE adjudication IS NOT NULL GROUP BY event_key
)
SELECT event_key AS row_key, number40(event_key) AS court_appearance_id, number40(defendant) AS pnc_person_id, number40(event_key) AS arrest_summons_id,
    CASE WHEN is_crown THEN 'C' WHEN kind = 'youth' THEN 'Y' ELSE 'M' END AS court_type, court AS court_code, crown_court,
    first_hearing AS first_hearing_on, disposed_on, CASE WHEN convictions_count > 0 THEN 'C' ELSE 'N' END AS result,
    offences_count, convictions_count, CASE WHEN u('youth missing', event_key) >= 0.01 THEN yes_no(kind = 'youth') END AS youth_flag
FROM ended;

CREATE OR REPLACE TEMP TABLE pnc_offence AS
SELECT offence_id_key AS row_key, number40(offence_id_key * 2) AS offence_id, number40(defendant) AS pnc_person_id, number40(event_key) AS arrest_summons_id,
    CASE WHEN adjudication IS NOT NULL THEN number40(event_key) END AS court_appearance_id, offence_seq, offence_code, ho_class, ho_subclass, offence_group,
    began AS offence_start_date,
    CASE WHEN lasting < 0.1 THEN least(began + whole(lasting * 10, 0, 30), event_on) END AS offence_end_date,
    CASE WHEN adjudication IS NOT NULL THEN plea END AS plea, adjudication, CASE WHEN adjudication IS NOT NULL THEN ended END AS adjudicated_on,
    CASE WHEN u('on bail missing', offence_id_key) >= 0.03 THEN yes_no(u('on bail', offence_id_key) < 0.07) END AS on_bail_flag
FROM pnc_charge
UNION ALL
SELECT event_key * 8, number40(event_key * 8 + 1), number40(defendant), number40(event_key), NULL, 1, e.offence_code, ho_class, ho_subclass, e.offence_group,
    event_on - whole(u('offended', event_key) ^ 2, 0, 40), NULL, NULL, NULL, NULL, 'N'
FROM pnc_event AS e JOIN offences USING (offence_code) WHERE case_key IS NULL;

CREATE OR REPLACE TEMP TABLE pnc_disposal AS
WITH imposed AS (
    SELECT c.*, 1 AS seq, result_code AS code FROM pnc_charge AS c WHERE adjudication = 'GU' AND result_code IS NOT NULL
    UNION ALL
    SELECT c.*, 2, 'DISQ' FROM pnc_charge AS c WHERE adjudication = 'GU' AND is_disqualified AND result_code <> 'DISQ'
)
SELECT offence_id_key * 4 + seq AS row_key, number40(offence_id_key * 4 + seq) AS disposal_id, number40(defendant) AS pnc_person_id, number40(offence_id_key * 2) AS offence_id,
    seq AS disposal_seq,
    coalesce(map {
        'LIFE': '1001', 'IMP': '1002', 'DTO': '1006', 'YOI': '1007', 'S91': '1008', 'EDS': '1009', 'IPP': '1010', 'FINE': '1015', 'ODET': '1016',
        'DISQ': '1018', 'PTS': '1019', 'CD': '1022', 'AD': '1023', 'BIND': '1025', 'HOSP': '1027', 'HORD': '1028', 'SSO': '1032', 'CO': '1033',
        'YRO': '1034', 'RO': '1035', 'RPO': '1036', 'COMP': '1040', 'CONF': '1045', 'FORF': '1045', 'NSP': '1050', 'BCO': '1055', 'BRO': '1055'
    }[code], '1060') AS disposal_code, ended AS imposed_on,
    CASE WHEN seq = 1 THEN coalesce(n.custodial_days, h.custodial_period_days) END AS custodial_period_days,
    CASE WHEN seq = 1 THEN coalesce(n.suspended_days, h.suspended_period_days) END AS suspended_period_days,
    CASE WHEN seq = 1 THEN coalesce(n.order_days, h.order_length_days) END AS order_length_days,
    CASE WHEN seq = 1 THEN coalesce(n.unpaid_hours, h.unpaid_work_hours) END AS unpaid_work_hours,
    CASE WHEN seq = 1 AND code = 'FINE' THEN coalesce(h.fine_amount, round(exp(4 + 4 * u('crown fine', offence_id_key)))) END AS fine_amount,
    CASE WHEN seq = 1 THEN h.compensation_amount END AS compensation_amount,
    CASE WHEN code = 'DISQ' THEN h.disqualification_days END AS disqualification_days
FROM imposed
LEFT JOIN hocas_offence AS h ON h.row_key = offence_id_key AND NOT is_crown
LEFT JOIN crown_length AS n ON n.k = count_k AND is_crown;
