-- What became of every identifier of a person that the previous release had, and which are new. A
-- person of whom this release has no row is told of too, for the previous one may have had some;
-- but not one who is new and has none.
WITH released AS (
    SELECT 'strict' AS level, person_strict AS now FROM linked
    UNION
    SELECT 'standard', person_standard FROM linked
    UNION
    SELECT 'loose', person_loose FROM linked
    UNION
    SELECT 'dataset', dataset_person FROM linked
),

told AS (
    SELECT id_changes.*
    FROM id_changes
    LEFT JOIN released ON id_changes.level = released.level AND id_changes.now = released.now
    WHERE id_changes.change <> 'new' OR released.now IS NOT NULL
)

SELECT
    concat_ws(' ', level, coalesce(before, 'nobody'), coalesce(now, 'nobody')) AS id_change_id,
    level,
    dataset AS source_dataset,
    CASE WHEN level <> 'dataset' THEN before END AS person_id_before,
    CASE WHEN level <> 'dataset' THEN now END AS person_id_now,
    CASE WHEN level = 'dataset' THEN before END AS dataset_person_id_before,
    CASE WHEN level = 'dataset' THEN now END AS dataset_person_id_now,
    change
FROM told
