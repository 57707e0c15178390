-- One row per decision on remand.
SELECT
    pnc_remand._row,
    offender.unique_id,
    pnc_remand.remand_id,
    pnc_remand.arrest_summons_id,
    -- It follows from the age on the day, and would tell on which side of the birthday that was.
    CASE
        WHEN
            age_at(offender.date_of_birth, pnc_remand.remanded_on) = 18
            AND age_at(offender.date_of_birth, date_trunc('month', pnc_remand.remanded_on) - INTERVAL 1 DAY) = 17
            THEN NULL
        ELSE pnc_remand.remand_type
    END AS remand_type,
    pnc_remand.remanded_on,
    pnc_remand.ends_on,
    pnc_remand.force,
    pnc_remand.conditions_count,
    pnc_remand.curfew_flag,
    pnc_remand.breach_flag,
    age_at(offender.date_of_birth, pnc_remand.remanded_on) AS age_at_remand
FROM pnc_remand
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
