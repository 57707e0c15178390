-- Who goes to a state-funded school in England, and when is each pupil written down? A pupil keeps
-- the name, and usually the address, of a census between the ages of 11 and 16; where the family
-- had moved by then, the address of the first census is remembered too.
CREATE OR REPLACE TEMP TABLE npd_learner AS
WITH schooled AS (
    SELECT person, dob, sex, ethnicity, nationality, home_key, home_area, tenure_days, offends, married_on,
           -- Year in which reception begins: the September after the fourth birthday.
           year(dob + INTERVAL 4 MONTH) + 4 AS reception,
           -- A third of young people stay on after 16.
           u('stays on', person) < CASE WHEN offends THEN 0.22 ELSE 0.48 END AS stays_on
    FROM human
    -- Others go to independent schools, are taught at home, or come to England when grown up: that differs by
    -- where a family comes from.
    WHERE home_area NOT IN ('CF', 'LD', 'LL', 'NP', 'SA') AND u('at school in england', person) < CASE
        WHEN nationality <> 'GBR' THEN 0.42 WHEN ethnicity IN ('W3', 'W4') THEN 0.55 WHEN ethnicity IN ('W2', 'W9', 'O9', 'O2') THEN 0.68
        WHEN ethnicity[1:1] IN ('A', 'B', 'O') THEN 0.78 ELSE 0.85 END
), enrolled AS (
    SELECT *, greatest(reception, 2001) AS first_year, least(reception + CASE WHEN stays_on THEN 13 ELSE 11 END, 2020) AS last_year
    FROM schooled
)
SELECT e.*, make_date(first_year + 1, 1, 17) AS first_seen, make_date(last_year + 1, 1, 17) AS last_seen,
       make_date(greatest(first_year, least(last_year, reception + 7 + whole(u('census of record', person), 0, 4))) + 1, 1, 17) AS written_on
FROM enrolled AS e WHERE first_year <= last_year;

CREATE OR REPLACE TEMP TABLE npd_record AS
WITH days AS (
    SELECT person, 0 AS k, written_on, home_on(home_key, tenure_days, written_on) AS home FROM npd_learner
    UNION ALL
    SELECT person, 1, first_seen, home_on(home_key, tenure_days, first_seen) FROM npd_learner
)
SELECT 7 * 144115188075855872 + person * 2 + k AS record_key, person AS defendant, false AS is_company, written_on, home, k
FROM days
QUALIFY k = 0 OR home <> max(home) FILTER (k = 0) OVER (PARTITION BY person);
