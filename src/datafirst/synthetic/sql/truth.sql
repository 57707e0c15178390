-- Who is who, and which Crown Court case came from which case of the magistrates' courts?
CREATE OR REPLACE TEMP TABLE truth_magistrates AS
SELECT 'magistrates' AS dataset, concat_ws('/', libra_case(case_key, first_hearing), libra_defendant(defendant_key)) AS record_id,
       CASE WHEN NOT is_company THEN 'P' || lpad(defendant::VARCHAR, 8, '0') END AS person_id
FROM appearance WHERE NOT is_not_in_libra;
CREATE OR REPLACE TEMP TABLE truth_crown AS
SELECT 'crown' AS dataset, number40(doc_key)::VARCHAR AS record_id,
       CASE WHEN NOT is_company THEN 'P' || lpad(defendant::VARCHAR, 8, '0') END AS person_id
FROM crown_defendant;

-- A rolled-up case has two origins, a severed one is the origin of two.
CREATE OR REPLACE TEMP TABLE journeys AS
SELECT number40(doc_key)::VARCHAR AS crown_record_id,
       concat_ws('/', libra_case(a.case_key, a.first_hearing), libra_defendant(a.defendant_key)) AS magistrates_record_id,
       case_type
FROM crown_defendant AS d
JOIN appearance AS a ON a.crown_case_key = d.case_key AND a.defendant = d.defendant AND a.is_company = d.is_company
WHERE NOT a.is_not_in_libra AND NOT is_obsolete AND (a.case_key = d.case_key OR d.part = 0);
