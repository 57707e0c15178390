-- One row per row of the table in which each dataset's records are released, with its person at
-- each threshold. Which tables those are is said by released_in of linkage/datasets.
SELECT
    record_id,
    dataset AS source_dataset,
    dataset_person AS estimated_dataset_person_id,
    person_standard AS estimated_person_id,
    person_strict AS estimated_person_id_strict,
    person_loose AS estimated_person_id_loose,
    band AS linkage_confidence,
    flag AS linkage_flag
FROM linked
