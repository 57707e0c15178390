-- Who are the service users of probation? Their main name and present address, then each alias,
-- the surname before a change, and each earlier address. Deleted rows are nobody's.
WITH
address AS (
    SELECT
        offender_id,
        postcode,
        row_number() OVER (
            PARTITION BY offender_id
            ORDER BY end_date IS NOT NULL, status.code IS DISTINCT FROM 'M', start_date DESC NULLS LAST, offender_address_id DESC
        ) AS nth
    FROM delius_address
    LEFT JOIN delius_r_address_status AS status USING (address_status_id)
    WHERE soft_deleted = 0
),

sentenced AS (
    SELECT
        event.offender_id,
        array_agg(disposal.disposal_date) AS sentence_dates
    FROM delius_disposal AS disposal
    INNER JOIN delius_event AS event USING (event_id)
    WHERE disposal.soft_deleted = 0 AND event.soft_deleted = 0
    GROUP BY event.offender_id
),

referred AS (
    SELECT
        offender_id,
        min(referral_date) AS recorded_on
    FROM delius_event
    WHERE soft_deleted = 0
    GROUP BY offender_id
),

main AS (
    SELECT
        offender._row,
        offender.offender_id,
        offender.first_name AS forename1,
        offender.second_name AS forename2,
        offender.surname,
        offender.previous_surname,
        offender.date_of_birth_date AS date_of_birth,
        gender.code AS sex,
        ethnicity.code AS ethnicity,
        address.postcode,
        offender.pnc_number AS pnc,
        offender.cro_number AS cro,
        offender.noms_number,
        offender.crn,
        referred.recorded_on,
        sentenced.sentence_dates
    FROM delius_offender AS offender
    LEFT JOIN delius_r_gender AS gender USING (gender_id)
    LEFT JOIN delius_r_ethnicity AS ethnicity USING (ethnicity_id)
    LEFT JOIN address ON offender.offender_id = address.offender_id AND address.nth = 1
    LEFT JOIN sentenced ON offender.offender_id = sentenced.offender_id
    LEFT JOIN referred ON offender.offender_id = referred.offender_id
    WHERE offender.soft_deleted = 0
),

alias AS (
    SELECT
        main.* REPLACE (
            coalesce(alias.first_name, forename1) AS forename1,
            coalesce(alias.second_name, forename2) AS forename2,
            coalesce(alias.surname, main.surname) AS surname,
            coalesce(alias.date_of_birth_date, date_of_birth) AS date_of_birth
        ),
        {'kind': 1, 'number': alias.alias_id} AS place
    FROM main
    INNER JOIN delius_alias AS alias USING (offender_id)
    WHERE alias.soft_deleted = 0
),

earlier_name AS (
    SELECT main.* REPLACE (previous_surname AS surname), {'kind': 2, 'number': 0} AS place
    FROM main
    WHERE previous_surname IS NOT NULL
),

earlier_address AS (
    SELECT main.* REPLACE (address.postcode AS postcode), {'kind': 3, 'number': address.nth} AS place
    FROM main
    INNER JOIN address USING (offender_id)
    WHERE address.nth > 1 AND address.postcode IS NOT NULL
),

other AS (
    SELECT * FROM alias
    UNION ALL
    SELECT * FROM earlier_name
    UNION ALL
    SELECT * FROM earlier_address
)

SELECT * EXCLUDE (offender_id, previous_surname), 0::INTEGER AS variant
FROM main
UNION ALL
SELECT
    * EXCLUDE (offender_id, previous_surname, place),
    (row_number() OVER (PARTITION BY _row ORDER BY place))::INTEGER AS variant
FROM other
