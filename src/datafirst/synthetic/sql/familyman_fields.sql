-- What is in the fields of events and cases? Several values in one, joined by commas as typed.
CREATE OR REPLACE MACRO typed_list(items, r) AS
    CASE WHEN r < 0.05 THEN ' ' ELSE '' END || CASE WHEN r < 0.4 THEN array_to_string(items, ',')
        WHEN r < 0.9 THEN array_to_string(items, ', ') ELSE array_to_string(items, ' ,') END;

CREATE OR REPLACE TEMP TABLE fm_child_roles AS
SELECT case_key, list(number40(role_key) ORDER BY role_key) AS children FROM fm_part_role WHERE role_group = 'CHLD' AND role_key % 4 = 0 GROUP BY case_key;

CREATE OR REPLACE TEMP TABLE fm_event_fields AS
WITH told AS (
    SELECT e.*, children, u('asks', k) AS a, u('ordered', k) AS o, u('judge', k) AS j, received < DATE '2014-04-22' AS is_before_2014
    FROM fm_event AS e LEFT JOIN fm_child_roles USING (case_key)
), asked AS (
    SELECT *, CASE
        WHEN NOT is_application OR a < 0.03 THEN NULL WHEN is_liberty THEN ['DOL']
        WHEN n = 1 THEN CASE WHEN case_type IN ('C', 'P') THEN CASE WHEN a < 0.4 THEN ['EO'] WHEN a < 0.7 THEN ['PSO', 'EO'] ELSE ['VAR'] END
                             WHEN case_type = 'D' THEN ['FR'] ELSE ['OTH'] END
        WHEN case_type = 'C' THEN CASE WHEN a < 0.6 THEN ['CO', 'SO'] WHEN a < 0.75 THEN ['CO'] WHEN a < 0.85 THEN ['EPO', 'CO', 'CO'] WHEN a < 0.95 THEN ['SO'] ELSE ['SEC'] END
        WHEN case_type = 'P' THEN CASE WHEN a < 0.3 THEN CASE WHEN is_before_2014 THEN ['RES', 'CON'] ELSE ['CAO'] END
                                       WHEN a < 0.6 THEN CASE WHEN is_before_2014 THEN ['CON'] ELSE ['CAO', 'PSO', 'SIO'] END
                                       WHEN a < 0.8 THEN ['PSO', 'SIO'] WHEN a < 0.88 THEN ['SGO'] ELSE ['PRO', CASE WHEN is_before_2014 THEN 'CON' ELSE 'CAO' END] END
        WHEN case_type = 'Z' THEN CASE WHEN a < 0.7 THEN ['AO'] ELSE ['PLO'] END
        WHEN case_type = 'F' THEN CASE WHEN a < 0.6 THEN ['NMO'] ELSE ['NMO', 'OCC'] END
        ELSE CASE WHEN a < 0.96 THEN ['DIV'] WHEN a < 0.98 THEN ['NUL'] ELSE ['JS'] END END AS application_types,
        CASE WHEN NOT is_order OR o < 0.25 THEN NULL
             WHEN event_model = 'C21' THEN CASE WHEN o < 0.8 OR case_type NOT IN ('C', 'P') THEN ['DIR'] WHEN case_type = 'C' THEN ['DIR', 'ICO'] ELSE ['DIR', 'EO'] END
             WHEN event_model = 'C43' THEN CASE WHEN is_before_2014 THEN ['RES', 'CON'] WHEN o < 0.7 THEN ['CAO'] ELSE ['CAO', 'PSO'] END
             WHEN event_model = 'C32' THEN CASE WHEN o < 0.5 THEN ['CO', 'PLO'] ELSE ['CO'] END WHEN event_model = 'C33' THEN ['ICO'] WHEN event_model = 'C35' THEN ['SO']
             WHEN event_model = 'C36' THEN ['ISO'] WHEN event_model = 'C43A' THEN ['SGO'] WHEN event_model = 'C23' THEN ['EPO'] WHEN event_model = 'C40' THEN ['S37']
             WHEN event_model IN ('FL404', 'FL404B') THEN CASE WHEN o < 0.7 THEN ['NMO'] ELSE ['NMO', 'OCC', 'POA'] END WHEN event_model = 'A76' THEN ['AO'] WHEN event_model = 'A70' THEN ['PLO']
             WHEN event_model = 'FINREM' THEN ['FR'] ELSE ['OTH'] END AS order_types
    FROM told
), field AS (
    SELECT k, made_at, unnest([
        {'nth': 0, 'field_model': 'APPTYP', 'value': typed_list(application_types, u('commas', k))},
        {'nth': 1, 'field_model': 'ORDTYP', 'value': typed_list(order_types, u('commas', k))},
        -- Half of those with several children name one of them; a quarter name none.
        {'nth': 2, 'field_model': 'CHILDR', 'value': CASE WHEN (is_application OR is_order) AND u('names children', k) < 0.75
            THEN typed_list(CASE WHEN u('all children', k) < 0.5 THEN children ELSE children[:1] END, u('commas', k)) END},
        {'nth': 3, 'field_model': 'INTORD', 'value': CASE WHEN is_order AND n < 40 AND event_model <> 'C21' THEN 'Y' WHEN is_order AND o < 0.2 THEN 'N' END},
        {'nth': 4, 'field_model': 'HICOURT', 'value': CASE WHEN is_at_high_court THEN 'Y' WHEN is_order AND j < 0.1 THEN 'N' END},
        {'nth': 5, 'field_model': 'JUDTIER', 'value': CASE WHEN NOT is_order OR j < 0.15 THEN NULL WHEN is_at_high_court THEN 'HJ' ELSE one_of(j, ['LJ', 'LJ', 'DJ', 'DJ', 'DJ', 'CJ']) END},
        {'nth': 6, 'field_model': 'NONOTC', 'value': CASE WHEN (is_application OR is_order) AND j < 0.6 THEN yes_no(case_type = 'F' AND n < 40) END},
        {'nth': 7, 'field_model': 'CONSNT', 'value': CASE WHEN is_order AND j > 0.4 THEN yes_no(o < 0.4) END},
        {'nth': 8, 'field_model': 'URGENT', 'value': CASE WHEN is_application AND j > 0.3 THEN yes_no(case_type = 'F' OR a < 0.2) END},
        {'nth': 9, 'field_model': 'WDRAWN', 'value': CASE WHEN event_model = 'G63' AND j > 0.1 THEN ' ' || CASE WHEN n = 2
            THEN (SELECT family_event(w.k, w.made_at) FROM fm_event AS w WHERE w.case_key = asked.case_key AND w.n = 1)::VARCHAR
            ELSE (SELECT family_event(w.k, w.made_at) FROM fm_event AS w WHERE w.case_key = asked.case_key AND w.n = 0)::VARCHAR END END}
    ]) AS f FROM asked
)
SELECT k * 16 + f.nth AS row_key, family_event(k, made_at) AS event, f.field_model,
    CASE WHEN u('blank', k * 16 + f.nth) < 0.01 THEN ' ' ELSE f.value END AS value
FROM field WHERE f.value IS NOT NULL;

CREATE OR REPLACE TEMP TABLE fm_case_fields AS
WITH related AS (
    SELECT c.case_key, list(o.case_number ORDER BY o.case_key) AS others
    FROM fm_case AS c JOIN fm_case AS o ON o.person // 4 = c.person // 4 AND o.case_key <> c.case_key AND o.started <= c.started
    GROUP BY c.case_key
), field AS (
    SELECT c.case_key, c.case_number, unnest([
        {'nth': 0, 'field_model': 'DTISSU', 'value': CASE WHEN u('issue missing', case_key) >= 0.08 THEN strftime(started + whole(u('issued', case_key) ^ 2, 0, 7), '%d/%m/%Y') END},
        {'nth': 1, 'field_model': 'ORGCRT', 'value': CASE WHEN u('origin missing', case_key) >= 0.1 THEN court END},
        {'nth': 2, 'field_model': 'RELCAS', 'value': CASE WHEN u('related', case_key) < 0.6 THEN typed_list(others, u('commas', case_key)) END},
        {'nth': 3, 'field_model': 'HARMAL', 'value': CASE WHEN case_type IN ('C', 'P') AND u('harm asked', case_key) < 0.7 THEN yes_no(u('harm', case_key) < CASE case_type WHEN 'C' THEN 0.85 ELSE 0.45 END) END},
        {'nth': 4, 'field_model': 'ALTIER', 'value': CASE WHEN u('allocated', case_key) < 0.65 THEN CASE WHEN is_high OR is_liberty THEN 'HJ' ELSE one_of(u('allocated', case_key) / 0.65, ['LJ', 'LJ', 'DJ', 'DJ', 'CJ']) END END}
    ]) AS f FROM fm_case AS c LEFT JOIN related USING (case_key)
)
SELECT case_key * 8 + f.nth AS row_key, case_number, f.field_model, CASE WHEN u('blank', case_key * 8 + f.nth) < 0.01 THEN ' ' ELSE f.value END AS value
FROM field WHERE f.value IS NOT NULL;
