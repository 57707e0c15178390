-- One row per record, with the person that it is estimated to be of.
SELECT
    figure._row,
    figure.unique_id AS record_id,
    people.person_standard AS estimated_person_id,
    people.person_strict AS estimated_person_id_strict,
    people.person_loose AS estimated_person_id_loose,
    try_cast(figure.dob AS date) AS date_of_birth,
    CASE WHEN figure.gender IN ('female', 'male') THEN figure.gender END AS gender,
    figure.occupation
FROM historical_figures_50k AS figure
LEFT JOIN people
    ON figure._row = people._row AND people.dataset = 'historical'
