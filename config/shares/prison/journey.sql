-- One row per booking, with the journey that it is part of. The rule, as the derivation of
-- custodial_journey_id says it: a booking joins the journey before it of the same person where it
-- begins within three days after the end of that, or before its end, or with a return to custody
-- (a recall, or from hospital or an escape). Not declared, so it never leaves.
WITH
booked AS (
    SELECT
        booking._row,
        booking.offender_book_id,
        offender._row AS _record,
        offender.offender_id AS root_offender_id,
        people.dataset_person,
        -- In a release without linkage the offender has to do.
        coalesce(people.dataset_person, 'offender ' || offender.offender_id) AS person,
        min(spell.begins) AS begins,
        CASE WHEN count(*) = count(spell.ends) THEN max(spell.ends) END AS ends,
        arg_min(spell.is_return, spell.spell_seq) AS is_return
    FROM offender_bookings AS booking
    JOIN prison.spell AS spell USING (offender_book_id)
    JOIN offenders AS offender ON booking.root_offender_id = offender.offender_id
    LEFT JOIN people ON people.dataset = 'prison' AND offender._row = people._row
    GROUP BY ALL
),

upto AS (
    SELECT
        *,
        max(coalesce(ends, DATE '9999-12-31')) OVER (
            PARTITION BY person
            ORDER BY begins, offender_book_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS held_until
    FROM booked
),

numbered AS (
    SELECT
        *,
        sum(CASE WHEN held_until IS NULL OR (begins > held_until + 3 AND NOT is_return) THEN 1 ELSE 0 END)
            OVER (PARTITION BY person ORDER BY begins, offender_book_id) AS journey_number
    FROM upto
)

SELECT
    *,
    first_value(offender_book_id) OVER (
        PARTITION BY person, journey_number
        ORDER BY begins, offender_book_id
    ) AS custodial_journey_id
FROM numbered
