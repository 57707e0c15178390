-- People, and how often they came.
SELECT person._row, person_id, sex, born, postcode AS area,
       count(visit_id) AS visits
FROM person LEFT JOIN visit USING (person_id)
GROUP BY ALL;
