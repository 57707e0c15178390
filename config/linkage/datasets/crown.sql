-- Who was before the Crown Court? One row for each defendant in a case, whom XHIBIT knows by one name
-- and one address. Obsolete rows are nobody's. Companies are defendants too, but they are not people;
-- a missing flag is taken as a person.
WITH sentenced AS (
    SELECT
        defendant_on_case_id,
        array_agg(disposal_date) AS sentence_dates
    FROM xhb_disposal2
    WHERE obs_ind IS DISTINCT FROM 'Y'
    GROUP BY defendant_on_case_id
),

offended AS (
    SELECT
        charged.defendant_on_case_id,
        array_agg(offence.offence_start_date) AS offence_dates
    FROM xhb_defendant_on_offence AS charged
    INNER JOIN xhb_offence AS offence USING (offence_id)
    WHERE charged.obs_ind IS DISTINCT FROM 'Y'
    GROUP BY charged.defendant_on_case_id
)

SELECT
    party._row,
    0 AS variant,
    defendant.first_name AS forename1,
    defendant.middle_name AS forename2,
    defendant.surname,
    defendant.date_of_birth,
    defendant.gender AS sex,
    defendant.ethnicity_self_defined AS ethnicity,
    address.postcode,
    party.pnc_id AS pnc,
    sentenced.sentence_dates,
    party.asn,
    party.ptiurn,
    heard.magistrates_case_ref AS court_case_ref,
    party.collect_magistrate_court_id AS magistrates_court,
    party.date_of_committal AS committal_date,
    party.mag_court_final_hearing_date AS mag_final_hearing_date,
    heard.received_date AS recorded_on,
    offended.offence_dates
FROM xhb_defendant_on_case AS party
LEFT JOIN xhb_case AS heard USING (case_id)
LEFT JOIN xhb_defendant AS defendant USING (defendant_id)
LEFT JOIN xhb_address AS address USING (address_id)
LEFT JOIN sentenced USING (defendant_on_case_id)
LEFT JOIN offended USING (defendant_on_case_id)
WHERE
    party.obs_ind IS DISTINCT FROM 'Y'
    AND defendant.is_company IS DISTINCT FROM 'Y'
