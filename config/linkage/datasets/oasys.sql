-- How is the person of each assessment written? As on the day, and as the offender's row has it now.
-- An assessment that was deleted or void may have been of somebody else: it is not linked.
WITH assessment AS (
    SELECT * FROM oasys_set WHERE deleted_date IS NULL AND assessment_voided_date IS NULL
)

SELECT
    assessment._row,
    0 AS variant,
    assessment.forename_1 AS forename1,
    assessment.forename_2 AS forename2,
    assessment.family_name AS surname,
    assessment.date_of_birth AS date_of_birth,
    assessment.gender_elm AS sex,
    assessment.ethnic_category_elm AS ethnicity,
    assessment.current_post_code AS postcode,
    assessment.pnc AS pnc,
    assessment.cro_number AS cro,
    assessment.cms_pris_number AS noms_number,
    assessment.cms_prob_number AS crn,
    assessment.initiation_date AS recorded_on
FROM assessment

UNION ALL

SELECT
    assessment._row,
    1 AS variant,
    offender.forename_1 AS forename1,
    offender.forename_2 AS forename2,
    offender.family_name AS surname,
    offender.date_of_birth AS date_of_birth,
    offender.gender_elm AS sex,
    offender.ethnic_category_elm AS ethnicity,
    offender.address_postcode AS postcode,
    offender.pnc AS pnc,
    offender.cro_number AS cro,
    offender.cms_pris_number AS noms_number,
    offender.cms_prob_number AS crn,
    assessment.initiation_date AS recorded_on
FROM assessment
INNER JOIN oasys_offender AS offender USING (offender_pk)
