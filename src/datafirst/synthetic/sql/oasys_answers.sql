-- What is answered? A row for each answer. People differ in what they need, and their answers agree
-- with that and with each other; the list of questions says how common each answer is.
CREATE OR REPLACE TEMP TABLE oasys_ref_question AS
SELECT min(number::INTEGER) AS row_key, section AS ref_section_code, question AS ref_question_code, any_value(wording) AS ref_section_question,
       yes_no(bool_or(kind = 'tick')) AS multiple_ind, yes_no(bool_or(part = 'layer3' AND kind IN ('score', 'ynm2'))) AS scored_ind
FROM oasys_questions GROUP BY section, question;

CREATE OR REPLACE TEMP TABLE oasys_need AS
SELECT a.assessment_key, trait, CASE
        WHEN trait = 'sexual' THEN is_sexual::INTEGER WHEN trait = 'abuse' THEN is_abuse::INTEGER
        ELSE 0.8 * risk + 0.4 * u('need ' || trait, defendant)
             + CASE WHEN trait = '8' AND offence_group IN ('04', '06') OR trait = '9' AND offence_group IN ('01', '08', '12') THEN 0.12
                    WHEN trait = 'violence' AND is_violent = 1 THEN 0.2 WHEN trait = 'harm' THEN 0.5 * harm ELSE 0.0 END END AS need
FROM oasys_scored AS a, (SELECT DISTINCT trait FROM oasys_questions);

-- Which questions are put to whom. A need is above the threshold about as often as the answer is common.
CREATE OR REPLACE TEMP TABLE oasys_put AS
WITH threshold AS (
    SELECT q.*, q.number::INTEGER AS n, trait IN ('sexual', 'abuse') AS is_plain,
           CASE WHEN trait IN ('sexual', 'abuse') THEN 1 - rate::DOUBLE
                ELSE 0.5 + 0.17 * 4.91 * ((1.0001 - rate::DOUBLE) ^ 0.14 - rate::DOUBLE ^ 0.14) END AS above
    FROM oasys_questions AS q
), parts AS (
    SELECT assessment_key, defendant, begun_on, convicted_on, release_on, is_in_prison, is_sexual, is_violent, custodial_days, sanctions, ogrs2, harm, unnest(list_filter([
        CASE WHEN form LIKE 'LAYER_' THEN 'layer1' END, CASE WHEN form IN ('LAYER2', 'LAYER3') AND NOT is_fast THEN 'layer3' END,
        CASE WHEN form = 'LAYER3' AND NOT is_fast AND u('skills', k) < 0.25 THEN 'skills' END,
        CASE WHEN form = 'LAYER3' AND NOT is_fast AND u('self', assessment_key) < 0.3 THEN 'saq' END,
        CASE WHEN form = 'LAYER3' AND harm >= 0.38 THEN 'rmp' END,
        CASE form WHEN 'SARA' THEN 'sara' WHEN 'BCS' THEN 'bcs' WHEN 'TR_BCS' THEN 'tr_bcs' END], lambda p: p IS NOT NULL)) AS part
    FROM oasys_scored AS a
), put AS (
    SELECT p.assessment_key, p.assessment_key * 512 + q.n AS k, p.* EXCLUDE (assessment_key, part), q.* EXCLUDE (number, part, rate, wording, trait, n, who, since, upto),
           CASE WHEN q.is_plain THEN CASE WHEN d.need > 0.5 THEN u('answer', p.assessment_key * 512 + q.n) ELSE -1 END
                        ELSE 0.75 * d.need + 0.25 * u('answer', p.assessment_key * 512 + q.n) END AS level
    FROM parts AS p JOIN threshold AS q USING (part) JOIN oasys_need AS d ON d.assessment_key = p.assessment_key AND d.trait = q.trait
    WHERE (who IS NULL OR is_in_prison) AND (since IS NULL OR begun_on >= since::DATE) AND (upto IS NULL OR begun_on <= upto::DATE)
)
-- Some questions follow only where another was answered with yes.
SELECT put.* FROM put
LEFT JOIN (SELECT assessment_key, question, level > above AS is_yes FROM put WHERE kind IN ('yn', 'ynm')) AS asked
    ON asked.assessment_key = put.assessment_key AND asked.question = put.only_if
WHERE only_if IS NULL OR is_yes;

CREATE OR REPLACE TEMP TABLE oasys_given AS
SELECT *, level > above AS is_yes, u('missing', k) < 0.012 AND kind IN ('ynm', 'ynm2', 'score') AS is_missing,
    CASE WHEN is_missing THEN 'M'
         WHEN kind IN ('yn', 'ynm', 'ynm2', 'linked') THEN CASE WHEN is_yes THEN 'YES' ELSE 'NO' END
         WHEN kind = 'score' THEN CASE WHEN level > above + 0.11 THEN '2' WHEN is_yes THEN '1' ELSE '0' END
         WHEN kind = 'tick' THEN answer
         WHEN kind = 'level' THEN CASE WHEN level < 0.55 THEN 'L' WHEN level < 0.78 THEN 'M' WHEN level < 0.96 THEN 'H' ELSE 'V' END
         WHEN kind = 'rating' THEN CASE WHEN level < 0.42 THEN '1' WHEN level < 0.66 THEN '2' ELSE '3' END
         WHEN kind = 'list' THEN one_of(u('choice', k), string_split(choices, ' '))
         WHEN kind = 'mappa' THEN CASE WHEN is_sexual THEN '1' WHEN is_violent = 1 AND custodial_days >= 365 THEN '2' WHEN harm > 1.0 THEN '3' ELSE '0' END
         WHEN kind = 'mappa level' THEN CASE WHEN level < 0.8 THEN '1' WHEN level < 0.97 THEN '2' ELSE '3' END END AS code,
    CASE kind WHEN 'date' THEN CASE WHEN u('placeholder', k) < 0.004 THEN '01/01/1900' ELSE strftime(
                  CASE question WHEN '1.29' THEN convicted_on WHEN '1.38' THEN release_on ELSE convicted_on - whole(u('days before', k), 0, 3000) END, '%d/%m/%Y') END
              WHEN 'int' THEN (CASE question WHEN '1.32' THEN sanctions WHEN '1.40' THEN floor(sanctions * u('violent', defendant) * 0.7) + is_violent
                  WHEN 'BCS31' THEN ogrs2 WHEN 'BCS26' THEN floor(sanctions * u('cautions', defendant)) ELSE whole(u('how many', k) ^ 3, 0, 4) END)::BIGINT::VARCHAR END AS typed
FROM oasys_put
WHERE kind <> 'tot' AND (kind <> 'tick' OR level > above) AND (kind <> 'date' OR begun_on >= convicted_on OR question <> '1.29')
  AND (kind <> 'mappa level' OR is_sexual OR is_violent = 1 AND custodial_days >= 365 OR harm > 1.0);

CREATE OR REPLACE TEMP TABLE oasys_answer AS
WITH totals AS (
    SELECT t.assessment_key, t.k, t.section, t.question, coalesce(sum(CASE i.code WHEN 'YES' THEN 2 ELSE coalesce(try_cast(i.code AS BIGINT), 0) END), 0) AS score
    FROM (FROM oasys_put WHERE kind = 'tot') AS t
    LEFT JOIN (FROM oasys_given WHERE kind IN ('score', 'ynm2')) AS i ON i.assessment_key = t.assessment_key AND i.section = t.section
    GROUP BY ALL
), answered AS (
    SELECT assessment_key, k * 2 + 1 AS k, section, question, code, typed FROM oasys_given
    UNION ALL
    -- A score that was not worked out again when an item changed.
    SELECT assessment_key, k * 2 + 1, section, question, NULL, (score + (u('stale', k) < 0.004)::INTEGER)::VARCHAR FROM totals
    UNION ALL
    -- An answer that was given before another.
    SELECT assessment_key, k * 2, section, question, CASE code WHEN '0' THEN '1' ELSE '0' END, NULL FROM oasys_given WHERE kind = 'score' AND u('changed', k) < 0.002
)
SELECT k AS row_key, k AS oasys_answer_pk, number40(assessment_key) AS oasys_set_pk, section AS ref_section_code, question AS ref_question_code,
       code AS ref_answer_code, typed AS free_format_answer, yes_no(u('hidden', k) < 0.002) AS currently_hidden_ind
FROM answered;
