-- Who was received into prison? The offender's main name and latest address, then each other name
-- and each earlier address. Other names are rows of the same table, but they are no records of their own.
WITH
-- Of several numbers of a kind a verified one holds, then the first that was entered.
known_as AS (
    SELECT
        root_offender_id,
        arg_min(identifier, (verified_flag IS DISTINCT FROM 'Y', offender_id_seq))
            FILTER (WHERE identifier_type = 'PNC') AS pnc,
        arg_min(identifier, (verified_flag IS DISTINCT FROM 'Y', offender_id_seq))
            FILTER (WHERE identifier_type = 'CRO') AS cro
    FROM offender_identifiers
    GROUP BY root_offender_id
),

address AS (
    SELECT
        root_offender_id,
        postal_code,
        row_number() OVER (
            PARTITION BY root_offender_id
            ORDER BY end_date IS NOT NULL, start_date DESC NULLS LAST, address_id DESC
        ) AS nth
    FROM offender_addresses
    WHERE no_fixed_address_flag IS DISTINCT FROM 'Y' AND postal_code IS NOT NULL
),

-- As it was asked last; some have typed a word for the code.
national AS (
    SELECT
        booking.root_offender_id,
        arg_max(detail.profile_code, (booking.booking_begin_date, detail.profile_seq)) AS nationality
    FROM offender_profile_details AS detail
    INNER JOIN offender_bookings AS booking USING (offender_book_id)
    WHERE detail.profile_type = 'NAT' AND regexp_full_match(detail.profile_code, '[A-Z]{3}')
    GROUP BY booking.root_offender_id
),

-- A recall is entered as a sentence of its own, but no court passed it; some were entered by mistake.
sentenced AS (
    SELECT
        booking.root_offender_id,
        array_agg(sentence.start_date) AS sentence_dates
    FROM offender_sentences AS sentence
    INNER JOIN offender_bookings AS booking USING (offender_book_id)
    WHERE
        sentence.sentence_category IS DISTINCT FROM 'LICENCE'
        AND sentence.termination_reason IS DISTINCT FROM 'ERR'
    GROUP BY booking.root_offender_id
),

main AS (
    SELECT
        offender._row,
        offender.root_offender_id,
        offender.first_name AS forename1,
        offender.middle_name AS forename2,
        offender.last_name AS surname,
        offender.birth_date AS date_of_birth,
        offender.sex_code AS sex,
        offender.race_code AS ethnicity,
        offender.birth_place,
        national.nationality,
        address.postal_code AS postcode,
        known_as.pnc,
        known_as.cro,
        offender.offender_id_display AS noms_number,
        offender.create_date AS recorded_on,
        sentenced.sentence_dates
    FROM offenders AS offender
    LEFT JOIN address ON offender.root_offender_id = address.root_offender_id AND address.nth = 1
    LEFT JOIN known_as ON offender.root_offender_id = known_as.root_offender_id
    LEFT JOIN national ON offender.root_offender_id = national.root_offender_id
    LEFT JOIN sentenced ON offender.root_offender_id = sentenced.root_offender_id
    WHERE offender.offender_id = offender.root_offender_id
),

other_name AS (
    SELECT
        main.* REPLACE (
            coalesce(name.first_name, main.forename1) AS forename1,
            coalesce(name.middle_name, main.forename2) AS forename2,
            coalesce(name.last_name, main.surname) AS surname,
            coalesce(name.birth_date, main.date_of_birth) AS date_of_birth
        ),
        {'kind': 1, 'number': name.offender_id} AS place
    FROM main
    INNER JOIN offenders AS name USING (root_offender_id)
    WHERE name.offender_id <> name.root_offender_id
),

earlier_address AS (
    SELECT main.* REPLACE (address.postal_code AS postcode), {'kind': 2, 'number': address.nth} AS place
    FROM main
    INNER JOIN address USING (root_offender_id)
    WHERE address.nth > 1
),

other AS (
    SELECT * FROM other_name
    UNION ALL
    SELECT * FROM earlier_address
)

SELECT * EXCLUDE (root_offender_id), 0::INTEGER AS variant
FROM main
UNION ALL
SELECT
    * EXCLUDE (root_offender_id, place),
    (row_number() OVER (PARTITION BY _row ORDER BY place))::INTEGER AS variant
FROM other
