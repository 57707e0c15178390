-- One row per role of a party in a case.
WITH
-- Which parties are bodies: the same is asked when records are linked, where bodies are left out.
party AS (
    SELECT
        *,
        organisation IS NOT NULL
        OR (
            forename1 IS NULL
            AND coalesce(
                regexp_matches(upper(surname), '\b(COUNCIL|BOROUGH|CAFCASS|AUTHORITY)\b'), false
            )
        ) AS is_body,
        -- Nobody has an age at birth whose date of birth is missing or a placeholder.
        age_at(dob, dob) IS NOT NULL AS has_dob
    FROM fm_parties
),

roles AS (
    SELECT party, case_number, count(*) AS party_roles_count
    FROM fm_roles
    GROUP BY party, case_number
),

person AS (
    SELECT _row, dataset_person
    FROM people
    WHERE dataset = 'family'
),

aged AS (
    SELECT
        role.*,
        start.case_type,
        party._row AS party_row,
        party.gender,
        party.is_body,
        coalesce(party.has_dob, false) AS has_dob,
        party.surname IS NOT NULL AND party.forename1 IS NOT NULL AS has_name,
        party.address IS NOT NULL AS has_address,
        role.role_model IN ('CHLDC', 'CHLDZ') AS is_child,
        age_at(party.dob, start.case_start_date) AS age
    FROM fm_roles AS role
    INNER JOIN family.case_start AS start USING (case_number)
    LEFT JOIN party USING (party)
)

SELECT
    role._row,
    CASE WHEN NOT role.is_body THEN role.party_row END AS _record,
    'family/' || role.role AS record_id,
    role.role,
    role.case_number AS case_number_hash,
    role.party,
    person.dataset_person AS estimated_dataset_person_id,
    role.case_type,
    role.role_model,
    CASE
        WHEN role.role_model IN ('APLC', 'APLZ', 'APLA') THEN 'A'
        WHEN role.role_model IN ('RSPC', 'RSPZ', 'RSPA') THEN 'R'
        WHEN role.is_child THEN 'C'
        ELSE 'O'
    END AS role_group,
    CASE WHEN role.is_body THEN 'O' WHEN NOT role.is_body THEN 'P' END AS party_type,
    role.gender,
    role.entry_date,
    CASE WHEN NOT role.is_child OR role.age < 18 THEN role.age END AS age_at_case_start,
    CASE
        WHEN NOT role.is_child OR NOT role.has_dob THEN NULL
        WHEN role.age < 1 THEN '0'
        WHEN role.age < 5 THEN '1-4'
        WHEN role.age < 10 THEN '5-9'
        WHEN role.age < 15 THEN '10-14'
        WHEN role.age < 18 THEN '15-17'
        ELSE 'Other'
    END AS child_age_group,
    detail.relationship_to_child,
    CASE WHEN trim(role.representation) <> '' THEN 'Y' ELSE 'N' END AS represented_flag,
    detail.parental_responsibility,
    detail.interpreter_flag,
    detail.litigation_friend_flag,
    detail.legal_aid_flag,
    detail.confidential_address_flag,
    CASE WHEN role.has_name THEN 'Y' ELSE 'N' END AS name_recorded_flag,
    CASE WHEN role.has_dob THEN 'Y' ELSE 'N' END AS dob_recorded_flag,
    CASE WHEN role.has_address THEN 'Y' ELSE 'N' END AS address_recorded_flag,
    roles.party_roles_count
FROM aged AS role
INNER JOIN roles USING (party, case_number)
LEFT JOIN family.role_detail AS detail USING (role)
LEFT JOIN person ON role.party_row = person._row
