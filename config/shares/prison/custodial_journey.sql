-- One row per connected spell in custody of a person. Which bookings it consists of is in journey.sql.
WITH
journey AS (
    SELECT
        custodial_journey_id,
        list(_row ORDER BY _row) AS _rows,
        any_value(journey_number) AS journey_number,
        any_value(person) AS person,
        arg_min(_record, (begins, offender_book_id)) AS _record,
        arg_min(root_offender_id, (begins, offender_book_id)) AS root_offender_id,
        arg_min(dataset_person, (begins, offender_book_id)) AS dataset_person,
        arg_max(offender_book_id, (begins, offender_book_id)) AS last_book_id,
        count(*) AS bookings_count
    FROM prison.journey
    GROUP BY custodial_journey_id
),

part AS (SELECT custodial_journey_id, offender_book_id FROM prison.journey),

-- A spell counts those of its days that no earlier spell of the journey counts.
spell AS (
    SELECT
        *,
        coalesce(ends, getvariable('coverage_end')) AS until,
        max(coalesce(ends, getvariable('coverage_end'))) OVER (
            PARTITION BY custodial_journey_id
            ORDER BY begins, offender_book_id, spell_seq
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS counted_until,
        (begins, offender_book_id, spell_seq) AS place
    FROM prison.spell
    JOIN part USING (offender_book_id)
),

custody AS (
    SELECT
        custodial_journey_id,
        count(*) AS spells_count,
        min(begins) AS reception_date,
        arg_min(admission_reason, place) AS admission_reason,
        arg_min(reception_prison, place) AS reception_prison,
        min(begins) FILTER (WHERE admission_reason IN ('N', 'V')) AS received_on_remand,
        count(*) FILTER (WHERE is_recall) AS recall_count,
        min(begins) FILTER (WHERE is_recall) AS first_recall_date,
        max(begins) FILTER (WHERE is_recall) AS last_recall_date,
        min(ends) AS first_release_date,
        count(ends) AS releases_count,
        CASE WHEN count(*) = count(ends) THEN max(ends) END AS release_date,
        arg_max(release_reason, (ends, place)) FILTER (WHERE ends IS NOT NULL AND release_reason IS NOT NULL) AS release_reason,
        arg_max(release_prison, (ends, place)) FILTER (WHERE ends IS NOT NULL AND release_reason IS NOT NULL) AS release_prison,
        max(ends) FILTER (WHERE release_reason IS NOT NULL) AS reason_date,
        coalesce(bool_or(release_reason = 'HD'), false) AS released_on_curfew,
        max(until) AS until,
        CAST(sum(greatest(0, until - greatest(begins, coalesce(counted_until, begins)))) AS BIGINT) AS days_in_custody
    FROM spell
    GROUP BY custodial_journey_id
),

movement AS (
    SELECT
        custodial_journey_id,
        count(*) FILTER (WHERE movement_type = 'TRN' AND direction_code = 'OUT') AS transfers_count,
        count(*) FILTER (WHERE movement_type = 'CRT' AND direction_code = 'OUT') AS court_movements_count,
        count(DISTINCT to_agy_loc_id) FILTER (WHERE movement_type IN ('ADM', 'TRN') AND to_agy_loc_id NOT IN ('OUT', 'TRN', 'CRT')) AS prisons_count,
        arg_max(to_agy_loc_id, (movement_date, offender_book_id, movement_seq)) FILTER (WHERE movement_type IN ('ADM', 'TRN')) AS held_at
    FROM offender_external_movements
    JOIN part USING (offender_book_id)
    GROUP BY custodial_journey_id
),

legal_ground AS (
    SELECT
        custodial_journey_id,
        arg_min(imprisonment_status, (effective_date, offender_book_id, imprison_status_seq)) AS first_imprisonment_status,
        arg_max(imprisonment_status, (effective_date, offender_book_id, imprison_status_seq)) AS last_imprisonment_status,
        min(effective_date) FILTER (WHERE imprisonment_status IN ('RX', 'TRL', 'JR', 'SEC38')) AS first_remand_date
    FROM offender_imprison_statuses
    JOIN part USING (offender_book_id)
    GROUP BY custodial_journey_id
),

sentence AS (
    SELECT *
    FROM prison.sentence
    JOIN part USING (offender_book_id)
),

sentences AS (
    SELECT
        custodial_journey_id,
        count(*) AS sentences_count,
        count(consec_to_sentence_seq) AS consecutive_sentences_count,
        min(start_date) AS first_sentence_date,
        max(start_date) AS last_sentence_date
    FROM sentence
    GROUP BY custodial_journey_id
),

main_sentence AS (
    SELECT *
    FROM sentence
    QUALIFY row_number() OVER (
        PARTITION BY custodial_journey_id
        ORDER BY for_life DESC, length_days DESC NULLS LAST, start_date ASC, offender_book_id ASC, sentence_seq ASC
    ) = 1
),

remand AS (
    SELECT
        custody.custodial_journey_id,
        coalesce(any_value(ground.first_remand_date), any_value(custody.received_on_remand)) AS remanded_on,
        coalesce(min(sentence.start_date), any_value(greatest(custody.until, ground.first_remand_date))) AS sentenced_or_out
    FROM custody
    LEFT JOIN legal_ground AS ground USING (custodial_journey_id)
    LEFT JOIN sentence
        ON
            custody.custodial_journey_id = sentence.custodial_journey_id
            AND sentence.start_date >= coalesce(ground.first_remand_date, custody.received_on_remand)
    WHERE coalesce(ground.first_remand_date, custody.received_on_remand) IS NOT NULL
    GROUP BY custody.custodial_journey_id
),

-- What staff put in place of a calculated date holds.
key_date AS (
    SELECT
        custodial_journey_id,
        coalesce(crd_overrided_date, crd_calculated_date) AS conditional_release_date,
        coalesce(ard_overrided_date, ard_calculated_date) AS automatic_release_date,
        coalesce(sed_overrided_date, sed_calculated_date) AS sentence_expiry_date,
        coalesce(led_overrided_date, led_calculated_date) AS licence_expiry_date,
        coalesce(hdced_overrided_date, hdced_calculated_date) AS hdc_eligibility_date,
        coalesce(hdcad_overrided_date, hdcad_calculated_date) AS hdc_approved_date,
        coalesce(tused_overrided_date, tused_calculated_date) AS top_up_supervision_expiry_date,
        coalesce(ped_overrided_date, ped_calculated_date) AS parole_eligibility_date,
        coalesce(npd_overrided_date, npd_calculated_date) AS non_parole_date,
        coalesce(tariff_overrided_date, tariff_calculated_date) AS tariff_date,
        coalesce(prrd_overrided_date, prrd_calculated_date) AS post_recall_release_date,
        -- Years, months and days with slashes between, at the mean lengths of years and months.
        CAST(round(
            try_cast(split_part(effective_sentence_length, '/', 1) AS INTEGER) * 365.25
            + try_cast(split_part(effective_sentence_length, '/', 2) AS INTEGER) * 30.4375
            + try_cast(split_part(effective_sentence_length, '/', 3) AS INTEGER)
        ) AS BIGINT) AS effective_sentence_days
    FROM offender_sent_calculations
    JOIN part USING (offender_book_id)
    QUALIFY row_number() OVER (
        PARTITION BY custodial_journey_id
        ORDER BY calculation_date DESC, offender_sent_calculation_id DESC
    ) = 1
),

offence AS (
    SELECT
        custodial_journey_id,
        charge.case_id,
        charge.offence_code,
        nullif(nullif(charge.offence_date, DATE '1900-01-01'), DATE '1970-01-01') AS offence_date,
        charge.plea_code,
        known.ho_code,
        known.severity_ranking,
        count(*) OVER (PARTITION BY custodial_journey_id) AS offences_count
    FROM offender_charges AS charge
    JOIN part USING (offender_book_id)
    LEFT JOIN nomis_offences AS known USING (offence_code)
    QUALIFY row_number() OVER (
        PARTITION BY custodial_journey_id
        ORDER BY
            (charge.most_serious_flag = 'Y') IS TRUE DESC,
            known.severity_ranking ASC NULLS LAST,
            charge.offence_date ASC NULLS LAST,
            charge.offender_charge_id ASC
    ) = 1
),

told AS (
    SELECT
        custodial_journey_id,
        arg_max(profile_code, (booking_begin_date, offender_book_id, profile_seq)) FILTER (WHERE profile_type = 'NAT') AS nationality,
        arg_max(profile_code, (booking_begin_date, offender_book_id, profile_seq)) FILTER (WHERE profile_type = 'MARITAL') AS marital_status
    FROM offender_profile_details
    JOIN offender_bookings USING (offender_book_id)
    JOIN part USING (offender_book_id)
    WHERE profile_code IS NOT NULL
    GROUP BY custodial_journey_id
),

home AS (
    SELECT root_offender_id, start_date, max(no_fixed_address_flag) AS no_fixed_abode_flag
    FROM offender_addresses
    GROUP BY root_offender_id, start_date
)

SELECT
    journey._rows,
    journey._record,
    'prison/' || journey.custodial_journey_id AS record_id,
    journey.custodial_journey_id,
    journey.dataset_person AS estimated_offender_id,
    journey.root_offender_id AS offender_id_hash,
    offender.offender_id_display AS noms_number_hash,
    journey.custodial_journey_id AS first_booking_id_hash,
    journey.last_book_id AS last_booking_id_hash,
    CASE WHEN sentences.sentences_count > 0 THEN main_sentence.case_id ELSE offence.case_id END AS case_id_hash,
    CAST(journey.journey_number AS BIGINT) AS journey_number,
    journey.bookings_count,
    custody.spells_count,
    custody.reception_date - lag(custody.until) OVER (PARTITION BY journey.person ORDER BY custody.reception_date, journey.custodial_journey_id)
        AS days_since_previous_journey,
    offender.sex_code AS sex,
    offender.race_code AS ethnicity,
    CASE WHEN told.nationality = 'GBR' THEN 'B' WHEN told.nationality IN ('UNK', 'XXX') THEN 'U' WHEN told.nationality IS NOT NULL THEN 'F' END
        AS nationality_group,
    CASE WHEN told.marital_status IN ('S', 'C', 'M', 'P', 'D', 'W', 'N') THEN told.marital_status END AS marital_status,
    home.no_fixed_abode_flag,
    age_at(offender.birth_date, custody.reception_date) AS age_at_reception,
    age_at(offender.birth_date, sentences.first_sentence_date) AS age_at_sentence,
    age_at(offender.birth_date, custody.release_date) AS age_at_release,
    custody.reception_date,
    custody.admission_reason,
    custody.reception_prison,
    legal_ground.first_imprisonment_status,
    legal_ground.last_imprisonment_status,
    CASE WHEN remand.remanded_on IS NOT NULL THEN 'Y' ELSE 'N' END AS remand_flag,
    remand.remanded_on AS first_remand_date,
    remand.sentenced_or_out - remand.remanded_on AS remand_days,
    CASE WHEN sentences.sentences_count > 0 THEN 'Y' ELSE 'N' END AS sentenced_flag,
    sentences.first_sentence_date,
    sentences.last_sentence_date,
    CASE WHEN custody.recall_count > 0 THEN 'Y' ELSE 'N' END AS recall_flag,
    custody.recall_count,
    custody.first_recall_date,
    custody.last_recall_date,
    coalesce(sentences.sentences_count, 0) AS sentences_count,
    main_sentence.sentence_calc_type,
    main_sentence.sentence_category,
    main_sentence.sentence_type,
    CASE WHEN NOT main_sentence.for_life THEN main_sentence.length_days END AS sentence_length_days,
    main_sentence.extension_days,
    CASE WHEN main_sentence.for_life IS NOT TRUE THEN key_date.effective_sentence_days END AS effective_sentence_days,
    coalesce(sentences.consecutive_sentences_count, 0) AS consecutive_sentences_count,
    key_date.conditional_release_date,
    key_date.automatic_release_date,
    key_date.sentence_expiry_date,
    key_date.licence_expiry_date,
    key_date.hdc_eligibility_date,
    key_date.hdc_approved_date,
    key_date.top_up_supervision_expiry_date,
    key_date.parole_eligibility_date,
    key_date.non_parole_date,
    key_date.tariff_date,
    key_date.post_recall_release_date,
    offence.offence_code AS main_offence_code,
    offence.ho_code AS main_offence_ho_code,
    offence.severity_ranking AS main_offence_severity,
    offence.offence_date AS main_offence_date,
    offence.plea_code AS main_offence_plea,
    coalesce(offence.offences_count, 0) AS offences_count,
    custody.first_release_date,
    custody.release_date,
    CASE WHEN custody.reason_date = custody.release_date THEN custody.release_reason END AS release_reason,
    CASE WHEN custody.reason_date = custody.release_date THEN coalesce(custody.release_prison, movement.held_at) ELSE movement.held_at END AS last_prison,
    CASE WHEN custody.release_date IS NULL THEN 'Y' ELSE 'N' END AS in_custody_flag,
    CASE WHEN custody.released_on_curfew THEN 'Y' ELSE 'N' END AS hdc_release_flag,
    custody.releases_count,
    coalesce(movement.transfers_count, 0) AS transfers_count,
    coalesce(movement.prisons_count, 0) AS prisons_count,
    coalesce(movement.court_movements_count, 0) AS court_movements_count,
    custody.until - custody.reception_date AS journey_days,
    custody.days_in_custody
FROM journey
JOIN custody USING (custodial_journey_id)
JOIN offenders AS offender ON journey.root_offender_id = offender.offender_id
LEFT JOIN movement USING (custodial_journey_id)
LEFT JOIN legal_ground USING (custodial_journey_id)
LEFT JOIN remand USING (custodial_journey_id)
LEFT JOIN sentences USING (custodial_journey_id)
LEFT JOIN main_sentence USING (custodial_journey_id)
LEFT JOIN key_date USING (custodial_journey_id)
LEFT JOIN offence USING (custodial_journey_id)
LEFT JOIN told USING (custodial_journey_id)
LEFT JOIN home ON journey.root_offender_id = home.root_offender_id AND custody.reception_date = home.start_date
