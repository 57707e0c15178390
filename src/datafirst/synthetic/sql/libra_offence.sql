-- What became of each offence in the magistrates' court?
CREATE OR REPLACE TEMP TABLE libra_offence AS
WITH pleaded AS (
    SELECT a.case_key, a.defendant_key, a.is_company, a.kind, a.route, a.is_open, a.is_charge, a.initiated, a.first_hearing,
           a.ends, a.dob, o.* EXCLUDE (case_key), a.defendant_key * 8 + offence_seq AS k,
           u('plea', a.defendant_key * 8 + offence_seq) AS r,
           u('finding', a.defendant_key * 8 + offence_seq) AS f, u('result', a.defendant_key * 8 + offence_seq) AS s,
           u('amount', a.defendant_key * 8 + offence_seq) AS q
    FROM appearance AS a JOIN case_offence AS o USING (case_key)
    WHERE NOT a.is_not_in_libra
), found AS (
    SELECT *, CASE WHEN is_open THEN NULL
            WHEN route = 'T' THEN CASE WHEN mode = 'I' THEN NULL WHEN r < 0.62 THEN 'NI' WHEN r < 0.9 THEN 'NG' ELSE 'NP' END
            WHEN route = 'S' THEN 'G'
            WHEN offence_group = '13' THEN CASE WHEN r < 0.8 THEN 'A' WHEN r < 0.95 THEN 'D' ELSE 'C' END
            WHEN kind = 'sjp' THEN CASE WHEN r < 0.62 THEN 'NP' WHEN r < 0.93 THEN 'G' ELSE 'NG' END
            WHEN r < 0.62 THEN 'G' WHEN r < 0.84 THEN 'NG' ELSE 'NP' END AS plea
    FROM pleaded
), decided AS (
    SELECT *, CASE WHEN is_open THEN NULL WHEN route = 'T' THEN 'N' WHEN plea IN ('G', 'A', 'C') THEN 'PG'
            WHEN plea = 'NP' THEN CASE WHEN f < 0.86 THEN 'PA' ELSE 'W' END
            WHEN route = 'A' AND offence_seq = 1 OR f < 0.5 THEN 'G' WHEN f < 0.76 THEN 'NG' WHEN f < 0.84 THEN 'D' WHEN f < 0.93 THEN 'W'
            ELSE 'DC' END AS finding
    FROM found
), sentenced AS (
    SELECT *, CASE
            WHEN is_open THEN NULL WHEN route = 'T' THEN 'COMS'
            WHEN finding = 'NG' THEN 'ACQ' WHEN finding = 'D' THEN 'DISM' WHEN finding = 'W' THEN 'WDRN' WHEN finding = 'DC' THEN 'DISC'
            WHEN route = 'S' THEN 'COMT'
            WHEN offence_code = 'CV80001' THEN 'CIVO'
            WHEN offence_group = '13' THEN CASE WHEN s < 0.55 THEN 'BCO' WHEN s < 0.9 THEN 'BRO' ELSE 'FINE' END
            WHEN offence_seq > 1 AND s < 0.3 THEN 'NSP'
            WHEN is_company THEN CASE WHEN s < 0.96 THEN 'FINE' ELSE 'CD' END
            WHEN kind = 'sjp' THEN CASE WHEN s < 0.93 THEN 'FINE' WHEN s < 0.97 THEN 'AD' ELSE 'CD' END
            WHEN kind = 'youth' THEN CASE WHEN s < 0.42 THEN 'RO' WHEN s < 0.66 THEN 'YRO' WHEN s < 0.72 THEN 'DTO' WHEN s < 0.84 THEN 'CD'
                 WHEN s < 0.9 THEN 'FINE' WHEN s < 0.94 THEN 'RPO' WHEN s < 0.98 THEN 'COMP' ELSE 'AD' END
            WHEN mode = 'S' THEN CASE WHEN s < 0.64 THEN 'FINE' WHEN s < 0.75 THEN 'CO' WHEN s < 0.86 THEN 'CD' WHEN s < 0.9 THEN 'IMP'
                 WHEN s < 0.93 THEN 'SSO' WHEN s < 0.95 THEN 'COMP' WHEN s < 0.96 THEN 'ODET' WHEN s < 0.97 THEN 'BIND' WHEN s < 0.99 THEN 'DISQ' ELSE 'AD' END
            WHEN s < 0.16 THEN CASE WHEN dob > ends - INTERVAL 21 YEAR THEN 'YOI' ELSE 'IMP' END
            WHEN s < 0.26 THEN 'SSO' WHEN s < 0.48 THEN 'CO' WHEN s < 0.76 THEN 'FINE' WHEN s < 0.93 THEN 'CD' WHEN s < 0.96 THEN 'COMP'
            WHEN s < 0.98 THEN 'ODET' ELSE 'AD' END AS result_code
    FROM decided
)
SELECT s.*, d.result_priority, finding IN ('PG', 'PA', 'G') AS is_guilty,
    finding IN ('PG', 'PA', 'G') AND offence_group = '12' AND u('disqualified', k) < 0.2 AND route NOT IN ('T', 'S') AS is_disqualified
FROM sentenced AS s LEFT JOIN disposals AS d ON d.disposal_code = s.result_code;

CREATE OR REPLACE TEMP TABLE hocas_offence AS
SELECT k AS row_key, libra_case(case_key, first_hearing) AS case_id, libra_defendant(defendant_key) AS defendant_id,
    offence_seq, offence_code,
    CASE WHEN u('ho missing', k) >= 0.006 THEN ho_class END AS ho_class,
    CASE WHEN u('ho missing', k) >= 0.006 THEN ho_subclass END AS ho_subclass,
    CASE WHEN u('ho missing', k) >= 0.006 THEN priority END AS ho_priority,
    offence_group, mode AS offence_mode,
    CASE WHEN u('inchoate', offence_key) < 0.97 THEN 'C' WHEN u('inchoate', offence_key) < 0.985 THEN 'A'
         WHEN u('inchoate', offence_key) < 0.993 THEN 'Y' ELSE 'I' END AS inchoate_type,
    CASE WHEN u('began missing', k) >= 0.004 THEN began END AS offence_start_date,
    CASE WHEN lasting < 0.12 THEN least(began + whole(lasting / 0.12, 0, 200), initiated - 41) END AS lasted_until,
    CASE WHEN lasting < 0.12 AND lasted_until >= began THEN lasted_until END AS offence_end_date,
    CASE WHEN is_charge THEN initiated END AS charge_date,
    plea, CASE WHEN plea IS NOT NULL AND u('plea date', k) >= 0.03 THEN CASE WHEN u('late plea', k) < 0.2 THEN ends ELSE first_hearing END END AS plea_date,
    finding, CASE WHEN finding IS NOT NULL AND finding <> 'N' THEN ends END AS finding_date,
    result_code, CASE WHEN result_code IS NOT NULL THEN ends END AS result_date, result_priority,
    CASE WHEN is_disqualified AND result_code <> 'DISQ' THEN 'DISQ' WHEN is_guilty AND route NOT IN ('T', 'S') AND u('second result', k) < 0.15 THEN
         one_of(u('which second', k), ['SURC', 'COST', 'COMP', 'FORF', 'RESO']) END AS second_result_code,
    CASE WHEN result_code IN ('IMP', 'YOI', 'SSO') THEN one_of(q, [14, 28, 28, 42, 56, 56, 84, 112, 126, 180])
         WHEN result_code = 'DTO' THEN one_of(q, [120, 120, 180, 240, 360, 720]) END AS custodial_period_days,
    CASE WHEN result_code = 'SSO' THEN one_of(u('suspended', k), [365, 365, 365, 540, 730]) END AS suspended_period_days,
    CASE WHEN result_code IN ('CO', 'YRO', 'RO', 'CD') THEN one_of(q, [90, 180, 365, 365, 365, 540, 730]) END AS order_length_days,
    CASE WHEN result_code IN ('CO', 'SSO') AND u('unpaid', k) < 0.5 THEN one_of(u('hours', k), [40, 60, 80, 100, 120, 150, 200, 250]) END AS unpaid_work_hours,
    CASE WHEN result_code IN ('CO', 'YRO') AND u('curfew', k) < 0.2 THEN one_of(u('weeks', k), [28, 56, 84, 112, 168]) END AS curfew_days,
    CASE WHEN result_code = 'FINE' THEN CASE WHEN is_company THEN round(exp(5 + 5 * q), 0) ELSE round(40 + exp(3 + 3.6 * q), 0) END END AS fine_amount,
    CASE WHEN result_code = 'COMP' OR second_result_code = 'COMP' THEN round(20 + exp(6 * u('compensation', k)), 2) END AS compensation_amount,
    yes_no(is_disqualified OR result_code IS NOT DISTINCT FROM 'DISQ') AS disqualified_flag,
    CASE WHEN is_disqualified OR result_code = 'DISQ' THEN one_of(q, [14, 56, 180, 365, 365, 485, 540, 730, 1095]) END AS disqualification_days,
    CASE WHEN offence_group = '12' AND is_guilty AND NOT is_disqualified AND u('points', k) < 0.6 THEN one_of(q, [3, 3, 3, 4, 5, 6, 6, 8, 10]) END AS penalty_points,
    yes_no(is_guilty IS TRUE AND offence_group IN ('06', '07') AND u('forfeit', k) < 0.5) AS forfeiture_flag,
    yes_no(route IN ('T', 'S')) AS sent_to_crown_flag
FROM libra_offence;
