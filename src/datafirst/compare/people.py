"""How many people are the same in two releases, and how many were split, merged, new or gone?"""

from duckdb import DuckDBPyConnection

from datafirst.link.lasting import CHANGES, COLUMNS
from datafirst.spec.linkage import LEVELS

COUNTED = ("unchanged", "split", "merged", "rearranged", "gone", "new")
"""A person of the old release is unchanged where the records that both releases have are one
person's in each; split where they are several people's now; merged where they are part of a
person who was several; rearranged where they are both. Gone and new are people none of whose
records the other release has."""


def people(con: DuckDBPyConnection, old: str, new: str) -> dict[str, dict[str, int]]:
    """People of two relations (dataset, record_id, person_<level>) by level, and their records."""
    answer = {"records": _counts(con, RECORDS.format(old=old, new=new), RECORDS_COUNTED)}
    for level in LEVELS:
        query = PEOPLE.format(old=old, new=new, person=f"person_{level}")
        answer[level] = _counts(con, query, COUNTED)
    return answer


def ids(con: DuckDBPyConnection, changes: str) -> dict[str, dict[str, int]]:
    """By level, how many ids of the old release met which fate, as the new release told it.

    `changes` is the relation that link.lasting made when it went on with the old one. What became
    of people's records, which people() counts, need not be what became of their ids: whoever lost
    a record to somebody else keeps his.
    """
    query = f"SELECT level, change, count(*) FROM {changes} GROUP BY ALL"
    counted = {(level, change): int(n) for level, change, n in con.execute(query).fetchall()}
    return {c: {change: counted.get((c, change), 0) for change in CHANGES} for c in COLUMNS}


RECORDS_COUNTED = ("both", "only_old", "only_new")
RECORDS = """
SELECT
    count(*) FILTER (old.here AND new.here),
    count(*) FILTER (new.here IS NULL),
    count(*) FILTER (old.here IS NULL)
FROM (SELECT dataset, record_id, true AS here FROM {old}) AS old
FULL JOIN (SELECT dataset, record_id, true AS here FROM {new}) AS new USING (dataset, record_id)
"""
PEOPLE = """
WITH pair AS (
    SELECT DISTINCT old.{person} AS was, new.{person} AS now
    FROM {old} AS old
    JOIN {new} AS new USING (dataset, record_id)
),
counted AS (
    SELECT
        was,
        count(*) OVER (PARTITION BY was) AS becomes,
        count(*) OVER (PARTITION BY now) AS comes_of
    FROM pair
),
person AS (
    SELECT max(becomes) > 1 AS split, max(comes_of) > 1 AS merged FROM counted GROUP BY was
)
SELECT
    count(*) FILTER (NOT split AND NOT merged),
    count(*) FILTER (split AND NOT merged),
    count(*) FILTER (merged AND NOT split),
    count(*) FILTER (split AND merged),
    (SELECT count(DISTINCT {person}) FROM {old} WHERE {person} NOT IN (SELECT was FROM pair)),
    (SELECT count(DISTINCT {person}) FROM {new} WHERE {person} NOT IN (SELECT now FROM pair))
FROM person
"""


def _counts(con: DuckDBPyConnection, query: str, names: tuple[str, ...]) -> dict[str, int]:
    row = con.execute(query).fetchone()
    assert row is not None
    return dict(zip(names, map(int, row), strict=True))
