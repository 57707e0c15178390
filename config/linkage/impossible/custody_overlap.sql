-- Which offenders, found together, were locked up at the same time under two numbers? Up to seven days
-- are the clerks': a release entered late, a booking closed late.
WITH
numbered AS (
    SELECT
        together._row,
        together.person,
        movement.offender_book_id,
        movement.movement_type,
        movement.movement_date AS begins,
        lead(movement.movement_type) OVER following AS next_type,
        lead(movement.movement_date) OVER following AS next_date
    FROM together
    INNER JOIN offenders AS offender ON together._row = offender._row
    INNER JOIN offender_bookings AS booking ON offender.offender_id = booking.root_offender_id
    INNER JOIN offender_external_movements AS movement
        ON booking.offender_book_id = movement.offender_book_id
    WHERE movement.movement_type IN ('ADM', 'REL')
    WINDOW following AS (
        PARTITION BY movement.offender_book_id
        ORDER BY movement.movement_date, movement.movement_seq
    )
),

-- Where no release follows, an active booking lasts and a closed one tells its end; where a release
-- was never entered before another reception, nothing is known.
spell AS (
    SELECT
        numbered._row,
        numbered.person,
        numbered.begins,
        CASE
            WHEN numbered.next_type = 'REL' THEN numbered.next_date
            WHEN numbered.next_type IS NULL AND booking.active_flag = 'Y' THEN DATE '9999-12-31'
            WHEN numbered.next_type IS NULL THEN booking.booking_end_date
        END AS ends
    FROM numbered
    INNER JOIN offender_bookings AS booking USING (offender_book_id)
    WHERE numbered.movement_type = 'ADM'
)

SELECT DISTINCT l._row AS _row_l, r._row AS _row_r
FROM spell AS l
INNER JOIN spell AS r
    ON
        l.person = r.person
        AND l._row < r._row
        AND least(l.ends, r.ends) - greatest(l.begins, r.begins) > 7
WHERE l.ends IS NOT NULL AND r.ends IS NOT NULL
