-- One row per offence, ranked within the defendant's case by the rule of the principal offence.
-- Ranking keeps only row numbers, so that a million cases sort in little memory.
WITH ranked AS (
    SELECT
        _row,
        row_number() OVER (
            PARTITION BY case_id, defendant_id
            ORDER BY
                result_priority ASC NULLS LAST,
                custodial_period_days DESC NULLS LAST,
                coalesce(fine_amount, 0) + coalesce(compensation_amount, 0) DESC,
                ho_priority ASC NULLS LAST,
                ho_class ASC NULLS LAST,
                ho_subclass ASC NULLS LAST,
                offence_seq ASC
        ) AS seriousness_rank
    FROM hocas_offence
)

SELECT
    offence._row,
    offence.case_id,
    offence.defendant_id,
    offence.offence_seq,
    offence.offence_code,
    offence.ho_class,
    offence.ho_subclass,
    offence.ho_priority,
    offence.offence_group,
    offence.offence_mode,
    offence.inchoate_type,
    offence.offence_start_date,
    offence.offence_end_date,
    offence.charge_date,
    offence.plea,
    offence.plea_date,
    offence.finding,
    offence.finding_date,
    offence.result_code,
    offence.result_date,
    offence.result_priority,
    offence.second_result_code,
    offence.custodial_period_days,
    offence.suspended_period_days,
    offence.order_length_days,
    offence.unpaid_work_hours,
    offence.curfew_days,
    offence.fine_amount,
    offence.compensation_amount,
    offence.disqualified_flag,
    offence.disqualification_days,
    offence.penalty_points,
    offence.forfeiture_flag,
    offence.sent_to_crown_flag,
    age_at(defendant.defendant_dob, offence.offence_start_date) AS age_at_offence,
    ranked.seriousness_rank
FROM hocas_offence AS offence
INNER JOIN ranked ON offence._row = ranked._row
INNER JOIN hocas_flatfile AS defendant USING (case_id, defendant_id)
