-- What the fields of each event say: one row per event that has any. Several values joined by
-- commas, with stray spaces, become a list of codes in order, each once.
WITH field AS (
    SELECT event, field_model, nullif(trim(value), '') AS value
    FROM fm_event_fields
),

pivoted AS (
    SELECT
        event,
        max(value) FILTER (WHERE field_model = 'APPTYP') AS application_types,
        max(value) FILTER (WHERE field_model = 'ORDTYP') AS order_types,
        max(value) FILTER (WHERE field_model = 'CHILDR') AS children,
        max(value) FILTER (WHERE field_model = 'WDRAWN') AS withdrawn,
        max(value) FILTER (WHERE field_model = 'JUDTIER') AS judge_tier,
        max(value) FILTER (WHERE field_model = 'INTORD') AS interim,
        max(value) FILTER (WHERE field_model = 'HICOURT') AS high_court,
        max(value) FILTER (WHERE field_model = 'NONOTC') AS without_notice,
        max(value) FILTER (WHERE field_model = 'CONSNT') AS by_consent,
        max(value) FILTER (WHERE field_model = 'URGENT') AS urgent
    FROM field
    GROUP BY event
)

SELECT
    event,
    list_sort(list_distinct(list_filter(
        string_split(regexp_replace(application_types, '\s', '', 'g'), ','), lambda code: code <> ''
    ))) AS application_types,
    list_sort(list_distinct(list_filter(
        string_split(regexp_replace(order_types, '\s', '', 'g'), ','), lambda code: code <> ''
    ))) AS order_types,
    list_distinct(list_filter(
        list_transform(string_split(children, ','), lambda role: try_cast(trim(role) AS BIGINT)),
        lambda role: role IS NOT NULL
    )) AS children,
    try_cast(withdrawn AS BIGINT) AS withdrawn,
    judge_tier,
    coalesce(interim = 'Y', false) AS is_interim,
    coalesce(high_court = 'Y', false) AS is_high_court,
    without_notice,
    by_consent,
    urgent
FROM pivoted
