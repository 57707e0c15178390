-- One row per offence of a person at an arrest, summons or caution.
SELECT
    pnc_offence._row,
    offender.unique_id,
    pnc_offence.offence_id,
    pnc_offence.arrest_summons_id,
    pnc_court_appearance.court_appearance_id,
    pnc_offence.offence_seq,
    pnc_offence.offence_code,
    pnc_offence.ho_class,
    pnc_offence.ho_subclass,
    pnc_offence.offence_group,
    pnc_offence.offence_start_date,
    pnc_offence.offence_end_date,
    pnc_offence.plea,
    pnc_offence.adjudication,
    pnc_offence.adjudicated_on,
    pnc_offence.on_bail_flag,
    age_at(offender.date_of_birth, pnc_offence.offence_start_date) AS age_at_offence
FROM pnc_offence
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
-- An appearance that was quarantined is not pointed to.
LEFT JOIN pnc_court_appearance USING (court_appearance_id)
