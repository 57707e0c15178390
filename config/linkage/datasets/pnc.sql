-- Who are the people on the PNC? Their main name and address, then each other name that they gave.
WITH main AS (
    SELECT
        _row,
        pnc_person_id,
        forename1,
        forename2,
        surname,
        date_of_birth,
        -- Unknown, which other systems write in other ways.
        nullif(sex, 'U') AS sex,
        ethnicity_self_defined AS ethnicity,
        postcode,
        pncid AS pnc,
        cro
    FROM pnc_person
),

other AS (
    SELECT
        main.* REPLACE (
            coalesce(pnc_alias.forename1, main.forename1) AS forename1,
            coalesce(pnc_alias.surname, main.surname) AS surname,
            coalesce(pnc_alias.date_of_birth, main.date_of_birth) AS date_of_birth
        ),
        pnc_alias.alias_id
    FROM main
    INNER JOIN pnc_alias USING (pnc_person_id)
)

SELECT
    * EXCLUDE (pnc_person_id),
    0::INTEGER AS variant
FROM main
UNION ALL
SELECT
    * EXCLUDE (pnc_person_id, alias_id),
    (row_number() OVER (PARTITION BY _row ORDER BY alias_id))::INTEGER AS variant
FROM other
