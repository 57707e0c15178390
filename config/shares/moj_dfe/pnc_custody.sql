-- One row per sentence of custody.
SELECT
    pnc_custody._row,
    offender.unique_id,
    pnc_custody.custody_id,
    pnc_custody.arrest_summons_id,
    pnc_custody.custody_type,
    pnc_custody.received_on,
    pnc_custody.sentence_days,
    pnc_custody.expected_release_on,
    pnc_custody.licence_flag,
    pnc_custody.licence_ends_on,
    pnc_custody.force,
    pnc_custody.recalled_flag,
    age_at(offender.date_of_birth, pnc_custody.received_on) AS age_at_reception
FROM pnc_custody
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
