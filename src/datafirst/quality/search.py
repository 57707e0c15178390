"""Which pairs of records might be one person though no model compared them? A wide search.

What it finds and the models did not tells what they miss. It is not independent of them: its keys
read the columns that models block on, and two of them hold all that rules of forename or surname
and date of birth bring together. A match that is written badly enough escapes both, so that what
takes one for independent of the other (`beyond` in estimate.py) errs to the favourable side.
"""

from collections.abc import Sequence
from math import ceil

import duckdb

from datafirst.link.inputs import Records
from datafirst.link.standardise import literal


def _alike(name: str) -> str:
    return f"jaro_winkler_similarity(l.{name}, r.{name}) >= {NEAR}"


KEYS = {
    "surname by sound, year of birth": ("surname_soundex", "date_of_birth_year"),
    "initials, postcode district": ("forename1_initial", "surname_initial", "postcode_district"),
    "forename, day and month of birth": ("forename1", "date_of_birth_day_month"),
    "forename by sound, date of birth": ("forename1_soundex", "date_of_birth"),
    "both names by sound": ("forename1_soundex", "surname_soundex"),
}
"""Columns of linkage records that are equal in the records that a key brings together."""
EITHER_WAY = "both names by sound"
"""The key whose two columns may change places: names are written the wrong way round."""

COMPARED = {
    "forename1": "forename1",
    "surname": "surname",
    "date_of_birth": "strftime(date_of_birth, '%Y%m%d')",
    "postcode": "postcode",
}
"""What a rough weight reads, and in which form: dates as digits."""

PRIOR = -22
NEAR = 0.9
"""Jaro and Winkler's likeness, from which two names are alike."""
ROUGH = (
    {
        "l.forename1 = r.forename1 AND l.surname = r.surname": 17,
        "l.forename1 = r.surname AND l.surname = r.forename1": 14,
        f"{_alike('forename1')} AND {_alike('surname')}": 7,
        _alike("surname"): 3,
        _alike("forename1"): 0,
        "true": -8,
    },
    {
        "l.date_of_birth = r.date_of_birth": 14,
        "damerau_levenshtein(l.date_of_birth, r.date_of_birth) <= 1": 3,
        "l.date_of_birth <> r.date_of_birth": -9,
        "true": 0,
    },
    {
        "l.postcode = r.postcode": 12,
        "split_part(l.postcode, ' ', 1) = split_part(r.postcode, ' ', 1)": 5,
        "l.postcode <> r.postcode": -2,
        "true": 0,
    },
)
"""Bits of evidence, whole, as the Ministry of Justice's published model of its Core Person Record
has them (2026), which knows nothing of the models here."""

MOST_IN_BLOCK = 5_000
"""Records of one key, above which it tells nothing of them: it does not bring them together."""
MOST_PAIRS = 20_000_000
"""Pairs looked at. Where there are more, the search is made for one record in so many."""


def search(
    con: duckdb.DuckDBPyConnection,
    records: Records,
    most_pairs: int = MOST_PAIRS,
    most_in_block: int = MOST_IN_BLOCK,
) -> dict[str, int]:
    """Make the table sampling_search, a row for each of sampling_nodes: node, person, lot,
    key_0, key_1, ... and what is compared.

    Returns counts: pairs that each key brings together, records whose key too many share, and
    that the search is made for one record in so many: then each pair stands for as many.
    """
    there = _columns(con, records)
    keys = {name: _key(name) for name, columns in KEYS.items() if there.issuperset(columns)}
    con.execute(f"CREATE OR REPLACE TABLE sampling_search AS {_looked_up(records, keys, there)}")
    told: dict[str, int] = {}
    pairs = 0.0
    for i, name in enumerate(keys):
        own, shared = _without_blocks(con, f"key_{i}", most_in_block)
        pairs += own
        told |= {f"{name}: pairs": round(own), f"{name}: records left out": shared}
    return {**told, "one_record_in": max(1, ceil(pairs / most_pairs))}


def found(con: duckdb.DuckDBPyConnection, one_record_in: int) -> str:
    """The pairs (a, b) of numbers that the search finds and that are not one person, each once:
    by the first key that brings it together. Who searches follows from the lot that each drew.
    """
    keys = _keys_of(con)
    queries = [
        "SELECT l.node AS a, r.node AS b FROM sampling_search AS l JOIN sampling_search AS r "
        f"ON l.{key} = r.{key} WHERE l.lot % {one_record_in} = 0 "
        "AND l.node < r.node AND l.person <> r.person"
        + "".join(f" AND NOT {_equal(earlier)}" for earlier in keys[:i])
        for i, key in enumerate(keys)
    ]
    return " UNION ALL ".join(queries) or "SELECT 0 AS a, 0 AS b WHERE false"


def brought_together(con: duckdb.DuckDBPyConnection) -> str:
    """Whether a pair of rows of sampling_search, `l` and `r`, shares a key."""
    return " OR ".join(_equal(key) for key in _keys_of(con)) or "false"


def rough_weight() -> str:
    """About how strongly two rows of sampling_search, `l` and `r`, suggest one person, in bits."""
    each = (
        "CASE " + " ".join(f"WHEN {when} THEN {bits}" for when, bits in levels.items()) + " END"
        for levels in ROUGH
    )
    return f"({PRIOR} + {' + '.join(each)})"


def _columns(con: duckdb.DuckDBPyConnection, records: Records) -> set[str]:
    """The columns that the records of every dataset have."""
    each = [
        {str(row[0]) for row in con.execute(f"DESCRIBE {r}").fetchall()} for r in records.values()
    ]
    return set.intersection(*each) if each else set()


def _key(name: str) -> str:
    columns = KEYS[name]
    if name == EITHER_WAY:
        one, other = columns
        columns = (f"least({one}, {other})", f"greatest({one}, {other})")
    # Null where one is null: a key that lacks a part says nothing. least() skips nulls.
    known = " AND ".join(f"{column} IS NOT NULL" for column in KEYS[name])
    return f"CASE WHEN {known} THEN concat_ws('|', {', '.join(columns)}) END"


def _looked_up(records: Records, keys: dict[str, str], there: set[str]) -> str:
    wanted = ", ".join(
        [f"{key} AS key_{i}" for i, key in enumerate(keys.values())]
        + [
            f"{sql if name in there else 'NULL'}::VARCHAR AS {name}"
            for name, sql in COMPARED.items()
        ]
    )
    each = " UNION ALL ".join(
        f"SELECT {literal(dataset)} AS dataset, _row, {wanted} FROM {relation} WHERE variant = 0"
        for dataset, relation in records.items()
    )
    return (
        "SELECT node, person, ('0x' || left(draw, 15))::BIGINT AS lot, "
        f"f.* EXCLUDE (dataset, _row) FROM ({each}) AS f "
        "JOIN sampling_nodes USING (dataset, _row) ORDER BY node"
    )


def _without_blocks(con: duckdb.DuckDBPyConnection, key: str, most: int) -> tuple[float, int]:
    """Takes away a key that too many share. Returns how many pairs it brings together, and how
    many records it was taken from."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE sampling_blocks AS SELECT {key} AS key, "
        f"count(*)::DOUBLE AS n FROM sampling_search WHERE {key} IS NOT NULL GROUP BY {key}"
    )
    pairs, left_out = con.execute(
        f"SELECT coalesce(sum(n * (n - 1) / 2) FILTER (n <= {most}), 0), "
        f"coalesce(sum(n) FILTER (n > {most}), 0) FROM sampling_blocks"
    ).fetchall()[0]
    if left_out:
        con.execute(
            f"UPDATE sampling_search SET {key} = NULL WHERE {key} IN "
            f"(SELECT key FROM sampling_blocks WHERE n > {most})"
        )
    con.execute("DROP TABLE sampling_blocks")
    return float(pairs), int(left_out)


def _keys_of(con: duckdb.DuckDBPyConnection) -> Sequence[str]:
    columns = (str(row[0]) for row in con.execute("DESCRIBE sampling_search").fetchall())
    return sorted(column for column in columns if column.startswith("key_"))


def _equal(key: str) -> str:
    return f"coalesce(l.{key} = r.{key}, false)"
