# ruff: noqa: E501
"""Who is in the tests? An invented population with records in two courts, made in SQL.

Everything follows from a hash of a seed, so that it is the same on every machine.
"""

import duckdb

from datafirst.link.standardise import nothing, parts
from datafirst.spec import Specification

FORENAMES = [
    "JOHN",
    "MARY",
    "MOHAMMED",
    "DAVID",
    "SARAH",
    "JAMES",
    "EMMA",
    "PAUL",
    "LAURA",
    "MARK",
    "SUSAN",
    "AISHA",
    "PETER",
    "CLAIRE",
    "DANIEL",
    "GRACE",
    "OLUWASEUN",
    "PRIYA",
    "CHEN",
    "DARIUSZ",
    "FATIMA",
    "LEWIS",
    "CHLOE",
    "RYAN",
    "GEMMA",
    "KYLE",
    "NADIA",
    "OWEN",
    "BETHAN",
    "CALLUM",
    "ZAINAB",
]
STARTS = [
    "SMI",
    "JON",
    "TAY",
    "BRO",
    "WIL",
    "EVA",
    "THO",
    "ROB",
    "WAL",
    "WRI",
    "HAL",
    "CLA",
    "KHA",
    "PAT",
    "AHM",
    "OKO",
    "NGU",
    "KOW",
]
ENDS = [
    "TH",
    "ES",
    "LOR",
    "WN",
    "SON",
    "NS",
    "MAS",
    "ERTS",
    "KER",
    "GHT",
    "LL",
    "RKE",
    "N",
    "EL",
    "ED",
    "RO",
    "YEN",
    "SKI",
    "FORD",
    "LEY",
    "TON",
    "HAM",
]

DRAWS = (
    "CREATE OR REPLACE MACRO u(what, k) AS (hash(what || '/' || k::VARCHAR) % 1000003) / 1000003.0"
)
PICK = "CREATE OR REPLACE MACRO pick(items, p) AS items[1 + floor(len(items) * p * p)::INTEGER]"
SLIP = (
    "CREATE OR REPLACE MACRO slip(word, p) AS substr(word, 1, 1 + floor(p * (len(word) - 1))::INTEGER)"
    " || 'X' || substr(word, 3 + floor(p * (len(word) - 1))::INTEGER)"
)

PEOPLE = """
CREATE TABLE person AS SELECT p, pick($forenames, u('f', p)) AS forename1,
    CASE WHEN u('f2', p) < 0.5 THEN pick($forenames, u('f2b', p)) END AS forename2,
    pick($starts, u('s1', p)) || pick($ends, u('s2', p)) AS surname,
    DATE '1950-01-01' + floor(u('d', p) * 20000)::INTEGER AS date_of_birth,
    CASE WHEN u('x', p) < 0.8 THEN 'M' ELSE 'F' END AS sex,
    1 + floor(4 * u('n', p) ** 2)::INTEGER AS cases
FROM (SELECT unnest(range($people)) AS p)"""

POSTCODE = """
CREATE OR REPLACE MACRO postcode(p, v) AS ['B','M','LS','CF','SW','NE'][1 + floor(u('a', p) * 6)::INTEGER]
    || (1 + floor(u(CASE WHEN v < 1 THEN 'd' ELSE 'd2' END, p) * 20)::INTEGER) || ' '
    || floor(u(CASE WHEN v < 2 THEN 'e' ELSE 'e2' END, p) * 10)::INTEGER
    || chr(65 + floor(u('g', p * 10 + v) * 26)::INTEGER) || chr(65 + floor(u('h', p * 10 + v) * 26)::INTEGER)"""

CASES = """
CREATE TABLE happened AS SELECT *, k AS j, DATE '2015-01-01' + floor(u('h', k) * 2000)::INTEGER AS day,
    u('up', k) < 0.3 AS goes_up, 'C' || (100 + floor(u('ct', k) * 60)::INTEGER) AS court,
    floor(u('asn', k) * 1e11)::BIGINT::VARCHAR || 'A' AS asn,
    '01' || floor(u('urn', k) * 1e9)::BIGINT::VARCHAR AS ptiurn,
    floor(u('ref', k) * 1e10)::BIGINT::VARCHAR AS court_case_ref
FROM (SELECT *, p * 10 + unnest(range(cases)) AS k FROM person)"""

APPEARANCE = """
CREATE TABLE raw_{dataset} AS SELECT '{dataset}' AS dataset,
    row_number() OVER (ORDER BY hash(k)) - 1 AS _row, '{letter}' || k AS record_id, p, j,
    CASE WHEN u('sw', k) < 0.015 THEN surname0 ELSE forename0 END AS forename1,
    CASE WHEN u('f2m', k) < 0.7 THEN CASE WHEN u('f2t', k) < 0.05 THEN slip(forename2, u('f2p', k))
        ELSE forename2 END END AS forename2,
    CASE WHEN u('sw', k) < 0.015 THEN forename0 ELSE surname0 END AS surname,
    CASE WHEN u('dob', k) < 0.02 THEN NULL
        WHEN u('dob', k) < 0.05 AND day(date_of_birth) <= 12 THEN make_date(year(date_of_birth)::INTEGER,
            day(date_of_birth)::INTEGER, month(date_of_birth)::INTEGER)
        WHEN u('dob', k) < 0.08 THEN date_of_birth + 1 WHEN u('dob', k) < 0.10 THEN date_of_birth + 100
        WHEN u('dob', k) < 0.12 THEN date_of_birth - 1000 ELSE date_of_birth END AS date_of_birth,
    CASE WHEN u('sx', k) < 0.99 THEN sex WHEN u('sx', k) < 0.995 THEN CASE sex WHEN 'M' THEN 'F' ELSE 'M' END END AS sex,
    CASE WHEN u('pc', k) < 0.1 THEN NULL WHEN u('pc', k) < 0.15 THEN postcode(p + 1000000, 0)
        WHEN u('pc', k) < 0.2 THEN postcode(p, 1) WHEN u('pc', k) < 0.25 THEN postcode(p, 3)
        WHEN u('pc', k) < 0.3 THEN postcode(p, 2) WHEN u('pc', k) < 0.35 THEN slip(postcode(p, 0), 0.9)
        ELSE postcode(p, 0) END AS postcode,
    CASE WHEN u('pnc', k) < 0.4 THEN '2000/' || lpad(p::VARCHAR, 7, '0') || 'A' END AS pnc,
    CASE WHEN u('cro', k) < 0.1 THEN lpad(p::VARCHAR, 6, '0') || '/99A' END AS cro,
    CASE WHEN u('asnm', k) < 0.6 THEN CASE WHEN u('asnt', k) < 0.05 THEN slip(asn, u('asnp', k)) ELSE asn END END AS asn,
    CASE WHEN u('urnm', k) < 0.8 THEN CASE WHEN u('urnt', k) < 0.05 THEN slip(ptiurn, u('urnp', k)) ELSE ptiurn END END AS ptiurn,
    CASE WHEN u('refm', k) < 0.7 THEN CASE WHEN u('reft', k) < 0.05 THEN slip(court_case_ref, u('refp', k)) ELSE court_case_ref END END AS court_case_ref,
    CASE WHEN u('courtm', k) < 0.95 THEN CASE WHEN u('courtt', k) < 0.04 THEN 'C100' ELSE court END END AS magistrates_court,
    CASE WHEN goes_up AND u('com', k) < 0.9 THEN day + {later} * CASE WHEN u('comd', k) < 0.1 THEN 5
        WHEN u('comd', k) < 0.2 THEN 40 WHEN u('comd', k) < 0.25 THEN 200 ELSE 0 END END AS committal_date,
    CASE WHEN u('fin', k) < 0.9 THEN day + {later} * CASE WHEN u('find', k) < 0.1 THEN 5
        WHEN u('find', k) < 0.2 THEN 40 WHEN u('find', k) < 0.25 THEN 200 ELSE 0 END END AS mag_final_hearing_date,
    list_filter([CASE WHEN u('off', k) < 0.95 THEN day - 30 - floor(u('offd', j) * 300)::INTEGER END,
        CASE WHEN u('off2', j) < 0.3 AND u('off2m', k) < 0.9 THEN day - 30 - floor(u('offd2', j) * 300)::INTEGER END],
        lambda d: d IS NOT NULL) AS offence_dates
FROM (SELECT * REPLACE ('{letter}' || k AS k),
        CASE WHEN u('t1', '{letter}' || k) < 0.08 THEN slip(forename1, u('q1', k)) ELSE forename1 END AS forename0,
        CASE WHEN u('t2', '{letter}' || k) < 0.08 THEN slip(surname, u('q2', k))
            WHEN u('t2', '{letter}' || k) < 0.11 THEN pick($starts, u('ns', k)) || 'OVA' ELSE surname END AS surname0
      FROM happened WHERE {which})"""

COURTS = {"magistrates": ("M", "true", 0), "crown": ("C", "goes_up", 1)}


def populate(con: duckdb.DuckDBPyConnection, spec: Specification, people: int) -> dict[str, str]:
    """Tables of linkage records of both courts, by dataset; `truth` and `truth_journeys`."""
    for macro in (DRAWS, PICK, SLIP, POSTCODE):
        con.execute(macro)
    names = {"forenames": FORENAMES, "starts": STARTS, "ends": ENDS}
    con.execute(PEOPLE, {**names, "people": people})
    con.execute(CASES)
    made = {}
    for dataset, (letter, which, later) in COURTS.items():
        query = APPEARANCE.format(dataset=dataset, letter=letter, which=which, later=later)
        con.execute(query, {"starts": STARTS})
        made[dataset] = f"records_{dataset}"
        con.execute(f"CREATE TABLE {made[dataset]} AS {_records(con, spec, f'raw_{dataset}')}")
    both = " UNION ALL ".join(
        f"SELECT dataset, record_id, p::VARCHAR AS person_id FROM raw_{dataset}" for dataset in made
    )
    con.execute(f"CREATE TABLE truth AS {both}")
    con.execute(
        "CREATE TABLE truth_journeys AS SELECT m.record_id AS left_record_id, "
        "c.record_id AS right_record_id FROM raw_magistrates m JOIN raw_crown c USING (j)"
    )
    return made


def _records(con: duckdb.DuckDBPyConnection, spec: Specification, table: str) -> str:
    """Every field, null where the courts have none of it, and its parts."""
    known = {name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()}
    fields = spec.linkage.fields
    listed = ", ".join(
        name if name in known else f"{nothing(field)} AS {name}" for name, field in fields.items()
    )
    derived = ", ".join(
        f"{sql} AS {name}"
        for field, described in fields.items()
        for name, sql in parts(field, described.kind).items()
    )
    written = f"SELECT dataset, _row, 0 AS variant, record_id, {listed} FROM {table}"
    return f"SELECT *, {derived} FROM ({written})"
