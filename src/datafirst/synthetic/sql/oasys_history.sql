-- Who is assessed, when, and on which form? Adults whom prisons or probation hold: an assessment about
-- the sentence, reviews while it runs, a screening on reception, and one of spousal assault beside it.
CREATE OR REPLACE TEMP TABLE oasys_spell AS
WITH adult AS (
    SELECT s.defendant, s.sentence_key, s.kind, s.offence_group, s.force, s.convicted_on, s.sentenced_on, s.custodial_days,
           h.home_key, h.tenure_days, h.dob, h.sex, kind IN ('custody', 'life') AS is_custodial,
           sentenced_on + CASE kind WHEN 'life' THEN 9000 WHEN 'custody' THEN custodial_days
                                    WHEN 'suspended' THEN coalesce(suspended_days, 365) ELSE coalesce(order_days, 365) END AS runs_to,
           row_number() OVER (PARTITION BY defendant ORDER BY sentenced_on, sentence_key) AS nth
    FROM sentence AS s JOIN human AS h ON h.person = s.defendant
    WHERE NOT is_youth AND kind IN ('custody', 'life', 'suspended', 'community')
)
SELECT *, defendant * 4096 + nth * 32 AS k,
    CASE WHEN is_custodial THEN sentenced_on + custodial_days // 2 ELSE sentenced_on END AS release_on,
    bool_or(offence_group = '02') OVER earlier OR u('sexual', defendant) < 0.02 AS is_sexual,
    u('abuse', defendant) < CASE WHEN sex = 'M' THEN 0.2 ELSE 0.06 END + CASE WHEN offence_group = '01' THEN 0.3 ELSE 0.0 END AS is_abuse,
    -- What all needs have in common: the person, and how often they have been sentenced.
    0.5 * u('risk', defendant) + 0.35 * (1 - exp(-0.4 * (nth - 1))) + CASE WHEN is_custodial THEN 0.15 ELSE 0.0 END AS risk
FROM adult
WINDOW earlier AS (PARTITION BY defendant ORDER BY nth);

-- Slots: 0 is the first assessment, 1 to 3 are reviews, 8 the screening, 16 to 19 of spousal assault.
CREATE OR REPLACE TEMP TABLE oasys_assessment AS
WITH planned AS (
    SELECT *, k + slot AS assessment_key, slot = 0 AND u('court report', k) < 0.2 AS is_report,
           CASE WHEN slot = 0 AND u('court report', k) < 0.2 THEN sentenced_on - whole(u('first', k), 4, 25)
                WHEN slot = 0 THEN sentenced_on + whole(u('first', k), 3, 40)
                WHEN slot = 8 THEN sentenced_on + whole(u('screening', k), 0, 4)
                ELSE sentenced_on + slot * whole(u('review', k), 180, 365) END AS begun_on
    FROM (SELECT *, unnest([0, 1, 2, 3, 8]) AS slot FROM oasys_spell)
), chosen AS (
    SELECT *, is_custodial AND begun_on >= sentenced_on AND begun_on < release_on AS is_in_prison FROM planned
    WHERE begun_on BETWEEN dob + 6575 AND DATE '2021-09-22' AND CASE
        WHEN slot = 8 THEN is_custodial AND u('screened', k) < 0.55
        WHEN slot = 0 THEN u('assessed', k) < 0.62
        ELSE u('assessed', k) < 0.62 AND begun_on < runs_to AND u('reviewed', k + slot) < 0.6 END
), formed AS (
    SELECT *, CASE WHEN slot = 8 THEN CASE WHEN begun_on <= DATE '2015-01-07' THEN 'BCS' ELSE 'TR_BCS' END
                   WHEN risk < 0.3 AND NOT is_custodial AND u('layer', k) < 0.75 THEN 'LAYER1'
                   WHEN begun_on < DATE '2014-06-01' AND u('layer', k) < 0.08 THEN 'LAYER2' ELSE 'LAYER3' END AS form
    FROM chosen
), with_spousal AS (
    SELECT *, NULL::BIGINT AS parent_key FROM formed
    UNION ALL
    SELECT * REPLACE (assessment_key + 16 AS assessment_key, slot + 16 AS slot, 'SARA' AS form), assessment_key
    FROM formed WHERE form = 'LAYER3' AND is_abuse AND u('spousal', assessment_key) < 0.55
)
SELECT *, coalesce(parent_key, assessment_key) AS details_key,
    form = 'LAYER3' AND slot BETWEEN 1 AND 3 AND u('fast review', assessment_key) < 0.25 AS is_fast,
    begun_on + whole(u('completing', assessment_key) ^ 2, 0, 30) AS completed_on,
    -- Some are entered a second time, when they come to prison.
    defendant * 2 + (is_custodial AND u('entered twice', defendant) < 0.7)::INTEGER AS entry_key
FROM with_spousal;

CREATE OR REPLACE TEMP TABLE oasys_record AS
SELECT 720575940379279360 + details_key AS record_key, details_key, NULL::BIGINT AS entry_key, defendant, false AS is_company,
       begun_on AS written_on, home_on(home_key, tenure_days, begun_on) AS home
FROM oasys_assessment WHERE parent_key IS NULL
UNION ALL
-- An offender's own row is as last known.
SELECT 720577039890907136 + entry_key, NULL, entry_key, defendant, false, max(begun_on), home_on(any_value(home_key), any_value(tenure_days), max(begun_on))
FROM oasys_assessment GROUP BY entry_key, defendant;
