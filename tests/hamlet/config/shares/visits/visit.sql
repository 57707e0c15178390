SELECT visit._row, visit_id, person_id, place_id, region, visited,
       age_at(born, visited) AS age_at_visit
FROM visit
JOIN person USING (person_id)
LEFT JOIN place USING (place_id)
