"""Which people are linked in the linkage benchmark? Records invented so that pairs grow with them.

As many appearances before a court as are asked for, of about half as many people, written down
with the errors and gaps that such records have. The whole is one streaming query of DuckDB: every
choice is a hash of who and what, so that the same seed gives the same file on any number of
threads, and a record's place is a permutation of its number, so that nothing is sorted.

The country grows with its people: as many records to a postcode and a sector at every size (more
at some, as a hostel has), and ever more names, of which the common ones stay about as common as
they are. So the pairs that share a place grow with the records, and only those that share names
with their square.
"""

import math
from itertools import chain
from pathlib import Path

import duckdb

from datafirst.synthetic.lists import DATA

APPEARANCES = {1: 52, 2: 23, 3: 12, 4: 7, 6: 4, 10: 2}
"""How many of a hundred people have so many records: 2.06 on average."""

SLOTS = tuple(
    chain.from_iterable(
        ((person, nth) for nth in range(records))
        for person, records in enumerate(k for k, n in APPEARANCES.items() for _ in range(n))
    )
)
"""The records of a hundred people: whose, and the how manieth of theirs."""

PER_POSTCODE = 9
"""Records for each postcode of the country."""

POOLS = {"surnames": (60, 10), "forenames": (4, 1.6)}
"""Names in the country for each root of its records (Heaps's law), and how flat the head of their
frequencies is: the name of rank r is as common as 1 / (r + flat) (Zipf and Mandelbrot)."""

LISTED = """
SELECT {sex} AS sex, name, min(place) AS place
FROM (SELECT *, unnest(string_split(names, ' ')) AS name,
             generate_subscripts(string_split(names, ' '), 1) AS place
      FROM read_csv('{data}/{what}.csv', all_varchar = true))
WHERE regexp_full_match(name, '[a-z]+') GROUP BY ALL"""
"""Real names by how far to the front of a list they stand."""

COMPOSED = """
SELECT sex, letters(who, 1) || letters(who, 2)
           || CASE WHEN draw('long', who) < 0.3 THEN '' ELSE letters(who, 3) END AS name,
       1000 + min(nth) AS place
FROM (SELECT range AS nth, sex, hash(range, sex) AS who
      FROM range(2 * {size}), unnest({sexes}) AS sexes(sex)) GROUP BY ALL"""
"""Rare names, made of syllables."""

MACROS = """
CREATE MACRO draw(what, who) AS hash(what, who, {seed}) / 18446744073709551616.0;
CREATE MACRO whole(number) AS floor(number)::BIGINT;
CREATE MACRO one_of(list, what, who) AS list[1 + whole(draw(what, who) * len(list))];
CREATE MACRO letters(who, nth) AS
    one_of(['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w'],
           nth || 'on', who)
    || one_of(['a', 'e', 'i', 'o', 'u'], nth || 'at', who)
    || one_of(['', '', '', 'l', 'n', 'm', 'r', 's', 't'], nth || 'off', who);
CREATE MACRO ranked(size, flat, drawn) AS
    whole(flat * (((size + flat) / flat) ^ drawn - 1));
CREATE MACRO misspelt(text, spot, how) AS CASE
    WHEN how < 0.3 THEN text[:spot - 1] || chr(97 + whole(how * 86)::INTEGER) || text[spot + 1:]
    WHEN how < 0.55 THEN text[:spot - 1] || text[spot + 1:]
    WHEN how < 0.8
        THEN text[:spot] || chr(97 + whole((how - 0.55) * 100)::INTEGER) || text[spot + 1:]
    ELSE text[:spot - 1] || text[spot + 1:spot + 1] || text[spot:spot] || text[spot + 2:] END;
CREATE MACRO slipped(text, often, what, who) AS
    CASE WHEN draw(what || ' slips', who) >= often THEN text
    ELSE misspelt(text, 1 + whole(draw(what || ' at', who) * length(text)),
                  draw(what || ' how', who)) END;
CREATE MACRO sector(n) AS chr((65 + n % 120 // 6)::INTEGER) || chr((65 + n % 6 * 4)::INTEGER)
    || (1 + n // 120 % 40) || ' ' || (n // 4800 % 10);
CREATE MACRO postcode(n) AS sector(n // 50)
    || chr((65 + n % 50 // 5)::INTEGER) || chr((65 + n % 5 * 4)::INTEGER);
"""
"""A letter of a name is replaced, left out, put in or takes the next one's place. A postcode is one
of 50 of its sector, and that one of up to 400 of its area; a larger country has more of them."""

PERSON = """
WITH placed AS (
    SELECT range AS unique_id, range * {stride} % {records} AS place
    FROM range({records})
), person AS (
    SELECT unique_id, place // {slots} * 100 + who AS person, nth,
           CASE WHEN draw('sex', person) < 0.83 THEN 'M' ELSE 'F' END AS sex,
           DATE '1945-01-01' + whole(draw('born', person) * 21900)::INTEGER AS born,
           ranked({forenames}, draw('forename', person)) AS forename_rank,
           ranked({forenames}, draw('middle', person)) AS middle_rank,
           ranked({surnames}, draw(CASE WHEN nth > 0 AND sex = 'F' AND draw('marries', unique_id)
               < 0.05 THEN 'married' ELSE 'surname' END, person)) AS surname_rank,
           whole({postcodes} * draw('home', person) ^ 1.5) AS home,
           whole({postcodes} * draw('next', person) ^ 1.5) AS moved,
           CASE WHEN draw('stays', person) < 0.7
                THEN moved + (home // 50 % 120 - moved // 50 % 120) * 50
                ELSE moved END AS next_home,
           CASE WHEN draw('known', person) < 0.4
                THEN (hash('pnc', person, {seed}) % 10000000000)::VARCHAR END AS pnc
    FROM placed JOIN slots ON slot = place % {slots}
)"""
"""Who they are: the same for every record of theirs."""

WRITTEN = """
, named AS (
    SELECT person.*, f.name AS forename, m.name AS middle, s.name AS surname,
           postcode(CASE WHEN nth > 0 AND draw('moves', unique_id) < 0.3 THEN next_home
                         ELSE home END) AS home_code,
           draw('dob', unique_id) AS dated, draw('day', unique_id) AS day_off
    FROM person
    JOIN forenames AS f ON f.sex = person.sex AND f.place = forename_rank
    JOIN forenames AS m ON m.sex = person.sex AND m.place = middle_rank
    JOIN surnames AS s ON s.place = surname_rank
), spelt AS (
    SELECT * EXCLUDE (forename, surname, middle),
           slipped(forename, 0.08, 'forename', unique_id) AS first_name,
           slipped(surname, 0.08, 'surname', unique_id) AS last_name,
           slipped(middle, 0.08, 'middle', unique_id) AS middle_name,
        draw('swapped', unique_id) < 0.012 AS swapped
    FROM named
)
SELECT unique_id, person,
       CASE WHEN swapped THEN last_name ELSE first_name END AS forename,
       CASE WHEN draw('has middle', person) < 0.55 AND draw('gives middle', unique_id) < 0.65
            THEN CASE WHEN draw('initial', unique_id) < 0.06
            THEN middle_name[:1] ELSE middle_name END END AS middle,
       CASE WHEN swapped THEN first_name ELSE last_name END AS surname,
       CASE WHEN dated < 0.02 THEN NULL
            WHEN dated < 0.04 AND day(born) <= 12 THEN strftime(born, '%Y-%d-%m')
            WHEN dated < 0.08 THEN strftime(born + CASE WHEN day_off < 0.3 THEN 1
                WHEN day_off < 0.6 THEN -1 WHEN day_off < 0.8 THEN 10 ELSE 365 END, '%Y-%m-%d')
            WHEN dated < 0.10 THEN strftime(born, '%Y-01-01')
            ELSE strftime(born, '%Y-%m-%d') END AS dob,
       CASE WHEN draw('no home', unique_id) >= 0.08
            THEN upper(slipped(home_code, 0.05, 'postcode', unique_id)) END AS postcode,
       CASE WHEN draw('sex?', unique_id) < 0.01 THEN NULL WHEN draw('sex?', unique_id) < 0.015
            THEN CASE sex WHEN 'M' THEN 'F' ELSE 'M' END ELSE sex END AS sex,
       CASE WHEN draw('gives pnc', unique_id) < 0.7
            THEN upper(slipped(pnc, 0.01, 'pnc', unique_id)) END AS pnc
FROM spelt"""
"""What a record has of them: 8% of names misspelt, 10% of dates of birth wrong or missing, a third
of later records from another address, 28% with a PNC number."""


def people(con: duckdb.DuckDBPyConnection, path: Path, records: int, seed: int) -> None:
    """Write the records: unique_id, person (the truth), forename, middle, surname, dob, postcode,
    sex, pnc."""
    con.execute(MACROS.format(seed=seed))
    con.execute("CREATE TABLE slots (slot INTEGER, who INTEGER, nth INTEGER)")
    con.executemany(
        "INSERT INTO slots VALUES (?, ?, ?)", [(n, *slot) for n, slot in enumerate(SLOTS)]
    )
    _names(con, "surnames", records, "NULL", "[NULL]")
    _names(con, "forenames", records, "sex", "['M', 'F']")
    # Records stream past the names, as written, and so keep their order.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    con.execute("SET preserve_insertion_order = true")
    con.execute(f"COPY ({_query(records, seed)}) TO '{path}' (FORMAT parquet)")
    con.execute("RESET disabled_optimizers; RESET preserve_insertion_order")


def _names(con: duckdb.DuckDBPyConnection, what: str, records: int, sex: str, sexes: str) -> None:
    """The country's names, commonest first: real ones, then as many others as it needs."""
    size = _pool(what, records)[0]
    each = [LISTED.format(sex=sex, data=DATA, what=what), COMPOSED.format(sexes=sexes, size=size)]
    con.execute(
        f"CREATE TABLE {what} AS SELECT sex, name, (row_number() OVER (PARTITION BY sex "
        "ORDER BY min(place), name) - 1) AS place "
        f"FROM ({' UNION ALL '.join(each)}) GROUP BY sex, name"
    )


def _pool(what: str, records: int) -> tuple[int, float]:
    per_root, flat = POOLS[what]
    return 2000 + round(per_root * math.sqrt(records)), flat


def _query(records: int, seed: int) -> str:
    stride = round(records * (math.sqrt(5) - 1) / 2)
    while math.gcd(stride, records) > 1:
        stride += 1
    pools = {what: "{}, {}".format(*_pool(what, records)) for what in POOLS}
    return (PERSON + WRITTEN).format(
        records=records,
        stride=stride,
        slots=len(SLOTS),
        postcodes=records // PER_POSTCODE,
        seed=seed,
        **pools,
    )
