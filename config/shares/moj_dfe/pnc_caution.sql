-- One row per caution, warning or reprimand of a person.
SELECT
    pnc_caution._row,
    offender.unique_id,
    pnc_caution.caution_id,
    pnc_caution.arrest_summons_id,
    -- It follows from the age on the day, and would tell on which side of the birthday that was.
    CASE
        WHEN
            age_at(offender.date_of_birth, pnc_caution.cautioned_on) = 18
            AND age_at(offender.date_of_birth, date_trunc('month', pnc_caution.cautioned_on) - INTERVAL 1 DAY) = 17
            THEN NULL
        ELSE pnc_caution.caution_type
    END AS caution_type,
    pnc_caution.cautioned_on,
    pnc_caution.force,
    pnc_caution.offence_code,
    pnc_caution.offence_group,
    pnc_caution.conditions_count,
    pnc_caution.complied_flag,
    age_at(offender.date_of_birth, pnc_caution.cautioned_on) AS age_at_caution
FROM pnc_caution
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
