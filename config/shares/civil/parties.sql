-- One row per party of a claim. Names tell what kind of party it is, and do not leave.
WITH
-- What stands in the line and in the columns; the business of a sole trader is not the name.
written AS (
    SELECT
        _row,
        is_company,
        upper(trim(concat_ws(' ', title, name, forename1, surname))) AS whole,
        regexp_replace(upper(concat_ws(' ', title, name, forename1, surname)), '\b(T/A|T\.A\.|TRADING AS)\s.*$', '')
            AS before_business
    FROM cm_party
),

told AS (
    SELECT
        _row,
        is_company,
        regexp_replace(regexp_replace(before_business, '[.'']', '', 'g'), '[^A-Z0-9&]+', ' ', 'g') AS words,
        regexp_extract(whole, '^(MR|MASTER|SIR|LORD|MRS|MISS|MS|LADY|MADAM|DR|PROF|REV|MX)\b', 1) AS title
    FROM written
),

-- The same rule as for linkage (linkage/datasets/civil.sql). Words that are surnames too tell
-- nothing after a title.
kinds AS (
    SELECT
        *,
        coalesce(is_company = 'Y', false)
            OR regexp_matches(words, '\b(LTD|LIMITED|PLC|LLP|LLC|CIC|CYF|CYFYNGEDIG|INC|LTD UK)\b')
            OR (
                title = ''
                AND regexp_matches(words, '\b(BANK|BUILDING SOCIETY|SOCIETY|COUNCIL|BOROUGH|HOUSING|ASSOCIATION|HOMES|PROPERTIES|LETTINGS|INSURANCE|ASSURANCE|FINANCE|MORTGAGES?|LOANS?|CAPITAL|GROUP|HOLDINGS|SERVICES|TRADING|COMPANY|CORPORATION|COMMISSIONERS?|SECRETARY OF STATE|REVENUE|POLICE|NHS|UNIVERSITY|COLLEGE|SCHOOL|TRUST|TRUSTEES|CHARITY|WATER|ENERGY|ELECTRICITY|GAS|TELECOM|PARKING|RECOVERY|SOLICITORS|AND CO|UK)\b|& CO\b')
            ) AS is_organisation
    FROM told
),

person AS (
    SELECT _row, dataset_person
    FROM people
    WHERE dataset = 'civil'
)

SELECT
    party._row,
    party._row AS _record,
    'civil/' || concat_ws('/', party.case_number, party.party_number) AS record_id,
    party.case_number,
    party.party_number,
    CASE WHEN NOT kinds.is_organisation THEN person.dataset_person END AS estimated_dataset_person_id,
    party.party_role,
    CASE WHEN kinds.is_organisation THEN 'O' ELSE 'P' END AS party_kind,
    CASE
        WHEN NOT kinds.is_organisation THEN NULL
        WHEN regexp_matches(kinds.words, '\b(COUNCIL|BOROUGH)\b') THEN 'COUN'
        WHEN regexp_matches(kinds.words, '\b(HOUSING|HOMES ASSOCIATION|ALMSHOUSES?)\b') THEN 'HOUS'
        WHEN regexp_matches(kinds.words, '\b(COMMISSIONERS?|SECRETARY OF STATE|REVENUE|POLICE|NHS|UNIVERSITY|COLLEGE|SCHOOL)\b') THEN 'GOVT'
        WHEN regexp_matches(kinds.words, '\b(INSURANCE|ASSURANCE)\b') THEN 'INSU'
        WHEN regexp_matches(kinds.words, '\b(BANK|BUILDING SOCIETY|FINANCE|MORTGAGES?|LOANS?|CAPITAL|RECOVERY|CREDIT|LENDING)\b') THEN 'BANK'
        WHEN regexp_matches(kinds.words, '\b(WATER|ENERGY|ELECTRICITY|GAS|TELECOM|MOBILE|BROADBAND)\b') THEN 'UTIL'
        WHEN regexp_matches(kinds.words, '\bPARKING\b') THEN 'PARK'
        WHEN regexp_matches(kinds.words, '\b(LTD|LIMITED|PLC|LLP|LLC|CIC|CYF|CYFYNGEDIG|INC|COMPANY|CORPORATION|HOLDINGS|GROUP)\b') THEN 'COMP'
        ELSE 'OTHR'
    END AS organisation_kind,
    party.coded_party_number,
    CASE
        WHEN kinds.is_organisation THEN NULL
        WHEN kinds.title IN ('MR', 'MASTER', 'SIR', 'LORD') THEN 'M'
        WHEN kinds.title IN ('MRS', 'MISS', 'MS', 'LADY', 'MADAM') THEN 'F'
    END AS sex_by_title,
    CASE WHEN NOT kinds.is_organisation THEN age_at(party.date_of_birth, claim.issue_date) END AS age_at_issue,
    party.represented_flag,
    party.service_method,
    party.service_date,
    party.response_type,
    party.response_date
FROM cm_party AS party
INNER JOIN kinds ON party._row = kinds._row
LEFT JOIN cm_case AS claim ON party.case_number = claim.case_number
LEFT JOIN person ON party._row = person._row
