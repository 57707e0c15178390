-- Who was before the magistrates' courts? One row for each defendant in a case. Organisations are
-- defendants too, but they are not people. Single Justice Procedure cases are in no share, so they
-- are not linked.
WITH offended AS (
    SELECT
        case_id,
        defendant_id,
        array_agg(offence_start_date) AS offence_dates
    FROM hocas_offence
    GROUP BY case_id, defendant_id
)

SELECT
    party._row,
    0 AS variant,
    party.forename1,
    party.forename2,
    party.surname,
    party.defendant_dob AS date_of_birth,
    party.defendant_sex AS sex,
    party.ethnicity_self_defined AS ethnicity,
    party.postcode,
    party.pnc,
    party.cro,
    [party.sentence_date] AS sentence_dates,
    party.asn,
    party.ptiurn,
    party.case_reference AS court_case_ref,
    party.court_code AS magistrates_court,
    party.committal_date,
    party.final_hearing_date AS mag_final_hearing_date,
    party.first_hearing_date AS recorded_on,
    offended.offence_dates
FROM hocas_flatfile AS party
LEFT JOIN offended USING (case_id, defendant_id)
WHERE
    party.defendant_type = 'P'
    AND party.initiation_type IS DISTINCT FROM 'J'
