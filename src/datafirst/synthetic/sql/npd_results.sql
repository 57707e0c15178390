-- How do pupils do at school? Assessments at each key stage, absence and exclusion.
CREATE OR REPLACE TEMP TABLE npd_stage AS
SELECT *, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref FROM npd_year WHERE g IN (0, 2, 6, 9, 11, 12, 13);

-- How well a pupil does in one thing on one day.
CREATE OR REPLACE MACRO does(ability, thing, year_key) AS greatest(0.0, least(0.9999, ability + 0.3 * (u('does ' || thing, year_key) - 0.5)));
CREATE OR REPLACE MACRO goal(r, y) AS CASE WHEN r < 0.3 THEN '1' WHEN r < 0.85 OR y >= 2020 THEN '2' ELSE '3' END;
CREATE OR REPLACE MACRO ks1_outcome(r, y) AS CASE
    WHEN y >= 2015 THEN CASE WHEN r < 0.06 THEN 'BLW' WHEN r < 0.1 AND y < 2018 THEN 'PKF' WHEN r < 0.34 THEN 'WTS' WHEN r < 0.78 THEN 'EXS' ELSE 'GDS' END
    ELSE CASE WHEN r < 0.06 THEN 'W' WHEN r < 0.22 THEN '1' WHEN r < 0.34 THEN '2C' WHEN r < 0.54 THEN '2B' WHEN r < 0.75 THEN '2A' ELSE '3' END END;
CREATE OR REPLACE MACRO ks2_outcome(r, y) AS CASE
    WHEN y >= 2015 THEN CASE WHEN r < 0.37 THEN 'NS' ELSE 'AS' END
    ELSE CASE WHEN r < 0.08 THEN 'B' WHEN r < 0.27 THEN '3' WHEN r < 0.68 THEN '4' WHEN r < 0.97 OR y < 2011 THEN '5' ELSE '6' END END;

CREATE OR REPLACE TEMP TABLE npd_eyfsp AS
SELECT year_key AS row_key, pupil_matching_ref, academic_year, school_urn, yes_no(ability > 0.38) AS good_level_flag, 17 + floor(34 * ability)::INTEGER AS points,
    goal(does(ability, 'talk', year_key), y) AS communication, goal(does(ability, 'move', year_key), y) AS physical, goal(does(ability, 'share', year_key), y) AS personal,
    goal(does(ability, 'read', year_key), y) AS literacy, goal(does(ability, 'count', year_key), y) AS mathematics, goal(does(ability, 'know', year_key), y) AS understanding,
    goal(does(ability, 'draw', year_key), y) AS expressive
FROM npd_stage WHERE g = 0 AND y BETWEEN 2012 AND 2018;

CREATE OR REPLACE TEMP TABLE npd_ks1 AS
WITH checked AS (SELECT *, floor(41 * least(0.9999, does(ability, 'phonics', k) ^ 0.5))::INTEGER AS mark FROM npd_stage WHERE g = 2 AND y < 2019)
SELECT year_key AS row_key, pupil_matching_ref, academic_year, school_urn, ks1_outcome(does(ability, 'reads', year_key), y) AS reading, ks1_outcome(does(ability, 'writes', year_key), y) AS writing,
    ks1_outcome(does(ability, 'counts', year_key), y) AS mathematics, ks1_outcome(does(ability, 'science', year_key), y) AS science, round(6 + 17 * ability, 1) AS points,
    CASE WHEN y >= 2012 THEN mark END AS phonics_mark, CASE WHEN y >= 2012 THEN CASE WHEN mark >= 32 THEN 'WA' ELSE 'WT' END END AS phonics_outcome,
    CASE WHEN y >= 2012 AND mark < 32 THEN least(40, mark + 8) END AS phonics_year2_mark,
    CASE WHEN y >= 2012 AND mark < 32 THEN CASE WHEN mark >= 24 THEN 'WA' ELSE 'WT' END END AS phonics_year2_outcome
FROM checked;

CREATE OR REPLACE TEMP TABLE npd_ks2_test AS
WITH subjects AS (
    SELECT *, unnest(list_concat(['R', 'M'], CASE WHEN y >= 2012 THEN ['G'] WHEN y >= 2009 THEN ['W'] ELSE ['W', 'S'] END)) AS subject
    FROM npd_stage WHERE g = 6 AND y < 2019
)
SELECT *, does(ability, 'ks2 ' || subject, year_key) AS r, year_key * 8 + position(subject IN 'RMGWS') AS test_key, u('absent', year_key) < 0.012 AS is_absent FROM subjects;

CREATE OR REPLACE TEMP TABLE npd_ks2_exam AS
SELECT test_key AS row_key, pupil_matching_ref, subject, academic_year, school_urn, CASE WHEN NOT is_absent THEN floor(CASE subject WHEN 'M' THEN 110 WHEN 'G' THEN 70 ELSE 50 END * r)::INTEGER END AS mark,
    CASE subject WHEN 'M' THEN 110 WHEN 'G' THEN 70 ELSE 50 END AS marks_possible, CASE WHEN is_absent THEN 'A' ELSE ks2_outcome(r, y) END AS outcome,
    yes_no(NOT is_absent) AS attended_flag, yes_no(sen_provision <> 'N' AND u('help', test_key) < 0.4) AS special_arrangement_flag
FROM npd_ks2_test;

CREATE OR REPLACE TEMP TABLE npd_ks2_pupil AS
WITH told AS (
    SELECT year_key, any_value(pupil_matching_ref) AS pupil_matching_ref, any_value(academic_year) AS academic_year, any_value(school_urn) AS school_urn, any_value(y) AS y,
           any_value(ability) AS ability, bool_or(is_absent) AS is_absent, max(r) FILTER (subject = 'R') AS reads, max(r) FILTER (subject = 'M') AS counts, max(r) FILTER (subject = 'G') AS spells
    FROM npd_ks2_test GROUP BY year_key
)
SELECT year_key AS row_key, pupil_matching_ref, academic_year, school_urn, CASE WHEN is_absent THEN 'A' ELSE ks2_outcome(reads, y) END AS reading_outcome,
    CASE WHEN is_absent THEN 'A' ELSE ks2_outcome(counts, y) END AS maths_outcome, ks2_outcome(does(ability, 'written', year_key), y) AS writing_outcome,
    CASE WHEN y >= 2012 THEN CASE WHEN is_absent THEN 'A' ELSE ks2_outcome(spells, y) END END AS gps_outcome,
    CASE WHEN y >= 2015 AND NOT is_absent THEN 80 + floor(41 * reads)::INTEGER END AS reading_scaled, CASE WHEN y >= 2015 AND NOT is_absent THEN 80 + floor(41 * counts)::INTEGER END AS maths_scaled,
    CASE WHEN y < 2015 THEN round(15 + 18 * (reads + counts) / 2, 1) END AS points, round(10 * (u('progress', year_key) - 0.5), 1) AS progress,
    yes_no(NOT is_absent AND least(reads, counts) > 0.37) AS expected_flag
FROM told;

CREATE OR REPLACE TEMP TABLE npd_ks4_sat AS
WITH chosen AS (
    SELECT *, list_concat(['ENG', 'MAT', 'SCI'], CASE WHEN ability > 0.25 THEN ['LIT', 'ADS'] ELSE ['ELC'] END,
           [one_of(u('first option', k), ['HIS', 'GEO', 'RS']), one_of(u('second option', k), ['FRE', 'SPA', 'GER', 'ART', 'PE', 'DT']), one_of(u('third option', k), ['ICT', 'DRA', 'BUS', 'HSC'])]) AS chosen
    FROM npd_stage WHERE g = 11
), subjects AS (
    -- One in thirty sits nothing at all.
    SELECT * EXCLUDE (chosen), unnest(chosen) AS subject, generate_subscripts(chosen, 1) AS n FROM chosen WHERE u('sits nothing', k) >= 0.01 + 0.05 * harder
), sat AS (
    SELECT * REPLACE (CASE subject WHEN 'ELC' THEN 'PHY' ELSE subject END AS subject), year_key * 16 + n AS exam_key,
        CASE WHEN subject = 'ELC' THEN 'ELC' WHEN subject IN ('ICT', 'HSC', 'BUS') AND ability < 0.5 THEN 'VOC' WHEN subject = 'RS' AND u('short', k) < 0.3 THEN 'SHORT' ELSE 'GCSE' END AS qualification,
        does(ability, 'ks4 ' || subject, year_key) AS r
    FROM subjects
)
SELECT *, qualification IN ('GCSE', 'SHORT') AND (y >= 2017 OR y = 2016 AND subject IN ('ENG', 'MAT', 'LIT')) AS is_numbered,
    CASE WHEN qualification = 'ELC' THEN 'PS' WHEN qualification = 'VOC' THEN CASE WHEN r < 0.12 THEN 'U' WHEN r < 0.5 THEN 'PS' WHEN r < 0.7 THEN 'MR' ELSE 'DS' END
         WHEN r < 0.03 THEN 'X' WHEN r < 0.06 THEN 'U'
         WHEN is_numbered THEN (1 + least(8, floor(9 * (r - 0.06) / 0.9)))::INTEGER::VARCHAR
         ELSE 'GFEDCBA*'[1 + least(7, floor(8 * (r - 0.06) / 0.9))::INTEGER] END AS grade,
    CASE WHEN grade IN ('U', 'X') THEN 0.0 WHEN qualification = 'ELC' THEN 10.0 WHEN qualification = 'VOC' THEN map {'PS': 28.0, 'MR': 40.0, 'DS': 52.0}[grade]
         ELSE round(16 + 42 * least(1.0, greatest(0.0, r - 0.06) / 0.9)) END AS points
FROM sat;

CREATE OR REPLACE TEMP TABLE npd_ks4_exam AS
SELECT exam_key AS row_key, pupil_matching_ref, subject, academic_year, school_urn, qualification, grade, points, CASE WHEN u('season', exam_key) < 0.08 AND y < 2013 THEN 'W' WHEN u('season', exam_key) < 0.02 THEN 'N' ELSE 'S' END AS season,
    yes_no(qualification = 'SHORT' OR u('discounted', exam_key) < 0.02) AS discounted_flag
FROM npd_ks4_sat;

CREATE OR REPLACE TEMP TABLE npd_ks4_pupil AS
WITH told AS (
    SELECT year_key, count(*) AS entries, sum(points) AS points, count(*) FILTER (r > 0.55 AND grade NOT IN ('U', 'X')) AS good, bool_or(subject IN ('FRE', 'SPA', 'GER')) AS has_language,
           bool_or(subject IN ('HIS', 'GEO')) AS has_humanity, max(r) FILTER (subject = 'ENG') AS english, max(r) FILTER (subject = 'MAT') AS maths,
           max(grade) FILTER (subject = 'ENG') AS english_grade, max(grade) FILTER (subject = 'MAT') AS maths_grade
    FROM npd_ks4_sat GROUP BY year_key
)
SELECT s.year_key AS row_key, pupil_matching_ref, academic_year, school_urn, coalesce(entries, 0) AS gcse_entries,
    CASE WHEN y >= 2015 THEN round(80 * ability, 1) END AS attainment8, CASE WHEN y >= 2015 THEN round(3 * (ability - 0.5) + 2 * (u('progress 8', s.year_key) - 0.5), 2) END AS progress8,
    coalesce(t.points, 0.0) AS points, yes_no(coalesce(good >= 5 AND english > 0.55 AND maths > 0.55, false)) AS five_ac_flag, yes_no(coalesce(has_language AND has_humanity, false)) AS ebacc_entered_flag,
    yes_no(coalesce(has_language AND has_humanity AND good >= 6, false)) AS ebacc_flag, english_grade, maths_grade,
    CASE WHEN u('prior missing', k) >= 0.08 THEN CASE WHEN ability < 0.33 THEN 1 WHEN ability < 0.66 THEN 2 ELSE 3 END END AS ks2_prior_band, yes_no(u('end of stage', k) >= 0.01) AS end_of_ks4_flag
FROM npd_stage AS s LEFT JOIN told AS t USING (year_key) WHERE g = 11;

CREATE OR REPLACE TEMP TABLE npd_ks5 AS
WITH sat AS (SELECT *, unnest(range(1, CASE WHEN ability > 0.55 THEN 4 WHEN ability > 0.4 THEN 2 ELSE 2 END))::INTEGER AS n FROM npd_stage WHERE g = 13),
graded AS (SELECT *, year_key * 8 + n AS exam_key, CASE WHEN ability > 0.55 THEN CASE WHEN u('as level', year_key * 8 + n) < 0.15 THEN 'AS' ELSE 'AL' END WHEN u('applied', year_key * 8 + n) < 0.7 THEN 'BT' ELSE 'L2' END AS qualification,
                   does(ability, 'ks5', year_key * 8 + n) AS r FROM sat)
SELECT exam_key AS row_key, pupil_matching_ref, n AS result_seq, academic_year, CASE WHEN u('college', k) < 0.75 THEN secondary_school END AS institution_urn, qualification,
    CASE WHEN qualification IN ('BT', 'L2') THEN '6' ELSE whole(u('area of study', exam_key), 1, 5)::VARCHAR END AS subject_area,
    CASE WHEN qualification IN ('BT', 'L2') THEN CASE WHEN r < 0.1 THEN 'U' WHEN r < 0.5 THEN 'PS' WHEN r < 0.7 THEN 'MR' ELSE 'DS' END ELSE 'UEDCBA*'[1 + floor(7 * r)::INTEGER] END AS grade,
    CASE WHEN r < 0.1 THEN 0.0 ELSE round(60 * r) END AS points, CASE qualification WHEN 'AS' THEN 0.5 WHEN 'L2' THEN 0.0 ELSE 1.0 END AS size
FROM graded;

CREATE OR REPLACE TEMP TABLE npd_absence AS
WITH terms AS (
    SELECT s.*, t.n, t.term, CASE t.n WHEN 1 THEN 140 WHEN 2 THEN 120 ELSE 110 END AS possible, year_key * 4 + t.n AS term_key
    FROM npd_stage AS s, (VALUES (1, 'AUT'), (2, 'SPR'), (3, 'SUM')) AS t(n, term) WHERE g = 9 AND y >= 2005
), missed AS (
    SELECT *, floor(possible * 0.25 * u('ill', term_key) ^ 3)::INTEGER AS ill, CASE WHEN u('holiday', term_key) < 0.06 THEN 10 ELSE 0 END AS away,
           floor(possible * (0.05 + 0.3 * harder) * u('truant', term_key) ^ 5)::INTEGER AS unauthorised, CASE WHEN is_excluded AND u('out', term_key) < 0.3 THEN whole(u('out days', term_key), 1, 10) ELSE 0 END AS excluded
    FROM terms
)
SELECT term_key AS row_key, pupil_matching_ref, academic_year, term, school_urn, nc_year, possible AS sessions_possible, ill + away + excluded AS sessions_authorised, unauthorised AS sessions_unauthorised,
    ill AS illness_sessions, away AS holiday_sessions, excluded AS excluded_sessions, yes_no(ill + away + excluded + unauthorised >= possible * 0.1) AS persistent_flag
FROM missed;

CREATE OR REPLACE TEMP TABLE npd_exclusion AS
WITH times AS (
    SELECT *, unnest(range(CASE WHEN is_expelled AND g = 9 THEN 3 WHEN is_excluded AND u('excluded now', year_key) < 0.35 THEN 1 + floor(2.5 * u('how often', year_key))::INTEGER ELSE 0 END))::INTEGER AS n
    FROM npd_year WHERE g BETWEEN 5 AND 11 AND is_excluded AND y >= 2001
), dated AS (
    SELECT *, year_key * 8 + n AS exclusion_key, make_date(y, 9, 15) + whole(u('day', year_key * 8 + n), 0, 270) AS start_date, is_expelled AND g = 9 AND n = 2 AS is_permanent FROM times
)
SELECT exclusion_key AS row_key, number40(exclusion_key) AS exclusion_id, 'PMR' || lpad(number40(k)::VARCHAR, 13, '0') AS pupil_matching_ref, academic_year,
    CASE WHEN month(start_date) >= 9 THEN 'AUT' WHEN month(start_date) < 4 THEN 'SPR' ELSE 'SUM' END AS term, CASE WHEN g <= 6 THEN primary_school ELSE secondary_school END AS school_urn, nc_year,
    CASE WHEN is_permanent THEN 'PERM' WHEN u('lunch', exclusion_key) < 0.02 THEN 'LNCH' ELSE 'FIXD' END AS category,
    CASE WHEN y >= 2020 THEN one_of(u('reason', exclusion_key), ['PP', 'PA', 'VA', 'DB', 'DB', 'DB', 'WP', 'DA']) ELSE one_of(u('reason', exclusion_key), ['PP', 'PP', 'PA', 'VP', 'VA', 'VA', 'BU', 'RA', 'SM', 'DA', 'DM', 'TH', 'DB', 'DB', 'DB', 'OT', 'OT']) END AS reason,
    start_date, CASE WHEN NOT is_permanent THEN CASE WHEN u('lunch', exclusion_key) < 0.02 THEN 1 ELSE 2 * whole(u('length', exclusion_key) ^ 3, 1, 20) END END AS sessions,
    sen_provision, CASE WHEN is_permanent THEN one_of(u('review', exclusion_key), ['NR', 'NR', 'NR', 'UP', 'UP', 'RC', 'QU']) END AS review_result
FROM dated;
