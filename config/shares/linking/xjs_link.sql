-- One row per row of both courts' defendant_case tables, with its person at each threshold.
WITH record AS (
    SELECT
        'libra.hocas_flatfile' AS _table,
        _row,
        'magistrates' AS source_dataset,
        'magistrates/' || concat_ws('/', case_id, defendant_id) AS record_id
    FROM hocas_flatfile
    UNION ALL
    SELECT
        'xhibit.xhb_defendant_on_case' AS _table,
        _row,
        'crown' AS source_dataset,
        'crown/' || defendant_on_case_id AS record_id
    FROM xhb_defendant_on_case
)

SELECT
    record._table,
    record._row,
    record.record_id,
    record.source_dataset,
    people.dataset_person AS estimated_dataset_person_id,
    people.person_standard AS estimated_person_id,
    people.person_strict AS estimated_person_id_strict,
    people.person_loose AS estimated_person_id_loose
FROM record
LEFT JOIN people ON record.source_dataset = people.dataset AND record._row = people._row
