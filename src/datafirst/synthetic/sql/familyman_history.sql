-- Which families come before the family courts? Cases are about a child (slots 0-7), a couple
-- (8-31) or a man and a woman who live apart (32-63); a case is of the first of them. Where somebody
-- offends, cases are more common, so that the same people stand before the criminal courts.
CREATE OR REPLACE TEMP TABLE fm_family AS
WITH near AS (
    SELECT person, head, is_second, relation, sex, dob, home_area, offends,
           CASE WHEN relation = 'parent' AND NOT is_second THEN person + 1 ELSE xor(person, 2) END AS first_adult,
           CASE WHEN relation = 'parent' AND NOT is_second THEN xor(person, 2) ELSE xor(person, 3) END AS second_adult,
           CASE WHEN relation IN ('twin', 'sibling') THEN xor(person, 1) END AS brother
    FROM human
), grown AS (
    -- Somebody is a parent, for what is known here, who is old enough to be.
    SELECT n.*, a.person AS adult1, a.sex AS sex1, b.person AS adult2, b.sex AS sex2, s.person AS other_child, s.dob AS other_dob,
           o.person AS partner, o.sex AS partner_sex, o.dob AS partner_dob,
           coalesce(n.offends, false) OR coalesce(a.offends, false) OR coalesce(b.offends, false) AS is_known
    FROM near AS n
    LEFT JOIN human AS a ON a.person = first_adult AND a.dob BETWEEN n.dob - 18000 AND n.dob - 5500
    LEFT JOIN human AS b ON b.person = second_adult AND b.dob BETWEEN n.dob - 18000 AND n.dob - 5500
    LEFT JOIN human AS s ON s.person = brother
    LEFT JOIN human AS o ON o.person = xor(n.person, 2)
), kinds AS (
    SELECT *, 'child' AS sort, 0 AS first_slot, CASE WHEN is_known THEN 0.3 ELSE 0.16 END AS risk,
           greatest(DATE '2010-06-15', dob - 25) AS earliest, least(DATE '2021-08-01', dob + 6500) AS latest
    FROM grown WHERE dob > DATE '1993-06-01' AND (adult1 IS NOT NULL OR adult2 IS NOT NULL OR u('parents unknown', person) < 0.15)
    UNION ALL
    SELECT *, 'couple', 8, 0.7, greatest(DATE '2010-06-15', dob + 7000), DATE '2021-08-01'
    FROM grown WHERE relation = 'couple' AND NOT is_second
    UNION ALL
    SELECT *, 'apart', 32, CASE WHEN is_known THEN 0.42 ELSE 0.26 END,
           greatest(DATE '2010-06-15', dob + 6700, partner_dob + 6700), DATE '2021-08-01'
    FROM grown WHERE person % 4 < 2 AND relation <> 'couple' AND sex <> partner_sex AND abs(dob - partner_dob) < 5500
), slots AS (
    SELECT *, unnest(range(whole(u('family cases', person * 64 + first_slot) ^ 3, 1, 3))) + first_slot AS slot
    FROM kinds WHERE u('family', person * 64 + first_slot) < risk AND earliest < latest
)
SELECT *, person * 64 + slot AS case_key, earliest + floor(u('family date', person * 64 + slot) * (latest - earliest))::INTEGER AS started,
       u('family kind', person * 64 + slot) AS r
FROM slots;

-- What sort of case is it, and in which court? Only one divorce ends a marriage, and parents who
-- part are two.
CREATE OR REPLACE TEMP TABLE fm_case AS
WITH typed AS (
    SELECT *, CASE WHEN sort = 'child' THEN CASE WHEN r < CASE WHEN is_known THEN 0.5 ELSE 0.25 END THEN 'C'
                        WHEN r >= 0.92 THEN 'Z' WHEN adult1 IS NOT NULL AND adult2 IS NOT NULL THEN 'P' END
                   WHEN sort = 'couple' THEN CASE WHEN slot = 8 AND r < 0.5 THEN 'D' WHEN r < 0.75 THEN 'P' ELSE 'F' END
                   ELSE CASE WHEN r < 0.6 THEN 'P' ELSE 'F' END END AS case_type
    FROM fm_family
), placed AS (
    SELECT t.*, case_type = 'C' AND started >= DATE '2017-01-01' AND u('liberty', case_key) < 0.05 AS is_liberty,
           case_type IN ('C', 'P') AND u('high court', case_key) < 0.015 AS is_high, areas.town, areas.county,
           family_courts.family_court, family_courts.prefix
    FROM typed AS t JOIN areas ON areas.area = home_area JOIN family_courts ON family_courts.area = home_area
    WHERE case_type IS NOT NULL
)
SELECT * EXCLUDE (family_court, prefix, r), CASE WHEN is_liberty OR is_high THEN '254' ELSE family_court END AS court,
    CASE WHEN is_liberty OR is_high THEN 'FD' ELSE prefix END || strftime(started, '%y') || case_type
        || CASE WHEN is_liberty THEN '4' ELSE '0' END || lpad(number33(case_key)::VARCHAR, 10, '0') AS case_number,
    started + CASE case_type WHEN 'C' THEN whole(u('lasting', case_key) ^ 1.5, 90, 420) WHEN 'P' THEN whole(u('lasting', case_key) ^ 2, 45, 500)
                             WHEN 'Z' THEN whole(u('lasting', case_key), 60, 240) WHEN 'D' THEN whole(u('lasting', case_key), 150, 420)
                             ELSE whole(u('lasting', case_key), 10, 90) END AS ends,
    u('children', case_key) AS told
FROM placed;

-- Who takes part, and as what? Nobody stands for a body: a local authority or Cafcass.
CREATE OR REPLACE TEMP TABLE fm_part AS
WITH cast_of AS (
    SELECT c.*, CASE case_type WHEN 'Z' THEN 'Z' WHEN 'C' THEN 'C' WHEN 'P' THEN 'C' ELSE 'A' END AS letter,
           CASE WHEN c.sex = 'F' OR u('first to apply', case_key) < 0.25 THEN person ELSE CASE WHEN sort = 'couple' THEN person + 1 ELSE partner END END AS applies,
           other_child IS NOT NULL AND other_dob <= started AND other_dob + 6570 > started AS has_two
    FROM fm_case AS c
), listed AS (
    SELECT *, CASE
        WHEN sort = 'child' AND case_type = 'C' THEN [{'n': 0, 'who': -1, 'role': 'APL'}, {'n': 1, 'who': adult1, 'role': 'RSP'}, {'n': 2, 'who': adult2, 'role': 'RSP'},
            {'n': 3, 'who': person, 'role': 'CHLD'}, {'n': 4, 'who': CASE WHEN has_two THEN other_child END, 'role': 'CHLD'}, {'n': 5, 'who': -2, 'role': 'GDN'}]
        WHEN sort = 'child' AND case_type = 'P' THEN [{'n': 0, 'who': adult1, 'role': 'APL'}, {'n': 1, 'who': adult2, 'role': 'RSP'},
            {'n': 3, 'who': person, 'role': 'CHLD'}, {'n': 4, 'who': CASE WHEN has_two THEN other_child END, 'role': 'CHLD'}]
        WHEN sort = 'child' THEN [{'n': 0, 'who': coalesce(adult2, -1), 'role': 'APL'}, {'n': 1, 'who': adult1, 'role': 'RSP'}, {'n': 3, 'who': person, 'role': 'CHLD'}]
        ELSE [{'n': 0, 'who': applies, 'role': 'APL'}, {'n': 1, 'who': CASE WHEN applies = person THEN CASE WHEN sort = 'couple' THEN person + 1 ELSE partner END ELSE person END, 'role': 'RSP'},
            {'n': 6, 'who': CASE WHEN case_type = 'D' AND u('third', case_key) < 0.04 THEN xor(person, 2) END, 'role': 'COP'}]
        END AS parts
    FROM cast_of
), every AS (
    SELECT * EXCLUDE (parts), unnest(parts) AS part FROM listed
    UNION ALL
    -- The children of a couple, or of two who live apart: the young of their household.
    SELECT l.* EXCLUDE (parts), {'n': 7 + (h.person % 4), 'who': h.person, 'role': 'CHLD'}
    FROM listed AS l JOIN human AS h ON h.person // 4 = l.person // 4
    WHERE sort <> 'child' AND case_type = 'P' AND told < 0.85 AND h.person NOT IN (l.person, CASE WHEN sort = 'couple' THEN l.person + 1 ELSE partner END)
      AND h.dob < started AND h.dob + 6570 > started AND h.dob > l.dob + 5500
)
SELECT case_key, case_key * 16 + part.n AS part_key, case_number, case_type, started, letter, part.role AS role_group,
    CASE part.role WHEN 'COP' THEN 'COPA' WHEN 'GDN' THEN 'GDNC' ELSE part.role || letter END AS role_model,
    CASE WHEN part.who >= 0 THEN part.who END AS person, town, county, home_area,
    CASE part.who WHEN -1 THEN CASE WHEN county = 'LONDON' THEN 'LONDON BOROUGH OF ' || one_of(u('borough', hash(home_area)), ['CAMDEN', 'HACKNEY', 'LEWISHAM', 'NEWHAM'])
                                    WHEN u('council', hash(home_area)) < 0.5 THEN county || ' COUNTY COUNCIL' ELSE town || ' CITY COUNCIL' END
                  WHEN -2 THEN CASE WHEN home_area IN ('CF', 'LD', 'LL', 'NP', 'SA') THEN 'CAFCASS CYMRU' ELSE 'CAFCASS' END END AS body
FROM every WHERE part.who IS NOT NULL;

CREATE OR REPLACE TEMP VIEW familyman_record AS
SELECT 3 * 144115188075855872 + part_key AS record_key, p.person AS defendant, false AS is_company, started AS written_on,
       home_on(h.home_key, h.tenure_days, started) AS home
FROM fm_part AS p JOIN human AS h ON h.person = p.person;
