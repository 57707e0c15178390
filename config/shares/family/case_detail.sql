-- What the fields of each case say: one row per case that has any.
WITH field AS (
    SELECT case_number, field_model, nullif(trim(value), '') AS value
    FROM fm_case_fields
),

pivoted AS (
    SELECT
        case_number,
        max(value) FILTER (WHERE field_model = 'DTISSU') AS issue_date,
        max(value) FILTER (WHERE field_model = 'ORGCRT') AS originating_court,
        max(value) FILTER (WHERE field_model = 'RELCAS') AS related_cases,
        max(value) FILTER (WHERE field_model = 'HARMAL') AS harm_alleged_flag,
        max(value) FILTER (WHERE field_model = 'ALTIER') AS allocated_tier
    FROM field
    GROUP BY case_number
)

SELECT
    case_number,
    try_strptime(issue_date, '%d/%m/%Y')::DATE AS issue_date,
    originating_court,
    -- Kept in the order of entry: the first one entered is the one that is delivered.
    list_filter(
        string_split(regexp_replace(related_cases, '\s', '', 'g'), ','),
        lambda other: regexp_full_match(other, '[A-Z]{2}\d{2}[CPZDF]\d{5,}')
            AND other <> case_number AND other NOT LIKE 'FD__C4%'
    ) AS related_cases,
    harm_alleged_flag,
    allocated_tier
FROM pivoted
