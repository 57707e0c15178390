-- One row for each time in custody, from a reception to the release that follows it, for the queries
-- of this share: it is not declared, so it never leaves. One without an end lasts at the end of the
-- coverage.
WITH
gate AS (
    SELECT
        offender_book_id,
        movement_seq,
        movement_date,
        movement_type,
        movement_reason_code,
        to_agy_loc_id,
        lead(movement_type) OVER following AS next_type,
        lead(movement_date) OVER following AS next_date,
        lead(movement_reason_code) OVER following AS next_reason,
        lead(from_agy_loc_id) OVER following AS next_from
    FROM offender_external_movements
    WHERE movement_type IN ('ADM', 'REL')
    WINDOW following AS (PARTITION BY offender_book_id ORDER BY movement_date, movement_seq)
),

-- A release that was never entered: the detail of the release tells, or else the end of a booking
-- that is closed. Before another reception it can only be told to be no later than that.
closed AS (
    SELECT
        gate.*,
        booking.root_offender_id,
        CASE
            WHEN next_type = 'REL' THEN next_date
            WHEN detail.release_date BETWEEN movement_date AND coalesce(next_date, detail.release_date)
                THEN detail.release_date
            WHEN next_type = 'ADM' THEN next_date
            WHEN booking.active_flag = 'N' AND booking.booking_end_date >= movement_date
                THEN booking.booking_end_date
        END AS told_end
    FROM gate
    JOIN offender_bookings AS booking USING (offender_book_id)
    LEFT JOIN offender_release_details AS detail USING (offender_book_id)
    WHERE gate.movement_type = 'ADM'
)

SELECT
    offender_book_id,
    root_offender_id,
    movement_seq AS spell_seq,
    movement_date AS begins,
    CASE WHEN told_end <= getvariable('coverage_end') THEN told_end END AS ends,
    movement_reason_code AS admission_reason,
    to_agy_loc_id AS reception_prison,
    CASE WHEN next_type = 'REL' THEN next_reason END AS release_reason,
    CASE WHEN next_type = 'REL' THEN next_from END AS release_prison,
    -- Recalled from licence, from home detention curfew or for a fixed term; brought back from
    -- hospital or after an escape.
    movement_reason_code IN ('L', 'B', 'FPR') AS is_recall,
    movement_reason_code IN ('L', 'B', 'FPR', '24', 'E') AS is_return
FROM closed
