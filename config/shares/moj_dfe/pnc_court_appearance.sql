-- One row per person per case at a court.
SELECT
    pnc_court_appearance._row,
    offender.unique_id,
    pnc_court_appearance.court_appearance_id,
    pnc_court_appearance.arrest_summons_id,
    -- It follows from the age on the day, and would tell on which side of the birthday that was.
    CASE
        WHEN
            age_at(offender.date_of_birth, pnc_court_appearance.first_hearing_on) = 18
            AND age_at(offender.date_of_birth, date_trunc('month', pnc_court_appearance.first_hearing_on) - INTERVAL 1 DAY) = 17
            THEN NULL
        ELSE pnc_court_appearance.court_type
    END AS court_type,
    pnc_court_appearance.court_code,
    pnc_court_appearance.crown_court,
    pnc_court_appearance.first_hearing_on,
    pnc_court_appearance.disposed_on,
    pnc_court_appearance.result,
    pnc_court_appearance.offences_count,
    pnc_court_appearance.convictions_count,
    age_at(offender.date_of_birth, pnc_court_appearance.first_hearing_on) AS age_at_first_hearing
FROM pnc_court_appearance
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
