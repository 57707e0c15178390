-- Which records, found together, were born more than fifteen years apart, in whatever ways their people
-- are written? A generation lies between parents and children who share a name and a home, and hardly
-- a mistyped day or month is as wrong. A mistyped year may be: it leaves day and month as they are.
WITH
born AS (
    SELECT DISTINCT
        together.dataset,
        together._row,
        together.person,
        records.date_of_birth
    FROM together
    INNER JOIN records ON together.dataset = records.dataset AND together._row = records._row
    WHERE records.date_of_birth IS NOT NULL
),

-- Few people are so: only their records are compared with each other.
far AS (
    SELECT person
    FROM born
    GROUP BY person
    HAVING max(date_of_birth) - min(date_of_birth) > 15 * 365.25
)

SELECT
    l.dataset AS dataset_l,
    l._row AS _row_l,
    r.dataset AS dataset_r,
    r._row AS _row_r
FROM far
INNER JOIN born AS l ON far.person = l.person
INNER JOIN born AS r ON far.person = r.person AND (l.dataset, l._row) < (r.dataset, r._row)
GROUP BY l.dataset, l._row, r.dataset, r._row
HAVING
    min(abs(l.date_of_birth - r.date_of_birth)) > 15 * 365.25
    AND NOT bool_or(strftime(l.date_of_birth, '%m-%d') = strftime(r.date_of_birth, '%m-%d'))
