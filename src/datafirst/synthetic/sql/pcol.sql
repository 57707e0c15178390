-- What did landlords and lenders fill in on the web? One form for each claim, and drafts never sent.
CREATE OR REPLACE TEMP TABLE pcol_claim AS
WITH sent AS (
    SELECT r.record_key, c.*, w.first_line, w.postcode, false AS is_draft
    FROM pcol_record AS r JOIN civil_course AS c USING (claim_key)
    JOIN (SELECT record_key, first_line, postcode FROM pcol_written) AS w ON w.record_key = r.record_key
), forms AS (
    SELECT *, claim_key * 2 AS form_key FROM sent
    UNION ALL
    SELECT * REPLACE (true AS is_draft), claim_key * 2 + 1 FROM sent WHERE u('draft', claim_key) < 0.12
), told AS (
    SELECT *, CASE claim_type WHEN 'PSOC' THEN CASE WHEN u('tenancy', claim_key) < 0.45 THEN 'SECU' WHEN u('tenancy', claim_key) < 0.85 THEN 'ASSU' WHEN u('tenancy', claim_key) < 0.95 THEN 'INTR' ELSE 'DEMO' END
                   WHEN 'PPRI' THEN CASE WHEN u('tenancy', claim_key) < 0.93 THEN 'ASHO' ELSE 'REGU' END ELSE 'MORT' END AS tenancy
    FROM forms
), weekly AS (
    SELECT *, CASE WHEN tenancy = 'MORT' THEN round(300 + 900 * u('rent', claim_key), 2) WHEN tenancy = 'ASHO' THEN round(400 + 900 * u('rent', claim_key), 2) ELSE round(70 + 80 * u('rent', claim_key), 2) END AS rent,
        u('grounds', form_key) AS g
    FROM told
)
SELECT form_key AS row_key, number40(form_key) AS form_id, CASE WHEN NOT is_draft THEN cm_case_number(claim_key, issued) END AS case_number, CASE WHEN is_draft THEN 'D' ELSE 'S' END AS form_status,
    CASE WHEN NOT is_draft THEN issued - whole(u('processed', claim_key), 0, 2) END AS submitted_date,
    CASE WHEN u('kind known', form_key) >= 0.04 THEN CASE claim_type WHEN 'PSOC' THEN 'SL' WHEN 'PPRI' THEN 'PL' ELSE 'ML' END END AS claimant_kind,
    CASE WHEN u('tenancy known', form_key) >= 0.02 THEN tenancy END AS tenancy_type,
    CASE WHEN u('began known', form_key) >= 0.2 THEN issued - whole(u('began', claim_key), 250, 5000) END AS tenancy_start_date,
    CASE WHEN g < 0.02 THEN NULL WHEN tenancy = 'MORT' THEN CASE WHEN g < 0.95 THEN 'MA' ELSE 'MA, MB' END WHEN tenancy = 'SECU' THEN CASE WHEN g < 0.85 THEN 'S1' ELSE 'S1 ,S2' END
         WHEN tenancy IN ('INTR', 'DEMO') THEN 'IN' WHEN tenancy = 'REGU' THEN 'RA'
         ELSE one_of(g, ['8,10,11', '8, 10, 11', '10,11', ' 8,10', '10', '10, 11,12', '8 ,10,11,14']) END AS grounds,
    rent AS rent_amount, CASE WHEN tenancy IN ('MORT', 'ASHO') THEN 'M' ELSE one_of(u('period', claim_key), ['W', 'W', 'W', 'F', 'M']) END AS rent_period,
    CASE WHEN u('arrears known', form_key) >= 0.02 THEN amount END AS arrears_amount, CASE WHEN tenancy = 'MORT' THEN round(rent * (60 + 180 * u('balance', claim_key)), 2) END AS mortgage_balance,
    CASE WHEN tenancy <> 'MORT' AND u('notice known', form_key) >= 0.1 THEN issued - whole(u('notice', claim_key), 16, 120) END AS notice_date,
    CASE WHEN u('benefit', claim_key) >= 0.2 THEN yes_no(u('benefit', claim_key) < 0.55) END AS benefit_flag,
    first_line AS property_line_1, postcode AS property_postcode
FROM weekly;
