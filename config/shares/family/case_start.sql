-- When each case began, as far as its released events tell, and how many children it has.
WITH child AS (
    SELECT case_number, count(*) AS children_count
    FROM fm_roles
    WHERE role_model IN ('CHLDC', 'CHLDZ')
    GROUP BY case_number
)

SELECT
    event.case_number,
    event.case_number[5] AS case_type,
    min(coalesce(event.receipt_date, event.entry_date)) AS case_start_date,
    coalesce(any_value(child.children_count), 0) AS children_count
FROM fm_events AS event
LEFT JOIN child USING (case_number)
GROUP BY event.case_number
