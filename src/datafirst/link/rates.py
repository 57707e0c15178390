"""Whom does a ladder match? Match rates of the left dataset by rule, sex, ethnicity and cohort.

The counts stay inside. All the same they name no value but codes of a letter or two, and none that
fewer than ten people have: all others are one category.
"""

from typing import Any

import duckdb

from datafirst.spec import Ladder

from .inputs import Records
from .ladder import once_each
from .near import looked_for
from .standardise import literal

FEWEST = 10
"""People of a category; rarer ones are counted together, for most are slips of the pen."""

COHORT = 5
"""Years of birth that are counted together."""

ALIVE = (1900, 2030)
"""Years of birth that are believed."""

BY = {
    "all": "'all'",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "birth cohort": f"CASE WHEN year(date_of_birth) BETWEEN {ALIVE[0]} AND {ALIVE[1]} THEN "
    f"format('{{}} to {{}}', year(date_of_birth) // {COHORT} * {COHORT}, "
    f"year(date_of_birth) // {COHORT} * {COHORT} + {COHORT - 1}) END",
}
"""How each category is read from a linkage record (its fields are TOLD_APART_BY)."""

CATEGORY = r"all|[A-Z][A-Z0-9]?|\d{4} to \d{4}"
"""What a category looks like. A code is a letter or two: anything longer is some other value."""

UNKNOWN, OTHER = "not known", "other"


def rates(
    con: duckdb.DuckDBPyConnection, ladder: Ladder, records: Records, matches: str = "matches"
) -> list[dict[str, Any]]:
    """For each category: by, category, records, matched, rate, and by_rule the matched of each.

    Where a person has many records on the right, a person is matched who has any, and counts for
    each rule that found one.
    """
    return [
        {
            "by": by,
            "category": category,
            "records": records_of,
            "matched": matched,
            "rate": round(matched / records_of, 4),
            "by_rule": dict(zip((rung.name for rung in ladder.rules), by_rule, strict=True)),
        }
        for by, sql in BY.items()
        for category, records_of, matched, *by_rule in con.execute(
            _query(ladder, sql, once_each(looked_for(ladder, records)), matches)
        ).fetchall()
    ]


def _query(ladder: Ladder, sql: str, relation: str, matches: str) -> str:
    rules = "".join(
        f", count(DISTINCT _row) FILTER (rule = {literal(rung.name)})" for rung in ladder.rules
    )
    return (
        f"WITH read AS (SELECT _row, {sql} AS category FROM {relation}), "
        f"each AS (SELECT _row, CASE WHEN category IS NULL THEN '{UNKNOWN}' "
        f"WHEN regexp_full_match(category, '{CATEGORY}') THEN category ELSE '{OTHER}' END "
        "AS category FROM read), "
        "often AS (SELECT category FROM each GROUP BY category "
        f"HAVING count(*) >= {FEWEST} OR category IN ('all', '{OTHER}')), "
        f"told AS (SELECT _row, coalesce(often.category, '{OTHER}') AS category "
        "FROM each LEFT JOIN often USING (category)), "
        f"found AS (SELECT DISTINCT left_row, rule FROM {matches} "
        f"WHERE ladder = {literal(ladder.id)}) "
        f"SELECT category, count(DISTINCT _row), count(DISTINCT left_row){rules} "
        "FROM told LEFT JOIN found ON left_row = _row GROUP BY category ORDER BY category"
    )
