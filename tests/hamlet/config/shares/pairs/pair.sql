SELECT visit_id, person_id, 'visits' AS dataset,
       people.person_standard AS linked_person
FROM visits.visit AS visit
LEFT JOIN people ON people.dataset = 'visits' AND people.record_id = visit.visit_id::VARCHAR
