SELECT 'register.visit' AS _table, visit._row, visit_id, person_id, 'visits' AS dataset,
       people.person_standard AS linked_person
FROM visit LEFT JOIN people ON people.dataset = 'visits' AND people._row = visit._row
