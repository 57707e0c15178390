"""Whom does a ladder match? Match rates of the left dataset by rule, sex, ethnicity and cohort.

The report on linkage shows them, and researchers get them once they are made publishable. So they
name no value from the data but codes of the left system's own lists, and none that fewer than ten
people have: all others are one category.
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from datafirst.spec import Ladder, Specification

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

CODED = ("sex", "ethnicity")
"""Categories that are codes. Whatever is not in the list of codes is somebody's slip of the pen, or
something else: it is never named."""

UNKNOWN, OTHER, ANOTHER_CODE = "not known", "other", "another code"

Codes = Mapping[str, frozenset[str]]
"""Of each coded field, the codes that there are."""


def codes_of(spec: Specification, dataset: str) -> Codes:
    """The codes of a dataset's system for what it links as, brought to those that are compared."""
    system = spec.systems[spec.linkage.datasets[dataset].system]
    listed = [
        (variable.links_as, code.upper())
        for table in system.tables.values()
        for variable in table
        if variable.links_as in CODED
        for code in variable.codes or ()
    ]
    recode = {name: spec.linkage.fields[name].recode for name in CODED}
    return {
        name: frozenset(recode[name].get(code, code) for of, code in listed if of == name)
        for name in CODED
    }


def rates(
    con: duckdb.DuckDBPyConnection,
    ladder: Ladder,
    records: Records,
    codes: Codes,
    matches: str = "matches",
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
        for by in BY
        for category, records_of, matched, *by_rule in con.execute(
            _query(ladder, by, codes, once_each(looked_for(ladder, records)), matches)
        ).fetchall()
    ]


def _query(ladder: Ladder, by: str, codes: Codes, relation: str, matches: str) -> str:
    other = ANOTHER_CODE if by in CODED else OTHER
    rules = "".join(
        f", count(DISTINCT _row) FILTER (rule = {literal(rung.name)})" for rung in ladder.rules
    )
    return (
        f"WITH read AS (SELECT _row, {BY[by]} AS category FROM {relation}), "
        f"each AS (SELECT _row, CASE WHEN category IS NULL THEN '{UNKNOWN}' "
        f"WHEN {_named(by, codes)} THEN category ELSE '{other}' END "
        "AS category FROM read), "
        "often AS (SELECT category FROM each GROUP BY category "
        f"HAVING count(*) >= {FEWEST} OR category IN ('all', '{other}')), "
        f"told AS (SELECT _row, coalesce(often.category, '{other}') AS category "
        "FROM each LEFT JOIN often USING (category)), "
        f"found AS (SELECT DISTINCT left_row, rule FROM {matches} "
        f"WHERE ladder = {literal(ladder.id)}) "
        f"SELECT category, count(DISTINCT _row), count(DISTINCT left_row){rules} "
        "FROM told LEFT JOIN found ON left_row = _row GROUP BY category ORDER BY category"
    )


def _named(by: str, codes: Codes) -> str:
    """The condition on which a category is named. All but codes are worked out here."""
    if by not in CODED:
        return "true"
    listed = ", ".join(literal(code) for code in sorted(codes.get(by, ())))
    return f"category IN ({listed})" if listed else "false"
