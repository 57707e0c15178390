-- The pupils who are in the share, each with the identifier of the individual.
SELECT
    npd_pupil.pupil_matching_ref,
    npd_pupil.date_of_birth,
    individuals.individual AS unique_id,
    individuals.rule AS link_rule
FROM npd_pupil
LEFT JOIN individuals ON individuals.dataset = 'npd' AND npd_pupil._row = individuals._row
