-- One row per event, with what its fields and its hearing say.
WITH
-- Children named on the event who are children of its case.
named AS (
    SELECT detail.event, detail.role
    FROM (SELECT event, unnest(children) AS role FROM family.event_detail) AS detail
    INNER JOIN fm_events AS event USING (event)
    INNER JOIN fm_roles AS role
        ON detail.role = role.role AND event.case_number = role.case_number
    WHERE role.role_model IN ('CHLDC', 'CHLDZ')
),

children AS (
    SELECT event, count(*) AS children_count
    FROM named
    GROUP BY event
),

-- An order is known by its form.
grouped AS (
    SELECT
        *,
        CASE
            WHEN event_model IN ('U22', 'G50') THEN 'A'
            WHEN event_model IN ('C6', 'G61') THEN 'H'
            WHEN event_model IN ('U24', 'G62') THEN 'M'
            WHEN event_model IN ('G63', 'ORDREF', 'ORDNOM', 'A80') THEN 'N'
            ELSE 'O'
        END AS event_group,
        event_model IN (
            'C32', 'C35', 'C37', 'C42', 'C43', 'C43A', 'C44', 'C45', 'C47', 'FL404', 'FL404B',
            'A70', 'A76', 'A78', 'DABSOL', 'FINREM'
        ) AS may_be_final
    FROM fm_events
)

SELECT
    event._row,
    event.event,
    event.case_number AS case_number_hash,
    event.event_model,
    event.event_group,
    event.receipt_date,
    event.entry_date,
    coalesce(event.creating_court, CAST(event.event AS VARCHAR)[1:3]) AS creating_court,
    row_number() OVER (
        PARTITION BY event.case_number
        ORDER BY coalesce(event.receipt_date, event.entry_date), event.entry_date, event.event
    ) AS event_sequence,
    coalesce(event.receipt_date, event.entry_date) - start.case_start_date AS days_since_case_start,
    array_to_string(detail.application_types, '|') AS application_type_value_array,
    detail.application_types[1] AS first_application_type,
    withdrawn.event AS withdrawn_application_type_value,
    array_to_string(detail.order_types, '|') AS order_type_value_array,
    detail.order_types[1] AS first_order_type,
    CASE
        WHEN event.event_group <> 'O' THEN NULL
        WHEN event.event_model IN ('C33', 'C36') OR detail.is_interim THEN 'Y'
        ELSE 'N'
    END AS is_interim_order,
    CASE
        WHEN event.event_group <> 'O' THEN NULL
        WHEN event.may_be_final AND detail.is_interim IS NOT TRUE THEN 'Y'
        ELSE 'N'
    END AS is_final_order,
    CASE WHEN detail.is_high_court THEN 'Y' ELSE 'N' END AS is_high_court,
    detail.judge_tier,
    detail.without_notice AS without_notice_flag,
    detail.by_consent AS consent_flag,
    detail.urgent AS urgent_flag,
    CASE WHEN children.children_count > 0 THEN 'Y' ELSE 'N' END AS children_recorded_flag,
    coalesce(children.children_count, start.children_count) AS children_count,
    hearing.hearing_type,
    hearing.hearing_date
FROM grouped AS event
INNER JOIN family.case_start AS start USING (case_number)
LEFT JOIN family.event_detail AS detail USING (event)
LEFT JOIN fm_events AS withdrawn
    ON detail.withdrawn = withdrawn.event AND event.case_number = withdrawn.case_number
LEFT JOIN children USING (event)
LEFT JOIN fm_hearings AS hearing USING (event)
