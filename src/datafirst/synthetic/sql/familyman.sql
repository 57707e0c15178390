-- How does FamilyMan hold the people of a case? A party for each part in each case, with a role or
-- two. What is missing depends on the part: who applies fills in the form for everybody else.
CREATE OR REPLACE TEMP TABLE fm_written_part AS
SELECT p.* EXCLUDE (town, county), coalesce(w.town, p.town) AS town, coalesce(w.county, p.county) AS county, part_key AS k, w.* EXCLUDE (record_key, defendant, is_company, written_on, company_name, town, county),
    CASE WHEN case_type = 'D' THEN 0.93 WHEN role_group = 'APL' THEN 0.06 WHEN role_group = 'CHLD' THEN 0.12 WHEN role_group = 'COP' THEN 0.9 ELSE 0.32 END AS dob_gap,
    CASE WHEN role_group = 'APL' THEN 0.05 WHEN role_group = 'CHLD' THEN 0.6 WHEN role_group = 'COP' THEN 0.7 ELSE 0.25 END AS address_gap,
    CASE WHEN role_group = 'APL' THEN 0.06 WHEN role_group = 'CHLD' THEN 0.08 ELSE 0.18 END AS gender_gap, u('family writing', part_key) AS writing
FROM fm_part AS p LEFT JOIN familyman_written AS w ON w.record_key = 3 * 144115188075855872 + part_key;

CREATE OR REPLACE TEMP TABLE fm_parties AS
SELECT k AS row_key, number40(k) AS party,
    CASE WHEN writing < 0.7 THEN upper(forename1) ELSE forename1 END AS forename1,
    CASE WHEN writing < 0.7 THEN upper(concat_ws(' ', forename2, forename3)) ELSE concat_ws(' ', forename2, forename3) END AS forename2,
    CASE WHEN body IS NOT NULL THEN CASE WHEN u('as a surname', k) < 0.04 THEN body END WHEN writing < 0.7 THEN upper(surname) ELSE surname END AS surname,
    CASE WHEN u('as a surname', k) >= 0.04 THEN body END AS organisation,
    CASE WHEN u('family dob missing', k) >= dob_gap THEN dob END AS dob,
    CASE WHEN body IS NOT NULL THEN NULL WHEN u('gender missing', k) < gender_gap THEN CASE WHEN u('gender missing', k) < 0.03 THEN '9' END
         ELSE CASE sex WHEN 'M' THEN '1' WHEN 'F' THEN '2' END END AS gender,
    CASE WHEN u('family address missing', k) >= CASE WHEN body IS NULL THEN address_gap ELSE 0.3 END THEN number40(k) END AS address
FROM fm_written_part;

CREATE OR REPLACE TEMP TABLE fm_addresses AS
SELECT k AS row_key, number40(k) AS address, CASE WHEN body IS NULL THEN first_line ELSE 'Legal Services, Civic Centre' END AS address_line_1,
    town AS address_line_2, county AS address_line_3, postcode
FROM fm_written_part
WHERE u('family address missing', k) >= CASE WHEN body IS NULL THEN address_gap ELSE 0.3 END;

-- A part is a role; some come back as another part, and some were entered twice and deleted.
CREATE OR REPLACE TEMP TABLE fm_part_role AS
SELECT *, k * 4 AS role_key, role_model AS model, u('role deleted', k) < 0.006 AS is_deleted FROM fm_written_part
UNION ALL
SELECT *, k * 4 + 1, 'APL' || letter, false FROM fm_written_part WHERE role_group = 'RSP' AND u('applies too', k) < 0.03
UNION ALL
SELECT *, k * 4 + 2, role_model, true FROM fm_written_part WHERE u('role twice', k) < 0.02;

CREATE OR REPLACE TEMP TABLE fm_roles AS
SELECT role_key AS row_key, number40(role_key) AS role, case_number, number40(k) AS party, model AS role_model,
    CASE WHEN is_deleted THEN 'Y' WHEN u('delete missing', role_key) >= 0.03 THEN 'N' END AS delete_flag,
    started + whole(u('role entered', role_key) ^ 3, 0, 20) AS entry_date,
    CASE WHEN body IS NULL AND role_group <> 'CHLD' THEN CASE WHEN u('solicitor', k) < CASE WHEN case_type = 'C' THEN 0.8 WHEN started < DATE '2013-04-01' THEN 0.6 ELSE 0.35 END
        THEN one_of(u('firm', k), getvariable('companies_start')) || ' & Co Solicitors' WHEN u('solicitor', k) > 0.95 THEN ' ' END END AS representation
FROM fm_part_role;

CREATE OR REPLACE TEMP TABLE fm_role_fields AS
WITH field AS (
    SELECT role_key, unnest([
        {'nth': 0, 'field_model': 'RELCHD', 'value': CASE WHEN case_type NOT IN ('C', 'P') OR role_group = 'CHLD' OR u('relationship', role_key) < 0.2 THEN NULL
            WHEN u('relationship', role_key) < 0.32 THEN '--' WHEN u('relationship', role_key) < 0.37 THEN 'Child' WHEN body LIKE 'CAFCASS%' THEN 'Guardian' WHEN body IS NOT NULL THEN 'Local authority'
            WHEN u('relationship', role_key) > 0.93 THEN one_of(u('which relationship', role_key), ['Grandparent', 'Step-parent', 'Other relative', 'Other'])
            ELSE CASE sex WHEN 'M' THEN 'Father' WHEN 'F' THEN 'Mother' ELSE '--' END END},
        {'nth': 1, 'field_model': 'PARRES', 'value': CASE WHEN letter = 'C' AND body IS NULL AND role_group IN ('APL', 'RSP') AND u('responsible', role_key) < 0.6 THEN yes_no(u('responsible', role_key) < 0.5) END},
        {'nth': 2, 'field_model': 'INTERP', 'value': CASE WHEN body IS NULL AND u('interpreter', role_key) < 0.5 THEN yes_no(nationality <> 'GBR' AND u('interpreter', role_key) < 0.2) END},
        {'nth': 3, 'field_model': 'LITFRD', 'value': CASE WHEN role_group = 'RSP' AND u('friend', role_key) < 0.3 THEN yes_no(u('friend', role_key) < 0.02) END},
        {'nth': 4, 'field_model': 'LEGAID', 'value': CASE WHEN body IS NULL AND role_group IN ('APL', 'RSP') AND u('aided', role_key) < 0.6 THEN yes_no(u('aided', role_key) < CASE WHEN case_type = 'C' THEN 0.5 ELSE 0.15 END) END},
        {'nth': 5, 'field_model': 'CONADR', 'value': CASE WHEN body IS NULL AND u('hidden', role_key) < 0.25 THEN yes_no(u('hidden', role_key) < 0.06) END}
    ]) AS f FROM fm_part_role
)
SELECT role_key * 8 + f.nth AS row_key, number40(role_key) AS role, f.field_model, CASE WHEN u('blank', role_key * 8 + f.nth) < 0.01 THEN ' ' ELSE f.value END AS value
FROM field WHERE f.value IS NOT NULL;

CREATE OR REPLACE TEMP TABLE truth_family AS
SELECT 'family' AS dataset, number40(k)::VARCHAR AS record_id, CASE WHEN person IS NOT NULL THEN 'P' || lpad(person::VARCHAR, 8, '0') END AS person_id
FROM fm_written_part;
