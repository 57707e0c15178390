-- One row per event, with its offender, offence and disposal, for the queries of this share: it is
-- not declared, so it never leaves.
WITH
-- What was written where a date was not known says nothing.
offence AS (
    SELECT
        * EXCLUDE (_row, offence_date),
        nullif(nullif(offence_date, DATE '1900-01-01'), DATE '1970-01-01') AS offence_date
    FROM delius_main_offence
),

disposal AS (
    SELECT
        * EXCLUDE (_row, disposal_date, termination_date),
        nullif(nullif(disposal_date, DATE '1900-01-01'), DATE '1970-01-01') AS disposal_date,
        nullif(nullif(termination_date, DATE '1900-01-01'), DATE '1970-01-01') AS termination_date
    FROM delius_disposal
),

-- A service user has one main address; where two are open, the one moved to last.
home AS (
    SELECT offender_id, lsoa11_code, no_fixed_abode
    FROM delius_address
    QUALIFY row_number() OVER (
        PARTITION BY offender_id
        ORDER BY start_date DESC NULLS LAST, offender_address_id DESC
    ) = 1
),

person AS (
    SELECT _row, dataset_person
    FROM people
    WHERE dataset = 'probation'
)

SELECT
    event.* EXCLUDE (soft_deleted, conviction_date),
    nullif(nullif(event.conviction_date, DATE '1900-01-01'), DATE '1970-01-01') AS conviction_date,
    offender._row AS offender_row,
    person.dataset_person AS estimated_offender_id,
    offender.date_of_birth_date,
    gender.code AS gender_code,
    ethnicity.code AS ethnicity_code,
    ethnicity.description AS ethnicity_description,
    nationality.code AS nationality_code,
    home.lsoa11_code,
    home.no_fixed_abode,
    area.code AS probation_area_code,
    area.description AS probation_area_desc,
    offence.* EXCLUDE (main_offence_id, event_id, soft_deleted),
    disposal.* EXCLUDE (event_id, soft_deleted)
FROM delius_event AS event
INNER JOIN delius_offender AS offender USING (offender_id)
LEFT JOIN person ON offender._row = person._row
LEFT JOIN delius_r_gender AS gender USING (gender_id)
LEFT JOIN delius_r_ethnicity AS ethnicity USING (ethnicity_id)
LEFT JOIN delius_r_nationality AS nationality USING (nationality_id)
LEFT JOIN home USING (offender_id)
LEFT JOIN delius_r_probation_area AS area USING (probation_area_id)
LEFT JOIN offence USING (event_id)
LEFT JOIN disposal USING (event_id)
