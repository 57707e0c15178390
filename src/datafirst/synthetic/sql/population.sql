-- Who is there? People of this chunk, in pairs who may be kin and may live together. Nothing
-- here knows of any court: another system adds its own way of writing the same people down.
CREATE OR REPLACE TEMP TABLE person AS
WITH numbered AS (
    SELECT range AS person, range // 2 AS pair, range // 2 * 2 AS head, range % 2 = 1 AS is_second,
           u('relation', range // 2) AS r
    FROM range({first}, {last})
), related AS (
    SELECT *, CASE WHEN r < 0.025 THEN 'twin' WHEN r < 0.085 THEN 'sibling' WHEN r < 0.2 THEN 'couple'
                   WHEN r < 0.33 THEN 'parent' ELSE 'none' END AS relation,
           -- Half of them never come before a criminal court: families, tenants and pupils.
           u('offends', person) < 0.5 AS offends
    FROM numbered
), born AS (
    SELECT *,
        CASE WHEN relation <> 'none' AND u('together', pair) < 0.75 THEN head ELSE person END AS home_key,
        CASE WHEN relation = 'none' THEN person ELSE head END AS kin,
        CASE WHEN relation = 'couple' AND is_second
             THEN CASE WHEN u('sex', head) < 0.8 THEN 'F' ELSE 'M' END
             ELSE CASE WHEN u('sex', person) < 0.8 THEN 'M' ELSE 'F' END END AS sex,
        CASE WHEN relation IN ('twin', 'sibling', 'parent') THEN head ELSE person END AS blood,
        relation = 'parent' AND is_second AND r < 0.23 AND u('namesake', pair) < 0.3
            AND (u('sex', head) < 0.8) = (u('sex', person) < 0.8) AS is_namesake
    FROM related
), aged AS (
    SELECT *, u('age', blood) AS a, DATE '2010-06-01' + whole(u('start', blood), 0, 3980) AS blood_start,
           -- Children who stay out of trouble, and young people who only went to school.
           u('offends', blood) >= 0.5 AND (relation = 'parent' OR relation IN ('none', 'sibling', 'twin') AND u('young', blood) < 0.5)
               AS is_young,
           DATE '2010-06-01' + whole(u('start', person), 0, 3980) AS own_start
    FROM born
), dated AS (
    SELECT *, CASE WHEN is_young THEN CASE WHEN relation = 'parent' THEN DATE '1996-01-01' + whole(a, 0, 8400)
                                           ELSE DATE '1985-09-01' + whole(a, 0, 10000) END
        ELSE blood_start - (365.25 * CASE
            WHEN a < 0.09 THEN 11.3 + a / 0.09 * 6.7 WHEN a < 0.36 THEN 18 + (a - 0.09) / 0.27 * 7
            WHEN a < 0.66 THEN 25 + (a - 0.36) / 0.3 * 10 WHEN a < 0.9 THEN 35 + (a - 0.66) / 0.24 * 15
            ELSE 50 + (a - 0.9) / 0.1 * 30 END)::INTEGER END AS blood_dob
    FROM aged
), placed AS (
    SELECT *, blood_dob - CASE WHEN is_second AND relation = 'sibling' THEN whole(u('years', pair), 330, 3300)
            WHEN is_second AND relation = 'parent' THEN whole(u('years', pair), 6700, 13500)
            ELSE 0 END AS dob
    FROM dated
)
SELECT p.* EXCLUDE (r, a, is_young, blood_start, own_start, blood_dob), profile, home.item AS home_area,
       greatest(own_start, dob + 4040) AS offending_from,
       30 + (3400 * u('career', person) ^ 2)::INTEGER AS offending_days,
       least(2010, greatest(1930, year(CASE WHEN is_namesake THEN blood_dob ELSE dob END) // 10 * 10))::INTEGER
           AS name_decade,
       400 + (4600 * u('tenure', home_key) ^ 1.3)::INTEGER AS tenure_days
FROM placed AS p
JOIN area_wheel AS home ON home.slot = whole(u('area', kin), 0, 4095)
JOIN areas ON area = home.item;

-- What are they called? Names given at birth, taken on marriage and used as an alias.
CREATE OR REPLACE TEMP TABLE named AS
WITH traditional AS (
    SELECT person.*, t.item AS tradition,
           CASE WHEN is_namesake THEN head ELSE person END AS forename_key,
           CASE WHEN sex = 'F' AND u('marries', person) < 0.45
                THEN dob + whole(u('marriage', person), 7300, 13500) END AS married_on,
           CASE WHEN relation = 'couple' THEN person - person % 2 + 1 - person % 2 ELSE person END AS spouse
    FROM person
    JOIN tradition_wheel AS t ON t.profile = person.profile AND t.slot = whole(u('tradition', kin), 0, 999)
)
SELECT t.*,
    f1.item AS first_forename,
    CASE WHEN t.tradition = 'sikh' AND u('singh', person) < 0.7 THEN CASE t.sex WHEN 'M' THEN 'Singh' ELSE 'Kaur' END
         WHEN u('second', person) < 0.58 THEN f2.item END AS second_forename,
    CASE WHEN u('second', person) < 0.06 THEN f3.item END AS third_forename,
    s1.item || CASE WHEN u('double', blood) < 0.025 THEN '-' || s2.item ELSE '' END AS birth_surname,
    CASE WHEN married_on IS NOT NULL AND u('keeps', person) < 0.12 THEN s1.item || '-' || s3.item
         WHEN married_on IS NOT NULL THEN s3.item END AS married_surname,
    CASE WHEN u('alias', person) < 0.03 THEN f3.item END AS alias_forename,
    CASE WHEN u('alias', person) BETWEEN 0.02 AND 0.06 THEN s2.item END AS alias_surname,
    e.item AS ethnicity, n.item AS nationality
-- The wheels are long and the people of a chunk few, so the people are on the right of each join:
-- the side that is put into memory.
FROM forename_wheel AS f1 JOIN (forename_wheel AS f2 JOIN (forename_wheel AS f3
JOIN (surname_wheel AS s1 JOIN (surname_wheel AS s2 JOIN (surname_wheel AS s3
JOIN (traditional AS t
JOIN ethnicity_wheel AS e ON e.tradition = t.tradition AND e.slot = whole(u('ethnicity', kin), 0, 255)
JOIN nationality_wheel AS n ON n.tradition = t.tradition AND n.slot = whole(u('nationality', kin), 0, 255))
ON s3.tradition = t.tradition AND s3.slot = whole(u('surname', spouse + CASE
    WHEN relation = 'couple' THEN 0 ELSE 4294967296 END), 0, 16383))
ON s2.tradition = t.tradition AND s2.slot = whole(u('surname2', blood), 0, 16383))
ON s1.tradition = t.tradition AND s1.slot = whole(u('surname', blood), 0, 16383))
ON f3.tradition = t.tradition AND f3.sex = t.sex AND f3.decade = name_decade
    AND f3.slot = whole(u('forename3', person), 0, 2047))
ON f2.tradition = t.tradition AND f2.sex = t.sex AND f2.decade = name_decade
    AND f2.slot = whole(u('forename2', person), 0, 2047))
ON f1.tradition = t.tradition AND f1.sex = t.sex AND f1.decade = name_decade
    AND f1.slot = whole(u('forename1', forename_key), 0, 2047);

-- What numbers do the police know them by?
CREATE OR REPLACE TEMP TABLE human AS
WITH serials AS (
    SELECT *, year(offending_from) AS known_from,
           lpad(((person * 48271 + 7919) % 9999991)::VARCHAR, 7, '0') AS pnc_serial,
           lpad(((person * 69621 + 104729) % 999983)::VARCHAR, 6, '0') AS cro_serial
    FROM named
)
SELECT * EXCLUDE (pnc_serial, cro_serial, known_from),
    CASE WHEN offends AND u('pnc', person) < 0.88 THEN known_from || '/' || pnc_serial
        || check_letter((known_from::VARCHAR)[3:4] || pnc_serial) END AS pnc,
    CASE WHEN NOT offends THEN NULL
         WHEN u('cro', person) < 0.03 THEN 'SF' || (known_from::VARCHAR)[3:4] || '/' || cro_serial
            || check_letter((known_from::VARCHAR)[3:4] || cro_serial)
         WHEN u('cro', person) < 0.5 THEN cro_serial || '/' || (known_from::VARCHAR)[3:4]
            || check_letter((known_from::VARCHAR)[3:4] || cro_serial) END AS cro
FROM serials;

-- Companies are few, are born with the chunk's people and never with a person's name.
CREATE OR REPLACE TEMP TABLE company AS
SELECT range AS company,
       one_of(u('company1', range), getvariable('companies_start')) || ' '
       || CASE WHEN u('company4', range) < 0.5 THEN one_of(u('company5', range), getvariable('streets_start')) || ' '
               ELSE '' END
       || one_of(u('company2', range), getvariable('companies_middle')) || ' '
       || one_of(u('company3', range), getvariable('companies_end')) AS company_name,
       home.item AS home_area
FROM range({first}, {last})
JOIN area_wheel AS home ON home.slot = whole(u('company area', range), 0, 4095)
WHERE u('company', range) < 0.018;

-- Where are they at home on a day? A home is a stay of a household at an address.
CREATE OR REPLACE MACRO home_on(home_key, tenure_days, d) AS
    home_key * 64 + greatest(0, floor(((d - DATE '1990-01-01') + u('phase', home_key) * tenure_days)
                                      / tenure_days))::BIGINT;

