-- The people of the PNC who are in the share, each with the identifier of the individual.
SELECT
    pnc_person.pnc_person_id,
    pnc_person.date_of_birth,
    individuals.individual AS unique_id
FROM pnc_person
LEFT JOIN individuals ON individuals.dataset = 'pnc' AND pnc_person._row = individuals._row
