-- One row per arrest, summons or caution of a person.
SELECT
    pnc_arrest_summons._row,
    offender.unique_id,
    pnc_arrest_summons.arrest_summons_id,
    pnc_arrest_summons.process_stage,
    pnc_arrest_summons.event_on,
    pnc_arrest_summons.charged_on,
    pnc_arrest_summons.force,
    pnc_arrest_summons.offences_count,
    pnc_arrest_summons.fingerprints_flag,
    pnc_arrest_summons.dna_flag,
    pnc_arrest_summons.first_entry_flag,
    pnc_arrest_summons.outcome,
    age_at(offender.date_of_birth, pnc_arrest_summons.event_on) AS age_at_event
FROM pnc_arrest_summons
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
