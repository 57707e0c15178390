-- One row per case, as its released events and roles tell of it.
WITH
steps AS (
    SELECT
        case_number_hash AS case_number,
        count(*) AS events_count,
        count(*) FILTER (WHERE event_model = 'G50') AS later_applications_count,
        count(*) FILTER (WHERE event_model = 'G63') AS withdrawn_applications_count,
        count(*) FILTER (WHERE event_model = 'G62') AS reopened_count,
        count(*) FILTER (WHERE event_group = 'O') AS orders_count,
        count(*) FILTER (WHERE is_final_order = 'Y') AS final_orders_count,
        min(coalesce(receipt_date, entry_date)) FILTER (WHERE is_final_order = 'Y')
            AS first_final_order_date,
        count(hearing_date) AS hearings_count,
        bool_or(is_high_court = 'Y') AS is_high_court,
        -- Closed and re-opened in turn: the last of these steps is how the case stands.
        arg_max(event_model, event_sequence) FILTER (WHERE event_model IN ('U24', 'G62'))
            AS last_step,
        arg_max(coalesce(receipt_date, entry_date), event_sequence)
            FILTER (WHERE event_model IN ('U24', 'G62')) AS last_step_date
    FROM family.events
    GROUP BY case_number_hash
),

applied AS (
    SELECT
        event.case_number,
        list_sort(list_distinct(flatten(list(detail.application_types)))) AS application_types
    FROM fm_events AS event
    INNER JOIN family.event_detail AS detail USING (event)
    WHERE event.event_model = 'U22' AND detail.application_types IS NOT NULL
    GROUP BY event.case_number
),

parties AS (
    SELECT
        case_number_hash AS case_number,
        count(*) FILTER (WHERE role_group = 'A') AS applicants_count,
        count(*) FILTER (WHERE role_group = 'R') AS respondents_count,
        bool_or(role_group = 'A' AND party_type = 'O') AS has_public_body_applicant
    FROM family.people
    GROUP BY case_number_hash
)

SELECT
    start.case_number AS case_number_hash,
    start.case_type,
    2000 + CAST(start.case_number[3:4] AS INTEGER) AS case_year,
    detail.originating_court,
    start.case_start_date,
    detail.issue_date,
    CASE WHEN steps.last_step = 'U24' THEN steps.last_step_date END AS case_closed_date,
    CASE
        WHEN steps.last_step = 'U24' THEN 'C'
        WHEN steps.last_step = 'G62' THEN 'R'
        ELSE 'O'
    END AS case_status,
    steps.reopened_count,
    steps.events_count,
    array_to_string(applied.application_types, '|') AS application_type_value_array,
    applied.application_types[1] AS first_application_type,
    steps.later_applications_count,
    steps.withdrawn_applications_count,
    steps.orders_count,
    steps.final_orders_count,
    steps.first_final_order_date,
    steps.hearings_count,
    CASE WHEN steps.is_high_court THEN 'Y' ELSE 'N' END AS is_high_court,
    detail.allocated_tier,
    detail.harm_alleged_flag,
    start.children_count,
    coalesce(parties.applicants_count, 0) AS applicants_count,
    coalesce(parties.respondents_count, 0) AS respondents_count,
    CASE WHEN parties.has_public_body_applicant THEN 'Y' ELSE 'N' END
        AS public_body_applicant_flag,
    coalesce(len(detail.related_cases), 0) AS related_cases_count,
    detail.related_cases[1] AS related_case_number_hash
FROM family.case_start AS start
INNER JOIN steps USING (case_number)
LEFT JOIN applied USING (case_number)
LEFT JOIN parties USING (case_number)
LEFT JOIN family.case_detail AS detail USING (case_number)
