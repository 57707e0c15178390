-- What did the clerk write down about them? {records} says which records there are (record_key,
-- defendant, is_company, written_on, home); {written} is who they say that it is. Two records of
-- one person then agree on the full name 88 times in 100 and on the date of birth 95 times.
CREATE OR REPLACE TEMP TABLE {written} AS
WITH known AS (
    SELECT r.record_key, r.defendant, r.is_company, r.written_on, r.home,
        CASE WHEN alias_forename IS NOT NULL AND u('alias', record_key) < 0.3 THEN alias_forename
             WHEN short IS NOT NULL AND u('short', record_key) < 0.03 THEN n.short
             ELSE first_forename END AS f1, second_forename AS f2, third_forename AS f3,
        CASE WHEN alias_surname IS NOT NULL AND u('alias', record_key) < 0.3 THEN alias_surname
             WHEN married_on <= written_on AND u('maiden', record_key) > 0.04 THEN married_surname
             ELSE birth_surname END AS s,
        h.* EXCLUDE (home_area, home_key, person), company_name, h.dob::VARCHAR AS dob_text
    FROM {records} AS r
    LEFT JOIN human AS h ON h.person = r.defendant AND NOT r.is_company
    LEFT JOIN company AS c ON c.company = r.defendant AND r.is_company
    LEFT JOIN diminutives AS n ON n.forename = lower(h.first_forename)
), spelt AS (
    SELECT *,
        CASE WHEN u('f1 slip', record_key) < 0.016 AND len(f1) > 2 THEN misspelt(f1, u('f1 how', record_key)) ELSE f1 END AS g1,
        CASE WHEN u('s slip', record_key) < 0.018 AND len(s) > 2 THEN misspelt(s, u('s how', record_key))
             WHEN contains(s, '-') AND u('hyphen', record_key) < 0.2 THEN replace(s, '-', ' ')
             WHEN contains(s, '-') AND u('hyphen', record_key) < 0.3 THEN split_part(s, '-', 2)
             WHEN contains(s, '''') AND u('hyphen', record_key) < 0.3 THEN replace(s, '''', '')
             WHEN s[1:2] = 'Mc' AND u('hyphen', record_key) < 0.2 THEN 'Mc ' || s[3:]
             ELSE s END AS t,
        u('junk', record_key) AS junk, u('dob', record_key) AS d, u('postcode', record_key) AS p
    FROM known
), soiled AS (
    SELECT *,
        CASE WHEN junk < 0.001 THEN t WHEN junk < 0.002 THEN 'NOT ENTERED' WHEN junk < 0.0045 THEN NULL
             WHEN junk < 0.0055 THEN 'DUPLICATE_' || g1 WHEN junk < 0.006 THEN g1 || '\' ELSE g1 END AS forename1,
        CASE WHEN u('second written', record_key) < 0.72 THEN f2 WHEN u('second written', record_key) < 0.82 THEN f2[1:1] END AS forename2,
        CASE WHEN u('second written', record_key) < 0.72 THEN f3 END AS forename3,
        CASE WHEN junk < 0.001 THEN g1 WHEN junk BETWEEN 0.006 AND 0.007 THEN 'MIG_ERROR_' || t
             WHEN junk BETWEEN 0.007 AND 0.008 THEN 'NO_SHOW_' || t
             WHEN junk BETWEEN 0.008 AND 0.0085 THEN '"' || t || '"' WHEN junk BETWEEN 0.0085 AND 0.009 THEN t || chr(10)
             ELSE t END AS surname_written
    FROM spelt
)
SELECT record_key, defendant, is_company, written_on, company_name,
    forename1, forename2, forename3, surname_written AS surname,
    CASE WHEN is_company OR u('dob missing', record_key) < 0.012 THEN NULL
         WHEN d < 0.0085 THEN coalesce(try_cast(mistyped_digit_at(dob_text, one_of(d / 0.0085, [3, 4, 7, 10, 9]), u('digit', record_key)) AS DATE), dob)
         WHEN d < 0.0115 THEN coalesce(try_cast(dob_text[1:5] || dob_text[9:10] || '-' || dob_text[6:7] AS DATE), dob)
         WHEN d < 0.0175 THEN (dob + to_years(one_of(u('digit', record_key), [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])))::DATE
         WHEN d < 0.0195 THEN dob + whole(u('digit', record_key), -3000, 3000)
         WHEN d < 0.022 THEN DATE '1900-01-01' WHEN d < 0.0245 THEN DATE '1970-01-01' ELSE dob END AS dob,
    CASE WHEN is_company OR u('sex', record_key) < 0.01 THEN NULL
         WHEN u('sex', record_key) < 0.014 THEN CASE sex WHEN 'M' THEN 'F' ELSE 'M' END ELSE sex END AS sex,
    CASE WHEN p < 0.045 THEN NULL WHEN p < 0.058 THEN 'NF1 1NF' WHEN p < 0.065 THEN 'NF1 1FA'
         WHEN p < 0.075 THEN mistyped_digit_at(postcode, len(postcode) - 2, u('digit', record_key))
         WHEN p < 0.082 THEN postcode[:len(postcode) - 1] || chr(65 + whole(u('digit', record_key), 0, 25))
         WHEN p < 0.12 THEN replace(postcode, ' ', '') WHEN p < 0.14 THEN lower(postcode) ELSE postcode END AS postcode,
    CASE WHEN p BETWEEN 0.045 AND 0.065 THEN 'No fixed abode' WHEN u('address', record_key) < 0.03 THEN NULL
         WHEN u('address', record_key) < 0.06 THEN misspelt(first_line, u('digit', record_key)) ELSE first_line END AS first_line,
    CASE WHEN p BETWEEN 0.045 AND 0.065 THEN NULL ELSE town END AS town,
    CASE WHEN p BETWEEN 0.045 AND 0.065 OR u('county', record_key) < 0.5 THEN NULL ELSE county END AS county,
    -- Nobody is asked in writing; the rest are asked less and less: 7% missing in 2010, 30% in 2020.
    CASE WHEN u('ethnicity missing', record_key) >= 0.07 + 0.023 * (year(written_on) - 2010)
         THEN CASE WHEN u('not stated', record_key) < 0.03 THEN 'NS' ELSE ethnicity END END AS ethnicity_self_defined,
    CASE WHEN u('appearance missing', record_key) >= 0.07 + 0.02 * (year(written_on) - 2010)
         THEN CASE WHEN u('appearance', record_key) < 0.03 THEN '0'
                   WHEN ethnicity IN ('W1', 'W2', 'W3') THEN '1'
                   WHEN ethnicity[1:1] = 'W' THEN CASE WHEN u('appearance', record_key) < 0.4 THEN '2' ELSE '1' END
                   WHEN ethnicity[1:1] = 'B' OR ethnicity IN ('M1', 'M2') THEN '3'
                   WHEN ethnicity IN ('A4', 'O1') THEN '5' WHEN ethnicity IN ('O2', 'O9') THEN '6'
                   WHEN ethnicity[1:1] = 'A' OR ethnicity = 'M3' THEN '4' ELSE '1' END END AS ethnicity_officer,
    CASE WHEN u('nationality missing', record_key) >= CASE WHEN written_on < DATE '2017-11-01' THEN 0.58 ELSE 0.3 END
         THEN nationality END AS nationality,
    pnc, cro
FROM soiled JOIN home USING (home);
