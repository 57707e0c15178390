-- Who is each record of? A name comes as one text, and each way to read it is a way in which the
-- person may be written. Mainly the first word is a forename and the last a surname (variant 0). A
-- lone word may be either (1). Of several, any may be the surname: peers are known by their family's
-- name and by the place of their title (2 and more). Ranks, numerals and particles are no names.
WITH written AS (
    SELECT
        *,
        string_split(regexp_replace(lower(full_name), '[.,]', '', 'g'), ' ') AS all_words
    FROM historical_figures_50k
),

named AS (
    SELECT
        *,
        list_filter(
            all_words,
            lambda word: len(word) > 1 AND NOT regexp_full_match(
                word,
                'sir|dame|lady|lord|baron(ess|et)?|bt|viscount(ess)?|earl|count(ess)?|duke|duchess'
                || '|marquis|marquess|rev|reverend|dr|jr|sr|of|the|de|von|van|\d+(st|nd|rd|th)'
            )
        ) AS words
    FROM written
),

ways AS (
    SELECT
        _row,
        0 AS variant,
        words[1] AS forename1,
        CASE WHEN len(words) > 2 THEN words[2] END AS forename2,
        CASE WHEN len(words) > 1 THEN words[-1] END AS surname
    FROM named
    UNION ALL
    SELECT
        _row,
        1 AS variant,
        NULL AS forename1,
        NULL AS forename2,
        words[1] AS surname
    FROM named
    WHERE len(words) = 1
    UNION ALL
    SELECT
        _row,
        nth AS variant,
        words[1] AS forename1,
        NULL AS forename2,
        words[nth] AS surname
    FROM named, range(2, len(words)) AS middle (nth)
)

SELECT
    ways.*,
    figure.dob AS date_of_birth,
    figure.dob AS date_of_birth_written,
    figure.birth_place,
    figure.postcode_fake AS postcode,
    figure.gender AS sex,
    figure.occupation
FROM ways
INNER JOIN historical_figures_50k AS figure USING (_row)
