-- One row per person with a PNC number.
SELECT
    pnc_person._row,
    offender.unique_id,
    pnc_person.pnc_person_id,
    pnc_person.sex,
    pnc_person.ethnic_appearance,
    pnc_person.ethnicity_self_defined,
    pnc_person.owner_force,
    pnc_person.created_on,
    pnc_person.last_event_on,
    pnc_person.events_count,
    CASE
        WHEN pnc_person.nationality = 'GBR' THEN 'B'
        WHEN pnc_person.nationality IN ('UNK', 'XXX') THEN 'U'
        WHEN pnc_person.nationality IS NOT NULL THEN 'F'
    END AS nationality_group,
    CASE WHEN learner.unique_id IS NULL THEN 'N' ELSE 'Y' END AS in_npd_flag,
    learner.link_rule,
    age_at(offender.date_of_birth, pnc_person.created_on) AS age_at_first_event
FROM pnc_person
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
LEFT JOIN moj_dfe.learner AS learner ON offender.unique_id = learner.unique_id
