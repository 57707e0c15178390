-- One row per claim, with what its parties are, what a possession claim said and what came of it.
WITH
parties AS (
    SELECT
        case_number,
        count(*) FILTER (party_role = 'CLMT') AS claimants_count,
        count(*) FILTER (party_role = 'DEFT') AS defendants_count,
        list_sort(list(DISTINCT party_kind) FILTER (party_role = 'CLMT')) AS claimant_kinds,
        list_sort(list(DISTINCT party_kind) FILTER (party_role = 'DEFT')) AS defendant_kinds
    FROM civil.parties
    GROUP BY case_number
),

events AS (
    SELECT
        case_number,
        count(*) FILTER (event_kind = 'H' AND vacated_flag IS DISTINCT FROM 'Y') AS hearings_count,
        count(*) FILTER (event_kind = 'J') AS judgments_count,
        count(*) FILTER (event_kind = 'W') AS warrants_count,
        arg_min(judgment_type, {'date': event_date, 'number': event_number}) FILTER (event_kind = 'J') AS first_judgment_type,
        min(event_date) FILTER (event_kind = 'J') AS first_judgment_date
    FROM civil.events
    GROUP BY case_number
),

-- A form that was sent again stands for the earlier one.
form AS (
    SELECT
        *,
        list_filter(
            list_transform(string_split(grounds, ','), lambda ground: trim(ground)), lambda ground: ground <> ''
        ) AS named_grounds
    FROM pcol_claim
    QUALIFY row_number() OVER (PARTITION BY case_number ORDER BY submitted_date DESC NULLS LAST, form_id DESC) = 1
)

SELECT
    claim._row,
    claim.case_number,
    claim.court_code,
    claim.channel,
    claim.claim_type,
    claim.issue_date,
    round(claim.claim_amount) AS claim_amount,
    round(claim.court_fee) AS court_fee,
    round(claim.solicitor_costs) AS solicitor_costs,
    claim.counterclaim_flag,
    claim.track,
    claim.allocation_date,
    claim.transfer_date,
    claim.case_status,
    claim.status_date,
    coalesce(parties.claimants_count, 0) AS claimants_count,
    coalesce(parties.defendants_count, 0) AS defendants_count,
    CASE len(parties.claimant_kinds) WHEN 1 THEN parties.claimant_kinds[1] WHEN 2 THEN 'B' END AS claimant_kind,
    CASE len(parties.defendant_kinds) WHEN 1 THEN parties.defendant_kinds[1] WHEN 2 THEN 'B' END AS defendant_kind,
    coalesce(
        form.claimant_kind,
        CASE claim.claim_type WHEN 'PSOC' THEN 'SL' WHEN 'PPRI' THEN 'PL' WHEN 'PACC' THEN 'PL' WHEN 'PMOR' THEN 'ML' END
    ) AS landlord_kind,
    form.tenancy_type,
    -- Grounds of earlier Acts are typed too; they are counted and not told.
    CASE
        WHEN form.named_grounds[1] IN ('S1', 'S2', '8', '10', '11', '12', '14', 'IN', 'MA', 'MB')
            THEN form.named_grounds[1]
    END AS possession_ground,
    len(form.named_grounds) AS grounds_count,
    round(form.rent_amount) AS rent_amount,
    form.rent_period,
    round(form.arrears_amount) AS arrears_amount,
    form.notice_date,
    coalesce(events.hearings_count, 0) AS hearings_count,
    coalesce(events.judgments_count, 0) AS judgments_count,
    coalesce(events.warrants_count, 0) AS warrants_count,
    events.first_judgment_type,
    events.first_judgment_date
FROM cm_case AS claim
LEFT JOIN parties ON claim.case_number = parties.case_number
LEFT JOIN events ON claim.case_number = events.case_number
LEFT JOIN form ON claim.case_number = form.case_number
