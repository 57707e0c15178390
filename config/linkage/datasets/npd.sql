-- Who are the pupils? As the school wrote them last, then by an earlier surname, then at each
-- earlier address.
WITH main AS (
    SELECT
        _row,
        pupil_matching_ref,
        former_surname,
        forename AS forename1,
        middle_name AS forename2,
        surname,
        date_of_birth,
        gender AS sex,
        -- The school census has its own codes for the categories of 16+1.
        CASE ethnicity
            WHEN 'WBRI' THEN 'W1'
            WHEN 'WIRI' THEN 'W2'
            WHEN 'WIRT' THEN 'W3'
            WHEN 'WROM' THEN 'W4'
            WHEN 'WOTH' THEN 'W9'
            WHEN 'MWBC' THEN 'M1'
            WHEN 'MWBA' THEN 'M2'
            WHEN 'MWAS' THEN 'M3'
            WHEN 'MOTH' THEN 'M9'
            WHEN 'AIND' THEN 'A1'
            WHEN 'APKN' THEN 'A2'
            WHEN 'ABAN' THEN 'A3'
            WHEN 'CHNE' THEN 'A4'
            WHEN 'AOTH' THEN 'A9'
            WHEN 'BCRB' THEN 'B1'
            WHEN 'BAFR' THEN 'B2'
            WHEN 'BOTH' THEN 'B9'
            WHEN 'OOTH' THEN 'O9'
        END AS ethnicity,
        postcode
    FROM npd_pupil
),

other AS (
    SELECT
        main.* REPLACE (former_surname AS surname),
        0 AS place
    FROM main
    WHERE former_surname <> surname
    UNION ALL
    SELECT
        main.* REPLACE (npd_pupil_address.postcode AS postcode),
        npd_pupil_address.address_seq AS place
    FROM main
    INNER JOIN npd_pupil_address USING (pupil_matching_ref)
    WHERE npd_pupil_address.postcode <> main.postcode OR main.postcode IS NULL
)

SELECT
    * EXCLUDE (pupil_matching_ref, former_surname),
    0::INTEGER AS variant
FROM main
UNION ALL
SELECT
    * EXCLUDE (pupil_matching_ref, former_surname, place),
    (row_number() OVER (PARTITION BY _row ORDER BY place))::INTEGER AS variant
FROM other
