-- One row per disposal of an offence.
SELECT
    pnc_disposal._row,
    offender.unique_id,
    pnc_disposal.disposal_id,
    pnc_disposal.offence_id,
    pnc_disposal.disposal_seq,
    pnc_disposal.disposal_code,
    pnc_disposal.imposed_on,
    pnc_disposal.custodial_period_days,
    pnc_disposal.suspended_period_days,
    pnc_disposal.order_length_days,
    pnc_disposal.unpaid_work_hours,
    pnc_disposal.fine_amount,
    pnc_disposal.compensation_amount,
    pnc_disposal.disqualification_days,
    age_at(offender.date_of_birth, pnc_disposal.imposed_on) AS age_at_disposal
FROM pnc_disposal
LEFT JOIN moj_dfe.offender AS offender USING (pnc_person_id)
