-- How is chance drawn? Every draw is a hash of the seed, the name of the draw and what it is
-- about, so it does not depend on threads, on the order of rows or on the size of a chunk.

-- A uniform draw from [0, 1). The exclusive or comes before the hash, because DuckDB's hash of
-- several arguments leaves draws of different names correlated.
CREATE OR REPLACE MACRO u(draw, id) AS
    (hash(xor(hash('{seed}:' || draw), id::UBIGINT)) >> 11)::DOUBLE / 9007199254740992.0;

-- A whole number from lowest to highest.
CREATE OR REPLACE MACRO whole(r, lowest, highest) AS
    lowest + floor(r * (highest - lowest + 1))::INTEGER;

-- One item of a list, all as likely.
CREATE OR REPLACE MACRO one_of(r, items) AS items[1 + floor(r * len(items))::INTEGER];

CREATE OR REPLACE MACRO yes_no(truth) AS CASE WHEN truth THEN 'Y' ELSE 'N' END;

-- A number that looks unlike the one it stands for: one to one within 40 (or 33) bits.
CREATE OR REPLACE MACRO spread40(x) AS ((x * 9227465 + 7540113804) & 1099511627775);
CREATE OR REPLACE MACRO number40(x) AS
    (xor(spread40(xor(x::UBIGINT, x::UBIGINT >> 19)), spread40(xor(x::UBIGINT, x::UBIGINT >> 19)) >> 21) + 1)::BIGINT;
CREATE OR REPLACE MACRO spread33(x) AS ((x * 1664525 + 1013904223) & 8589934591);
CREATE OR REPLACE MACRO number33(x) AS
    xor(spread33(xor(x::UBIGINT, x::UBIGINT >> 15)), spread33(xor(x::UBIGINT, x::UBIGINT >> 15)) >> 17)::BIGINT;

-- A keying error: a letter or digit replaced, left out, doubled or exchanged with the next.
CREATE OR REPLACE MACRO one_place(text, r) AS 2 + floor(r * greatest(len(text) - 1, 1))::INTEGER;
CREATE OR REPLACE MACRO another(character, r) AS
    CASE WHEN character BETWEEN '0' AND '9' THEN chr(48 + (ascii(character) - 48 + whole(r, 1, 9)) % 10)
         ELSE chr(97 + whole(r, 0, 25)) END;
CREATE OR REPLACE MACRO misspelt_at(text, n, r) AS
    CASE WHEN r < 0.35 THEN text[:n - 1] || another(text[n:n], (r * 997) % 1) || text[n + 1:]
         WHEN r < 0.6 THEN text[:n - 1] || text[n + 1:]
         WHEN r < 0.8 THEN text[:n] || text[n:]
         ELSE text[:n - 1] || text[n + 1:n + 1] || text[n:n] || text[n + 2:] END;
CREATE OR REPLACE MACRO misspelt(text, r) AS misspelt_at(text, one_place(text, (r * 89) % 1), r);
CREATE OR REPLACE MACRO mistyped_digit_at(text, n, r) AS
    text[:n - 1] || another(text[n:n], r) || text[n + 1:];

-- The check letter of PNC and CRO numbers.
CREATE OR REPLACE MACRO check_letter(digits) AS
    'ZABCDEFGHJKLMNPQRTUVWXY'[1 + (digits::BIGINT % 23)::INTEGER];

-- The numbers that Libra gives to a case and to each defendant in it.
CREATE OR REPLACE MACRO libra_case(case_key, first_hearing) AS
    strftime(first_hearing, '%y') || lpad(number33(case_key)::VARCHAR, 10, '0');
CREATE OR REPLACE MACRO libra_defendant(defendant_key) AS lpad(number33(defendant_key)::VARCHAR, 10, '0');

-- The number that prisons give to a person at the first reception, and that probation copies: one
-- to one for the people there can be.
CREATE OR REPLACE MACRO spread24(x) AS ((x * 1140671 + 12820163) & 16777215);
CREATE OR REPLACE MACRO noms_number(person) AS
    chr((65 + spread24(person) // 10000 % 26)::INTEGER) || lpad((spread24(person) % 10000)::VARCHAR, 4, '0')
    || chr((65 + spread24(person) // 260000 // 26)::INTEGER) || chr((65 + spread24(person) // 260000 % 26)::INTEGER);

-- The number that probation gives to a person.
CREATE OR REPLACE MACRO probation_number(person) AS
    chr((65 + spread24(person) // 1000000)::INTEGER) || lpad((spread24(person) % 1000000)::VARCHAR, 6, '0');
