-- One row per assessment.
WITH person AS (
    SELECT _row, record_id, dataset_person
    FROM people
    WHERE dataset = 'oasys'
),

-- Spousal Assault Risk Assessments are counted with the assessment that they belong to.
numbered AS (
    SELECT
        oasys_set_pk,
        row_number() OVER earlier AS assessment_number,
        initiation_date - lag(initiation_date) OVER earlier AS days_since_previous
    FROM oasys_set
    WHERE ref_ass_version_code <> 'SARA'
    WINDOW earlier AS (PARTITION BY offender_pk ORDER BY initiation_date, oasys_set_pk)
)

SELECT
    assessment._row,
    assessment._row AS _record,
    'oasys/' || assessment.oasys_set_pk AS record_id,
    assessment.oasys_set_pk,
    parent.oasys_set_pk AS parent_oasys_set_pk,
    assessment.offender_pk,
    person.dataset_person AS estimated_offender_id,
    assessment.gender_elm,
    assessment.ethnic_category_elm,
    age_at(assessment.date_of_birth, assessment.initiation_date) AS age_at_initiation,
    assessment.ref_ass_version_code,
    assessment.version_number,
    assessment.assessment_type_elm,
    assessment.purpose_assessment_elm,
    assessment.prison_ind,
    assessment.originating_areaest_code,
    assessment.initiation_date,
    assessment.date_completed,
    assessment.level_healthcare_req_elm,
    assessment.tier_level_elm,
    assessment.interpreter_required_ind,
    assessment.armed_forces_ind,
    assessment.looked_after,
    assessment.recommended_dep_ind,
    assessment.charges_pending_ind,
    assessment.appeal_pending_indicator,
    assessment.reception_date,
    assessment.conditional_release_date,
    assessment.parole_eligibility_date,
    assessment.home_detn_curfew_date,
    assessment.licence_expiry_date,
    assessment.sentence_expiry_date,
    assessment.date_of_actual_release,
    assessment.release_type_elm,
    assessment.no_sara_reason_elm,
    assessment.no_sara_date,
    assessment.date_completed - assessment.initiation_date AS days_to_complete,
    numbered.assessment_number,
    numbered.days_since_previous,
    CASE WHEN core_risk.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_core_risk,
    CASE WHEN sara.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_sara,
    CASE WHEN skillschecker.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_skillschecker,
    CASE WHEN saq.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_saq,
    CASE WHEN bcs.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_bcs,
    CASE WHEN tr_bcs.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_tr_bcs,
    CASE WHEN rmp.oasys_set_pk IS NULL THEN 'N' ELSE 'Y' END AS has_rmp
FROM oasys_set AS assessment
LEFT JOIN oasys_set AS parent ON assessment.parent_oasys_set_pk = parent.oasys_set_pk
LEFT JOIN numbered ON assessment.oasys_set_pk = numbered.oasys_set_pk
LEFT JOIN person ON assessment._row = person._row
LEFT JOIN oasys.oasys_assessments_details_core_risk AS core_risk
    ON assessment.oasys_set_pk = core_risk.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_sara AS sara
    ON assessment.oasys_set_pk = sara.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_skillschecker AS skillschecker
    ON assessment.oasys_set_pk = skillschecker.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_saq AS saq
    ON assessment.oasys_set_pk = saq.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_bcs AS bcs
    ON assessment.oasys_set_pk = bcs.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_tr_bcs AS tr_bcs
    ON assessment.oasys_set_pk = tr_bcs.oasys_set_pk
LEFT JOIN oasys.oasys_assessments_details_rmp AS rmp
    ON assessment.oasys_set_pk = rmp.oasys_set_pk
