-- People among the parties to claims. Sex is told by the title. A record's main address is the
-- latest one; earlier ones are its variants.
WITH
written AS (
    SELECT
        *,
        upper(trim(concat_ws(' ', title, name, forename1, surname))) AS whole,
        -- The business of a sole trader is not the name.
        regexp_replace(upper(concat_ws(' ', title, name, forename1, surname)), '\b(T/A|T\.A\.|TRADING AS)\s.*$', '')
            AS before_business,
        regexp_replace(upper(trim(name)), '\b(T/A|T\.A\.|TRADING AS)\s.*$', '') AS line
    FROM cm_party
    WHERE deleted_flag IS DISTINCT FROM 'Y'
),

told AS (
    SELECT
        *,
        regexp_replace(regexp_replace(before_business, '[.'']', '', 'g'), '[^A-Z0-9&]+', ' ', 'g') AS words,
        regexp_extract(whole, '^(MR|MASTER|SIR|LORD|MRS|MISS|MS|LADY|MADAM|DR|PROF|REV|MX)\b', 1) AS told_title
    FROM written
),

-- Who is an organisation, whatever the flag says? Words that are surnames too (a Mr Bank, a Mrs
-- Trust) tell nothing after a title. The same rule marks the parties of the share.
people_only AS (
    SELECT *
    FROM told
    WHERE NOT (
        coalesce(is_company = 'Y', false)
        OR regexp_matches(words, '\b(LTD|LIMITED|PLC|LLP|LLC|CIC|CYF|CYFYNGEDIG|INC|LTD UK)\b')
        OR (
            told_title = ''
            AND regexp_matches(words, '\b(BANK|BUILDING SOCIETY|SOCIETY|COUNCIL|BOROUGH|HOUSING|ASSOCIATION|HOMES|PROPERTIES|LETTINGS|INSURANCE|ASSURANCE|FINANCE|MORTGAGES?|LOANS?|CAPITAL|GROUP|HOLDINGS|SERVICES|TRADING|COMPANY|CORPORATION|COMMISSIONERS?|SECRETARY OF STATE|REVENUE|POLICE|NHS|UNIVERSITY|COLLEGE|SCHOOL|TRUST|TRUSTEES|CHARITY|WATER|ENERGY|ELECTRICITY|GAS|TELECOM|PARKING|RECOVERY|SOLICITORS|AND CO|UK)\b|& CO\b')
        )
    )
),

-- Where the columns are empty, or one holds the whole line, the line is taken apart: the last word
-- and the particles before it are the surname.
lines AS (
    SELECT
        *,
        forename1 IS NULL AND (surname IS NULL OR contains(trim(surname), ' ')) AS only_line,
        trim(regexp_replace(
            regexp_replace(coalesce(line, upper(surname)), 'NOT (ENTERED|KNOWN|GIVEN|RECORDED)|UNKNOWN', '', 'g'),
            '^\s*((MR|MASTER|SIR|LORD|MRS|MISS|MS|LADY|MADAM|DR|PROF|REV|MX)\b\.?\s*)+', ''
        )) AS bare_line
    FROM people_only
),

taken_apart AS (
    SELECT
        *,
        regexp_extract(bare_line, '((?:\b(?:MC|MAC|O|DE|DI|LA|LE|ST|VAN|VON|DER|AL|EL|BIN) )*\S+)$', 1) AS last_words
    FROM lines
),

split_up AS (
    SELECT
        *,
        string_split(trim(left(bare_line, len(bare_line) - len(last_words))), ' ') AS first_words
    FROM taken_apart
),

named AS (
    SELECT
        _row,
        case_number,
        party_number,
        party_role,
        CASE
            WHEN only_line THEN nullif(first_words[1], '')
            ELSE regexp_replace(
                upper(forename1), '^\s*((MR|MASTER|SIR|LORD|MRS|MISS|MS|LADY|MADAM|DR|PROF|REV|MX)\b\.?\s*)+', ''
            )
        END AS forename1,
        CASE WHEN only_line THEN nullif(first_words[2], '') ELSE forename2 END AS forename2,
        CASE WHEN only_line THEN nullif(last_words, '') ELSE surname END AS surname,
        date_of_birth,
        CASE
            WHEN told_title IN ('MR', 'MASTER', 'SIR', 'LORD') THEN 'M'
            WHEN told_title IN ('MRS', 'MISS', 'MS', 'LADY', 'MADAM') THEN 'F'
        END AS sex
    FROM split_up
),

addresses AS (
    SELECT
        case_number,
        party_number,
        postcode,
        row_number() OVER (
            PARTITION BY case_number, party_number
            ORDER BY valid_to IS NOT NULL, valid_from DESC NULLS LAST, address_id DESC
        ) - 1 AS variant
    FROM cm_address
    WHERE address_type = 'SERV'
)

SELECT
    named._row,
    coalesce(addresses.variant, 0)::INTEGER AS variant,
    named.forename1,
    named.forename2,
    named.surname,
    named.date_of_birth,
    named.sex,
    addresses.postcode,
    -- A counterclaim names its parties anew.
    CASE WHEN named.party_role NOT IN ('P20C', 'P20D') THEN named.case_number END AS claim,
    cm_case.issue_date AS recorded_on
FROM named
LEFT JOIN cm_case ON named.case_number = cm_case.case_number
LEFT JOIN addresses
    ON named.case_number = addresses.case_number AND named.party_number = addresses.party_number
