-- One row per hearing, judgment, warrant and other event: each row of four tables of CaseMan.
-- Sums are rounded, because the register of judgments is public.
WITH happened AS (
    SELECT
        'caseman.cm_hearing' AS _table,
        _row,
        'H/' || hearing_id AS event_number,
        case_number,
        NULL::BIGINT AS party_number,
        'H' AS event_kind,
        hearing_date AS event_date,
        court_code,
        hearing_type,
        outcome AS hearing_outcome,
        vacated_flag,
        claimant_attended_flag,
        defendant_attended_flag
    FROM cm_hearing
    UNION ALL BY NAME
    SELECT
        'caseman.cm_judgment' AS _table,
        _row,
        'J/' || judgment_id AS event_number,
        case_number,
        party_number,
        'J' AS event_kind,
        judgment_date AS event_date,
        court_code,
        judgment_type,
        round(judgment_amount) AS judgment_amount,
        round(costs_amount) AS costs_amount,
        payment_terms,
        round(instalment_amount) AS instalment_amount,
        status AS judgment_status,
        status_date AS outcome_date
    FROM cm_judgment
    UNION ALL BY NAME
    SELECT
        'caseman.cm_warrant' AS _table,
        _row,
        'W/' || warrant_id AS event_number,
        case_number,
        party_number,
        'W' AS event_kind,
        issue_date AS event_date,
        court_code,
        warrant_type,
        round(warrant_amount) AS warrant_amount,
        round(recovered_amount) AS recovered_amount,
        outcome AS warrant_outcome,
        outcome_date
    FROM cm_warrant
    UNION ALL BY NAME
    SELECT
        'caseman.cm_event' AS _table,
        _row,
        'E/' || event_id AS event_number,
        case_number,
        party_number,
        'E' AS event_kind,
        event_date,
        event_code
    FROM cm_event
)

SELECT *
FROM happened
