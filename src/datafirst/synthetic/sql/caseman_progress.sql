-- What happens in each claim? Judgments against each defendant, then enforcement, and the diary of it.
CREATE OR REPLACE TEMP TABLE civil_judgment AS
WITH given AS (
    SELECT c.*, p.party_key, party_number, u('fate', claim_key) AS fate, claim_type IN ('PSOC', 'PPRI', 'PACC', 'PMOR', 'TRES') AS is_possession
    FROM civil_course AS c JOIN civil_party AS p USING (claim_key)
    WHERE judged IS NOT NULL AND party_role = 'DEFT'
), told AS (
    SELECT *, CASE WHEN judgment_type IN ('INJN', 'COST') OR claim_type = 'PACC' THEN NULL
            WHEN judgment_type = 'TRIA' THEN round(amount * (0.5 + u('awarded', claim_key) / 2), 2) ELSE amount END AS judgment_amount,
        CASE WHEN is_possession OR judgment_type = 'INJN' THEN CASE WHEN fate < 0.02 THEN 'SETA' WHEN fate < 0.05 THEN 'VARI' ELSE 'ACTV' END
             WHEN fate < 0.035 THEN 'SETA' WHEN fate < 0.085 THEN 'CANC' WHEN fate < 0.25 THEN 'SATI' WHEN fate < 0.29 THEN 'VARI' ELSE 'ACTV' END AS becomes
    FROM given
), dated AS (
    SELECT *, by_now(judged + CASE becomes WHEN 'CANC' THEN whole(u('paid', claim_key), 3, 29) WHEN 'SETA' THEN whole(u('paid', claim_key), 20, 200)
                                           WHEN 'SATI' THEN whole(u('paid', claim_key), 35, 1400) WHEN 'VARI' THEN whole(u('paid', claim_key), 30, 500) END) AS became_on
    FROM told
)
SELECT *, CASE WHEN became_on IS NULL THEN 'ACTV' ELSE becomes END AS status FROM dated;

CREATE OR REPLACE TEMP TABLE cm_judgment AS
WITH terms AS (
    SELECT *, CASE WHEN judgment_amount IS NULL THEN NULL WHEN judgment_type = 'DEFA' AND u('terms', claim_key) < 0.75 THEN 'F'
                   WHEN judgment_type IN ('ADMI', 'DETE') OR u('terms', claim_key) < 0.9 THEN 'I' ELSE 'D' END AS payment_terms
    FROM civil_judgment
)
SELECT party_key AS row_key, number40(party_key) AS judgment_id, cm_case_number(claim_key, issued) AS case_number, party_number,
    CASE WHEN route IN ('default', 'admission') AND kind IN ('debt', 'business') AND transferred IS NULL THEN '335' ELSE home_court END AS court_code,
    judgment_type, judged AS judgment_date, judgment_amount,
    CASE WHEN u('costs', claim_key) < 0.85 THEN one_of(u('which costs', claim_key), [50.0, 70, 80, 85, 105, 122.75, 185, 240, 325, 355]) END AS costs_amount, payment_terms,
    CASE WHEN payment_terms = 'I' THEN one_of(u('instalment', claim_key), [5.0, 10, 10, 20, 25, 30, 40, 50, 75, 100, 150]) END AS instalment_amount,
    CASE WHEN payment_terms = 'I' THEN one_of(u('instalment', claim_key + 1), ['M', 'M', 'M', 'W', 'F']) END AS instalment_period,
    CASE WHEN judgment_type = 'POOU' THEN judged + one_of(u('days to leave', claim_key), [14, 14, 28, 42]) END AS possession_date,
    status, became_on AS status_date,
    CASE WHEN judgment_amount IS NOT NULL AND NOT is_possession AND status <> 'SETA' THEN judged + whole(u('registered', claim_key), 1, 7) END AS register_date
FROM terms;

CREATE OR REPLACE TEMP TABLE civil_warrant AS
WITH enforced AS (
    SELECT *, u('enforced', claim_key) AS e FROM civil_judgment WHERE status IN ('ACTV', 'VARI')
), tried AS (
    SELECT *, unnest(CASE WHEN judgment_type = 'POOU' AND e < 0.55 OR judgment_type IN ('POSU', 'POPO') AND e < 0.22 THEN [1]
               WHEN judgment_type = 'INJN' AND e < 0.08 OR judgment_type = 'RGDS' AND e < 0.6 THEN [1]
               WHEN NOT is_possession AND judgment_type NOT IN ('INJN', 'RGDS', 'COST') AND e < 0.35 THEN CASE WHEN e < 0.06 THEN [1, 2] ELSE [1] END ELSE [] END) AS attempt
    FROM enforced
), kinds AS (
    SELECT *, party_key * 4 + attempt AS warrant_key, CASE WHEN is_possession THEN 'POSS' WHEN judgment_type = 'INJN' THEN 'CMTL' WHEN judgment_type = 'RGDS' THEN 'DELV' ELSE 'CTRL' END AS warrant_type
    FROM tried
), issued AS (
    SELECT *, judged + CASE WHEN judgment_type = 'POOU' THEN 42 + whole(u('enforced on', warrant_key), 1, 60)
                            WHEN is_possession THEN whole(u('enforced on', warrant_key), 90, 700)
                            ELSE whole(u('enforced on', warrant_key), 20, 300) + 380 * (attempt - 1) END AS warrant_issued, u('return', warrant_key) AS back
    FROM kinds
)
SELECT *, by_now(warrant_issued + whole(u('returned on', warrant_key), 8, 120)) AS returned,
    CASE warrant_type WHEN 'POSS' THEN CASE WHEN back < 0.45 THEN 'EVIC' WHEN back < 0.6 THEN 'VACT' WHEN back < 0.85 THEN 'SUSP' ELSE 'WITH' END
         WHEN 'CMTL' THEN CASE WHEN back < 0.7 THEN 'ARRS' ELSE 'GONE' END
         ELSE CASE WHEN back < 0.22 THEN 'PAID' WHEN back < 0.32 THEN 'PART' WHEN back < 0.55 THEN 'NOGD' WHEN back < 0.78 THEN 'GONE' WHEN back < 0.88 THEN 'SUSP'
                   WHEN back < 0.94 THEN 'WITH' ELSE 'EXPI' END END AS return_code
FROM issued WHERE warrant_issued <= DATE '2021-09-25';

CREATE OR REPLACE TEMP TABLE cm_warrant AS
SELECT warrant_key AS row_key, number40(warrant_key) AS warrant_id, chr((65 + year(warrant_issued) - 2010)::INTEGER) || lpad((number40(warrant_key) % 10000000)::VARCHAR, 7, '0') AS warrant_number,
    cm_case_number(claim_key, issued) AS case_number, party_number, home_court AS court_code, warrant_type, warrant_issued AS issue_date,
    CASE WHEN warrant_type = 'CTRL' THEN round(judgment_amount * 1.1, 2) END AS warrant_amount,
    CASE WHEN warrant_type = 'CTRL' AND returned IS NOT NULL THEN CASE return_code WHEN 'PAID' THEN round(judgment_amount * 1.1, 2) WHEN 'PART' THEN round(judgment_amount * u('part paid', warrant_key), 2) ELSE 0 END END AS recovered_amount,
    CASE WHEN returned IS NOT NULL THEN return_code END AS outcome, returned AS outcome_date,
    'Bailiff ' || whole(u('bailiff', warrant_key), 1, 9) AS bailiff
FROM civil_warrant;

-- Hearings: of the claim itself (some adjourned first), and of applications after judgment.
CREATE OR REPLACE TEMP TABLE civil_hearing AS
WITH first_party AS (
    SELECT * FROM civil_judgment QUALIFY row_number() OVER (PARTITION BY claim_key ORDER BY party_number) = 1
), listed AS (
    SELECT claim_key, issued, home_court, 1 AS place, heard, answered,
        CASE WHEN claim_type = 'INJN' THEN 'INJN' WHEN kind = 'possession' THEN 'POSS' WHEN track = 'S' THEN 'SMCL' WHEN track = 'F' THEN 'FAST' WHEN track = 'M' THEN 'MULT' ELSE 'DISP' END AS hearing_type,
        CASE WHEN judged IS NOT NULL THEN 'HEAR' WHEN u('no judgment', claim_key) < 0.35 THEN 'ADJN' WHEN u('no judgment', claim_key) < 0.6 THEN 'SETT' ELSE 'STRK' END AS outcome
    FROM civil_course WHERE heard IS NOT NULL
    UNION ALL
    SELECT claim_key, issued, home_court, 2, heard - whole(u('first listed', claim_key), 14, 28), answered, CASE WHEN kind = 'possession' THEN 'POSS' ELSE 'CMCF' END,
        CASE WHEN u('first listing', claim_key) < 0.05 THEN 'VACA' ELSE 'ADJN' END
    FROM civil_course WHERE heard IS NOT NULL AND claim_type <> 'INJN' AND u('first listing', claim_key) < 0.2
    UNION ALL
    SELECT claim_key, issued, home_court, 3, became_on, answered, 'SETA', 'HEAR' FROM first_party WHERE status = 'SETA'
    UNION ALL
    SELECT claim_key, issued, home_court, 4, returned, answered, 'SUSP', 'HEAR' FROM civil_warrant WHERE return_code = 'SUSP' AND attempt = 1 AND returned IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY claim_key ORDER BY party_number) = 1
    UNION ALL
    SELECT claim_key, issued, home_court, 5, returned + 2, answered, 'COMM', 'HEAR' FROM civil_warrant WHERE return_code = 'ARRS' AND returned IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY claim_key ORDER BY party_number) = 1
)
SELECT *, claim_key * 8 + place AS hearing_key FROM listed WHERE heard <= DATE '2021-09-25';

CREATE OR REPLACE TEMP TABLE cm_hearing AS
SELECT hearing_key AS row_key, number40(hearing_key) AS hearing_id, cm_case_number(claim_key, issued) AS case_number, home_court AS court_code, hearing_type,
    CASE WHEN u('listing known', hearing_key) >= 0.05 THEN greatest(issued, heard - whole(u('listed', hearing_key), 2, 60)) END AS listed_date, heard AS hearing_date,
    CASE WHEN u('outcome known', hearing_key) >= 0.06 THEN outcome END AS outcome,
    CASE WHEN u('outcome known', hearing_key) < 0.02 THEN NULL ELSE yes_no(outcome = 'VACA') END AS vacated_flag,
    CASE WHEN outcome <> 'VACA' AND u('who came', hearing_key) >= 0.1 THEN yes_no(u('claimant came', hearing_key) < 0.93) END AS claimant_attended_flag,
    CASE WHEN outcome <> 'VACA' AND u('who came', hearing_key) >= 0.1 THEN yes_no(u('defendant came', hearing_key) < CASE hearing_type WHEN 'POSS' THEN 0.4 ELSE 0.7 END) END AS defendant_attended_flag,
    'Court ' || whole(u('room', hearing_key), 1, 9) AS venue
FROM civil_hearing;

-- The diary. The code is a part of the key, so an event of a kind stands once for a party.
CREATE OR REPLACE TEMP TABLE civil_event AS
WITH each AS (
    SELECT claim_key, issued, unnest([
        {'code': 1, 'day': issued}, {'code': 2, 'day': CASE WHEN route <> 'dropped' OR u('reached', claim_key) < 0.8 THEN served END},
        {'code': 3, 'day': CASE WHEN route = 'dropped' AND u('reached', claim_key) >= 0.8 THEN served + 10 END},
        {'code': 10, 'day': CASE WHEN route = 'defence' AND u('acknowledged', claim_key) < 0.6 THEN answered - whole(u('acknowledged', claim_key + 1), 0, 3) END},
        {'code': 20, 'day': CASE WHEN route = 'admission' THEN answered END},
        {'code': 22, 'day': CASE WHEN route IN ('defence', 'hearing') AND NOT counterclaims THEN answered END}, {'code': 23, 'day': CASE WHEN counterclaims THEN answered END},
        {'code': 30, 'day': CASE WHEN allocated IS NOT NULL THEN answered + 5 END}, {'code': 31, 'day': CASE WHEN allocated IS NOT NULL THEN answered + 19 END},
        {'code': CASE track WHEN 'S' THEN 33 WHEN 'F' THEN 34 ELSE 35 END, 'day': allocated}, {'code': 40, 'day': transferred},
        {'code': 47, 'day': CASE WHEN route IN ('hearing', 'defence') AND judged IS NULL AND u('no judgment', claim_key) >= 0.6 THEN heard END},
        {'code': 49, 'day': CASE WHEN route = 'dropped' THEN served + whole(u('given up', claim_key), 10, 200) END},
        {'code': 50, 'day': CASE WHEN route IN ('hearing', 'defence') AND judged IS NULL AND u('no judgment', claim_key) BETWEEN 0.35 AND 0.6 THEN heard END},
        {'code': 60, 'day': CASE WHEN route IN ('default', 'admission') THEN judged - 1 END},
        {'code': 90, 'day': CASE WHEN u('note', claim_key) < 0.3 THEN issued + whole(u('note on', claim_key), 1, 400) END}]) AS e, NULL::BIGINT AS party_key, NULL::INTEGER AS party_number
    FROM (SELECT *, route = 'defence' AND answered IS NOT NULL AND u('counterclaims', claim_key) < 0.08 AS counterclaims FROM civil_course)
    UNION ALL
    SELECT claim_key, issued, unnest([
        {'code': 61, 'day': CASE WHEN judgment_amount IS NOT NULL AND NOT is_possession THEN judged END},
        {'code': 62, 'day': CASE WHEN status = 'SETA' THEN became_on - 14 END}, {'code': 63, 'day': CASE WHEN status = 'SETA' THEN became_on END},
        {'code': 66, 'day': CASE WHEN status = 'VARI' THEN became_on END}, {'code': 67, 'day': CASE WHEN status IN ('SATI', 'CANC') THEN became_on END},
        {'code': 70, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND judgment_amount > 50 AND u('earnings', claim_key) < 0.09 THEN judged + whole(u('earnings on', claim_key), 60, 600) END},
        {'code': 71, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND judgment_amount > 50 AND u('earnings', claim_key) < 0.06 THEN judged + whole(u('earnings on', claim_key), 60, 600) + 40 END},
        {'code': 73, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND judgment_amount > 600 AND u('charge', claim_key) < 0.08 THEN judged + whole(u('charged on', claim_key), 60, 600) END},
        {'code': 74, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND judgment_amount > 600 AND u('charge', claim_key) < 0.075 THEN judged + whole(u('charged on', claim_key), 60, 600) + 15 END},
        {'code': 75, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND judgment_amount > 600 AND u('charge', claim_key) < 0.06 THEN judged + whole(u('charged on', claim_key), 60, 600) + 70 END},
        {'code': 77, 'day': CASE WHEN status = 'ACTV' AND NOT is_possession AND u('questioned', claim_key) < 0.03 THEN judged + whole(u('questioned on', claim_key), 60, 400) END}]), party_key, party_number
    FROM civil_judgment
    UNION ALL
    SELECT claim_key, issued, unnest([{'code': 80, 'day': CASE WHEN warrant_type = 'POSS' AND return_code = 'EVIC' THEN returned - 12 END}, {'code': 79, 'day': CASE WHEN return_code = 'SUSP' THEN returned END},
        {'code': 82, 'day': CASE WHEN return_code = 'ARRS' THEN returned + 2 END}]), party_key, party_number
    FROM civil_warrant WHERE attempt = 1
)
SELECT claim_key, issued, party_number, e.code AS code, e.day AS happened, coalesce(party_key, claim_key * 8) * 128 + e.code AS event_key
FROM each WHERE e.day <= DATE '2021-09-25';

CREATE OR REPLACE TEMP TABLE cm_event AS
SELECT event_key AS row_key, number40(event_key) AS event_id, cm_case_number(claim_key, issued) AS case_number, party_number, lpad(code::VARCHAR, 3, '0') AS event_code,
    CASE WHEN u('event dated', event_key) >= 0.002 THEN happened END AS event_date,
    CASE WHEN code IN (10, 20, 22, 23, 31, 60, 62, 70, 73) THEN happened - whole(u('came in', event_key), 0, 5) END AS receipt_date,
    CASE WHEN u('entered late', event_key) >= 0.02 THEN happened + whole(u('entered late', event_key), 0, 6) END AS entered_date,
    CASE WHEN code = 90 THEN one_of(u('details', event_key), ['DEFENDANT RANG, WILL PAY', 'FILE WITH DISTRICT JUDGE', 'LETTER RETURNED', 'ADDRESS CONFIRMED']) END AS details,
    CASE WHEN u('struck out', event_key) < 0.02 THEN NULL ELSE yes_no(u('struck out', event_key) < 0.03) END AS deleted_flag
FROM civil_event;

CREATE OR REPLACE TEMP TABLE cm_case AS
WITH last_fate AS (
    SELECT claim_key, max(status) FILTER (status IN ('SATI', 'CANC')) AS paid, max(became_on) FILTER (status IN ('SATI', 'CANC')) AS paid_on FROM civil_judgment GROUP BY ALL
), closed AS (
    SELECT c.*, f.paid, f.paid_on, u('no judgment', claim_key) AS n, CASE WHEN kind IN ('debt', 'business') THEN CASE WHEN u('channel', claim_key) < 0.72 THEN 'B' WHEN u('channel', claim_key) < 0.85 THEN 'M' ELSE 'P' END
            WHEN online.claim_key IS NOT NULL THEN 'E' WHEN kind IN ('trade', 'sues') AND claim_type = 'SPEC' AND u('channel', claim_key) < 0.5 THEN 'M' ELSE 'P' END AS channel
    FROM civil_course AS c LEFT JOIN last_fate AS f USING (claim_key)
    LEFT JOIN (SELECT DISTINCT claim_key FROM pcol_record) AS online USING (claim_key)
), placed AS (
    SELECT *, CASE WHEN channel IN ('B', 'M') THEN '335' WHEN channel = 'P' AND claim_type IN ('SPEC', 'UNSP', 'PERI') AND issued >= DATE '2012-03-19' THEN '390' ELSE home_court END AS issued_at,
        CASE WHEN paid IS NOT NULL THEN 'PAID' WHEN judged IS NOT NULL THEN 'JUDG' WHEN route = 'dropped' AND served + 200 <= DATE '2021-09-25' THEN 'WITH'
             WHEN route IN ('hearing', 'defence') AND heard <= DATE '2021-09-25' THEN CASE WHEN n < 0.35 THEN 'STAY' WHEN n < 0.6 THEN 'SETT' ELSE 'STRK' END ELSE 'LIVE' END AS case_status
    FROM closed
)
SELECT claim_key AS row_key, cm_case_number(claim_key, issued) AS case_number, CASE WHEN transferred IS NOT NULL OR issued_at = '390' AND allocated IS NOT NULL THEN home_court ELSE issued_at END AS court_code,
    issued_at AS issue_court_code, channel, claim_type,
    CASE WHEN u('details', claim_key) < 0.4 THEN one_of(u('which details', claim_key), ['MONEY OWED UNDER AN AGREEMENT', 'GOODS SUPPLIED AND NOT PAID FOR', 'ARREARS OF RENT', 'DAMAGE TO A CAR']) END AS claim_details,
    issued AS issue_date, amount AS claim_amount, CASE WHEN amount IS NULL THEN 280.0 WHEN amount < 300 THEN 35.0 WHEN amount < 1000 THEN 60.0 WHEN amount < 5000 THEN 185.0 WHEN amount < 10000 THEN 455.0 ELSE round(amount * 0.05, 2) END AS court_fee,
    CASE WHEN kind IN ('debt', 'business') THEN one_of(u('solicitor', claim_key), [50.0, 70, 80, 100]) END AS solicitor_costs,
    CASE WHEN u('reference', claim_key) < 0.6 THEN 'REF/' || lpad(number29(claim_key)::VARCHAR, 9, '0') END AS claimant_reference,
    yes_no(route = 'defence' AND answered IS NOT NULL AND u('counterclaims', claim_key) < 0.08) AS counterclaim_flag, track, allocated AS allocation_date,
    CASE WHEN issued_at IN ('335', '390') THEN coalesce(transferred, CASE WHEN issued_at = '390' THEN allocated END) END AS transfer_date,
    case_status, CASE case_status WHEN 'PAID' THEN paid_on WHEN 'JUDG' THEN judged WHEN 'WITH' THEN served + 200 WHEN 'LIVE' THEN issued ELSE heard END AS status_date,
    CASE WHEN u('deleted case', claim_key) < 0.02 THEN NULL ELSE yes_no(u('deleted case', claim_key) < 0.024) END AS deleted_flag,
    DATE '2021-09-25' - whole(u('changed', claim_key), 0, 5) AS last_updated
FROM placed;
