"""Is every person of a stricter threshold part of one person of the next looser one?

Whoever does an analysis again on surer links must find parts of the people that they had, never
people across them. Clustering, taking apart and naming each keep to that; it is looked at where
all of them are done.
"""

from itertools import pairwise

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.spec.linkage import LEVELS


def nested(con: duckdb.DuckDBPyConnection, people: str) -> None:
    """LinkageRefused, with counts, where a person of the relation `people` at one threshold is of
    several at the next, or of none for some records."""
    wrong = {
        f"{broken:,} {strict} people are not within one {loose} person"
        for strict, loose in pairwise(LEVELS)
        if (broken := _broken(con, people, f"person_{strict}", f"person_{loose}"))
    }
    if wrong:
        raise LinkageRefused(
            f"people are not nested: {'; '.join(sorted(wrong))}. This is a fault of the program, "
            "not of the data: nothing of this run is kept"
        )


def _broken(con: duckdb.DuckDBPyConnection, people: str, strict: str, loose: str) -> int:
    """How many people at the stricter threshold. Who has an id at one has one at the other."""
    [(count,)] = con.execute(
        f"SELECT count(*) FROM (SELECT {strict} FROM {people} GROUP BY {strict} "
        f"HAVING CASE WHEN {strict} IS NULL THEN count({loose}) > 0 "
        f"ELSE count({loose}) < count(*) OR min({loose}) <> max({loose}) END)"
    ).fetchall()
    return int(count)
