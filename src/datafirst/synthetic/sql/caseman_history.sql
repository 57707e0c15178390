-- Who claims what from whom in the county court? A few dozen creditors, landlords and lenders claim
-- from people again and again; people and local companies claim now and then. A claim belongs to
-- an anchor (the person or company that it is about), in one of 32 slots.
-- What is known of a claim's number of 29 bits, one to one, in the two ways that numbers are written.
CREATE OR REPLACE MACRO spread29(x) AS ((x * 1664525 + 1013904223) & 536870911);
CREATE OR REPLACE MACRO number29(x) AS
    xor(spread29(xor(x::UBIGINT, x::UBIGINT >> 14)), spread29(xor(x::UBIGINT, x::UBIGINT >> 14)) >> 16)::BIGINT;
CREATE OR REPLACE MACRO two_letters(n) AS chr((65 + n % 676 // 26)::INTEGER) || chr((65 + n % 26)::INTEGER);
CREATE OR REPLACE MACRO cm_case_number(claim_key, issued) AS CASE WHEN issued < DATE '2012-10-01'
    THEN (number29(claim_key) // 67600000) || two_letters(number29(claim_key) // 100000)
        || lpad((number29(claim_key) % 100000)::VARCHAR, 5, '0')
    ELSE chr((65 + number29(claim_key) // 67600000)::INTEGER)
        || lpad((number29(claim_key) // 676000 % 100)::VARCHAR, 2, '0') || two_letters(number29(claim_key) // 1000)
        || lpad((number29(claim_key) % 1000)::VARCHAR, 3, '0') END;

CREATE OR REPLACE TEMP TABLE bulk_party AS
WITH listed(trade, names) AS (VALUES
    ('debt', ['Northmoor Bank Plc', 'Calder Credit Recovery Limited', 'Larkfield Finance Ltd', 'Ashdown Capital Limited',
              'Riverside Water Services Limited', 'Brightline Energy Plc', 'Meridian Telecom UK Limited', 'Fenwick Loans Ltd',
              'Greyfriars Bank Plc', 'Copperfield Portfolio Purchasing Ltd', 'Harrow Vale Parking Ltd', 'Silverdale Mobile Limited',
              'Eastmere Borough Council', 'Student Finance Recovery Company Limited', 'Westbrook Catalogue Credit Ltd', 'Pennine Water Plc',
              'Commissioners for Revenue Collection', 'Northmoor Mortgages Plc', 'Swiftpark Enforcement Parking LLP', 'Tallis and Co Solicitors']),
    ('social', ['Eastmere Borough Council', 'Northholt City Council', 'Hillcrest Housing Association', 'Abbey Vale Housing Trust',
                'Three Rivers Homes Association', 'Castleton District Council', 'Riverbank Housing Group', 'New Forest Hill Housing Ltd']),
    ('private', ['Oakleaf Lettings Ltd', 'Parkgate Properties Limited', 'Metropole Homes Plc', 'Sandstone Residential LLP']),
    ('mortgage', ['Northmoor Mortgages Plc', 'Pennine Building Society', 'Greyfriars Bank Plc', 'Homeward Mortgages Limited', 'Larkfield Building Society']),
    ('sued', ['Guardian Vale Insurance Plc', 'Northmoor Bank Plc', 'Eastmere Borough Council', 'Sovereign Motor Insurance Limited', 'St Hilda''s NHS Foundation Trust',
              'Hillcrest Housing Association', 'Silverdale Mobile Limited', 'Blue Kite Airways Limited'])
), each AS (
    SELECT trade, unnest(names) AS bulk_name, unnest(range(len(names)))::INTEGER AS place, len(names) AS places FROM listed
)
SELECT *, dense_rank() OVER (ORDER BY bulk_name)::INTEGER AS bulk FROM each;

-- The county court of each postcode area: areas that have none of their own go to a neighbour.
CREATE OR REPLACE TEMP TABLE county_court AS
SELECT split_part(pair, ':', 1) AS area, split_part(pair, ':', 2) AS court
FROM (SELECT unnest(string_split('AL:177 B:103 BA:102 BB:104 BD:108 BH:107 BL:106 BN:110 BR:112 BS:111 CA:116 CB:113 CF:115 CH:119 CM:118 CO:121 CR:124 CT:114 CV:122 CW:123 DA:126 DE:127 DH:131 DL:125 DN:128 DT:129 DY:130 E:120 EC:117 EN:101 EX:133 FY:105 GL:134 GU:135 HA:195 HD:140 HG:137 HP:138 HR:139 HU:141 HX:136 IG:170 IP:142 KT:143 L:149 LA:145 LD:150 LE:147 LL:151 LN:148 LS:146 LU:152 M:153 ME:169 MK:155 N:132 NE:156 NG:160 NN:158 NP:157 NR:159 NW:198 OL:161 OX:162 PE:163 PL:164 PO:165 PR:166 RG:167 RH:168 RM:170 S:172 SA:183 SE:144 SG:178 SK:179 SL:174 SM:182 SN:184 SO:175 SP:171 SR:181 SS:176 ST:180 SW:193 SY:173 TA:185 TF:186 TN:187 TQ:188 TR:189 TS:154 TW:109 UB:190 W:196 WA:194 WC:117 WD:195 WF:191 WN:197 WR:200 WS:192 WV:199 YO:201', ' ')) AS pair);

CREATE OR REPLACE TEMP TABLE civil_claim AS
WITH owed AS (
    SELECT person, offends, home_key = person AND NOT is_second AS keeps_house, u('owes', person) / CASE WHEN offends THEN 0.13 ELSE 0.08 END AS r
    FROM human
), anchored AS (
    SELECT person AS anchor, 'debt' AS kind, unnest(range(CASE WHEN r >= 1 THEN 0 WHEN r < 0.62 THEN 1 WHEN r < 0.83 THEN 2
               WHEN r < 0.93 THEN 3 ELSE 4 + floor(u('owes more', person) * 5)::INTEGER END)) AS slot
    FROM owed
    UNION ALL
    SELECT person, 'possession', unnest(range(10, 10 + CASE WHEN u('evicted', person) < 0.01 THEN 2 WHEN u('evicted', person) < 0.045 THEN 1 ELSE 0 END))
    FROM owed
    UNION ALL
    SELECT person, 'neighbour', 14 FROM owed WHERE u('quarrels', person) < 0.012
    UNION ALL
    SELECT person, 'sues', 16 FROM owed WHERE u('sues', person) < 0.02
    UNION ALL
    SELECT company, 'trade', unnest(range(20, 20 + whole(u('trades', company), 0, 3))) FROM company
    UNION ALL
    SELECT company, 'business', 24 FROM company WHERE u('business debt', company) < 0.7
), keyed AS (
    SELECT anchor, kind, slot, anchor * 32 + slot AS claim_key, u('claim type', anchor * 32 + slot) AS t FROM anchored
), begun AS (
    SELECT *, DATE '2010-06-01' + whole(u('issued', claim_key), 0, 4080) AS begins,
        CASE kind WHEN 'debt' THEN CASE WHEN t < 0.97 THEN 'SPEC' ELSE 'RGDS' END
            WHEN 'possession' THEN CASE WHEN t < 0.52 THEN 'PSOC' WHEN t < 0.66 THEN 'PPRI' WHEN t < 0.78 THEN 'PACC' WHEN t < 0.99 THEN 'PMOR' ELSE 'TRES' END
            WHEN 'neighbour' THEN CASE WHEN t < 0.45 THEN 'SPEC' WHEN t < 0.6 THEN 'UNSP' WHEN t < 0.88 THEN 'INJN' ELSE 'PT8O' END
            WHEN 'sues' THEN CASE WHEN t < 0.55 THEN 'PERI' WHEN t < 0.7 THEN 'HDIS' WHEN t < 0.95 THEN 'SPEC' ELSE 'UNSP' END
            ELSE 'SPEC' END AS claim_type
    FROM keyed
), listed AS (
    -- No possession claim was begun in the stay of 2020.
    SELECT * EXCLUDE (begins, t), CASE WHEN begins BETWEEN DATE '2020-03-27' AND DATE '2020-09-20' AND kind = 'possession' THEN begins + 200 ELSE begins END AS issued
    FROM begun
)
SELECT l.*, h.home_key, h.is_second, h.relation, h.dob AS anchor_dob,
    coalesce(h.home_area, c.home_area) AS home_area, court.court AS home_court, u('claim amount', claim_key) AS amount_draw,
    CASE WHEN kind IN ('debt', 'business') THEN 'debt' WHEN kind = 'sues' THEN 'sued' WHEN claim_type = 'PSOC' THEN 'social' WHEN claim_type = 'PMOR' THEN 'mortgage'
         WHEN claim_type IN ('PPRI', 'PACC', 'TRES') AND u('landlord', claim_key) < 0.55 THEN 'private' END AS trade
FROM listed AS l
LEFT JOIN human AS h ON h.person = l.anchor AND kind NOT IN ('trade', 'business')
LEFT JOIN company AS c ON c.company = l.anchor AND kind IN ('trade', 'business')
JOIN county_court AS court ON court.area = coalesce(h.home_area, c.home_area);

-- Who takes part? A party is a person, a company of the place, or one that claims in bulk.
CREATE OR REPLACE TEMP TABLE civil_party AS
WITH of_anchor AS (
    SELECT *, kind IN ('neighbour', 'sues', 'trade') AS anchor_claims FROM civil_claim
), parties AS (
    SELECT claim_key, issued, CASE WHEN anchor_claims THEN 'CLMT' ELSE 'DEFT' END AS party_role, 1 AS place,
           CASE WHEN kind IN ('trade', 'business') THEN 'company' ELSE 'person' END AS nature, anchor AS who
    FROM of_anchor
    UNION ALL
    -- The other of a couple who live together owes and is evicted with them.
    SELECT claim_key, issued, 'DEFT', 2, 'person', xor(anchor, 1)
    FROM of_anchor
    WHERE relation = 'couple' AND home_key = anchor - anchor % 2
        AND (kind = 'possession' AND u('both', claim_key) < 0.85 OR kind = 'debt' AND u('both', claim_key) < 0.15)
    UNION ALL
    SELECT claim_key, issued, 'CLMT', 1, 'person', xor(anchor, 2) FROM of_anchor WHERE kind = 'possession' AND trade IS NULL
    UNION ALL
    SELECT claim_key, issued, 'DEFT', 1, 'person', xor(anchor, CASE kind WHEN 'neighbour' THEN 2 ELSE whole(u('customer', claim_key), 0, 3) END)
    FROM of_anchor WHERE kind IN ('neighbour', 'trade')
    UNION ALL
    -- A child claims by a parent.
    SELECT claim_key, issued, 'LITF', 1, 'person', anchor + 1
    FROM of_anchor WHERE kind = 'sues' AND claim_type = 'PERI' AND relation = 'parent' AND NOT is_second AND anchor_dob + INTERVAL 18 YEAR > issued
    UNION ALL
    SELECT claim_key, issued, CASE kind WHEN 'sues' THEN 'DEFT' ELSE 'CLMT' END, 1, 'bulk', bulk
    FROM of_anchor AS a JOIN bulk_party AS b ON b.trade = a.trade AND b.place = floor(b.places * u('which creditor', claim_key) ^ 1.4)
), of_age AS (
    SELECT p.*, h.dob + INTERVAL 18 YEAR <= issued AS is_adult, h.home_key, h.tenure_days
    FROM parties AS p LEFT JOIN human AS h ON h.person = p.who AND nature = 'person'
    WHERE nature <> 'person' OR h.person IS NOT NULL
), whole_claim AS (
    -- Nobody under age is claimed from; a child claims by a litigation friend or not at all.
    SELECT claim_key FROM of_age GROUP BY claim_key
    HAVING count(*) FILTER (party_role = 'CLMT') > 0 AND count(*) FILTER (party_role = 'DEFT') > 0
        AND (bool_and(coalesce(is_adult, true)) OR count(*) FILTER (party_role = 'LITF') > 0 AND bool_and(party_role = 'CLMT' OR coalesce(is_adult, true)))
)
SELECT claim_key, issued, party_role, nature, who, is_adult, home_key, tenure_days,
    row_number() OVER (PARTITION BY claim_key ORDER BY party_role, place, who)::INTEGER AS party_number,
    claim_key * 8 + row_number() OVER (PARTITION BY claim_key ORDER BY party_role, place, who) AS party_key
FROM of_age SEMI JOIN whole_claim USING (claim_key);

-- Clerks write people and local companies down at issue, and some again when they say that they have moved.
CREATE OR REPLACE TEMP TABLE caseman_record AS
WITH written AS (
    SELECT party_key, who AS defendant, nature = 'company' AS is_company, issued,
           coalesce(home_key, 4398046511104 + who) AS home_key, coalesce(tenure_days, 100000) AS tenure_days,
           issued + whole(u('new address', party_key), 150, 1100) AS moved_on, u('tells', party_key) < 0.6 AS tells
    FROM civil_party WHERE nature <> 'bulk'
)
SELECT 576460752303423488 + party_key AS record_key, party_key, false AS is_later, defendant, is_company, issued AS written_on,
       home_on(home_key, tenure_days, issued) AS home
FROM written
UNION ALL
SELECT 576460752303423488 + 17179869184 + party_key, party_key, true, defendant, is_company, moved_on, home_on(home_key, tenure_days, moved_on)
FROM written
WHERE tells AND moved_on <= DATE '2021-09-25' AND home_on(home_key, tenure_days, moved_on) <> home_on(home_key, tenure_days, issued);

-- The property that a landlord or lender claims online: where the first defendant lives.
CREATE OR REPLACE TEMP TABLE pcol_record AS
SELECT 576460752303423488 + 34359738368 + party_key AS record_key, p.claim_key, who AS defendant, false AS is_company, p.issued AS written_on,
       home_on(p.home_key, tenure_days, p.issued) AS home
FROM civil_party AS p JOIN civil_claim AS c USING (claim_key)
WHERE claim_type IN ('PSOC', 'PPRI', 'PMOR') AND party_role = 'DEFT' AND nature = 'person' AND u('online', claim_key) < 0.82
QUALIFY row_number() OVER (PARTITION BY claim_key ORDER BY party_number) = 1;
