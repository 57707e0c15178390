-- What the fields of each role say: one row per role that has any.
WITH field AS (
    SELECT role, field_model, nullif(trim(value), '') AS value
    FROM fm_role_fields
)

SELECT
    role,
    -- The first entry of the menu and its heading are what is there when nothing was chosen.
    nullif(nullif(max(value) FILTER (WHERE field_model = 'RELCHD'), '--'), 'Child')
        AS relationship_to_child,
    max(value) FILTER (WHERE field_model = 'PARRES') AS parental_responsibility,
    max(value) FILTER (WHERE field_model = 'INTERP') AS interpreter_flag,
    max(value) FILTER (WHERE field_model = 'LITFRD') AS litigation_friend_flag,
    max(value) FILTER (WHERE field_model = 'LEGAID') AS legal_aid_flag,
    max(value) FILTER (WHERE field_model = 'CONADR') AS confidential_address_flag
FROM field
GROUP BY role
