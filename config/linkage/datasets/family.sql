-- One row per party who is a person. Local authorities, Cafcass and other bodies are parties too,
-- some of them entered as a surname; parties of deprivation of liberty cases, and those whose every
-- role was deleted, are in no share. FamilyMan knows a person by one name and one address.
SELECT
    party._row,
    0 AS variant,
    party.forename1,
    party.forename2,
    party.surname,
    party.dob AS date_of_birth,
    party.gender AS sex,
    address.postcode,
    (
        SELECT min(role.entry_date)
        FROM fm_roles AS role
        WHERE role.party = party.party AND role.delete_flag IS DISTINCT FROM 'Y'
    ) AS recorded_on
FROM fm_parties AS party
LEFT JOIN fm_addresses AS address USING (address)
WHERE
    party.organisation IS NULL
    AND NOT (
        party.forename1 IS NULL
        AND coalesce(
            regexp_matches(upper(party.surname), '\b(COUNCIL|BOROUGH|CAFCASS|AUTHORITY)\b'), false
        )
    )
    AND EXISTS (
        FROM fm_roles AS role
        WHERE
            role.party = party.party
            AND role.delete_flag IS DISTINCT FROM 'Y'
            AND role.case_number NOT LIKE 'FD__C4%'
    )
