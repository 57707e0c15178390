"""What is settled by review, and how far do reviewers agree?

Decisions are never changed: a later one of the same reviewer stands in place of the earlier, which
stays. Where reviewers differ the pair is open until a third adjudicates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import duckdb

from .intervals import NORMAL, TAILS

STANDING = """
SELECT pair_id, reviewer, adjudicates, arg_max(clerical_match_score, event) AS score,
       arg_min(clerical_match_score, event) AS at_first, min(event) AS first, count(*) AS times
FROM {decisions} GROUP BY pair_id, reviewer, adjudicates"""
"""What each reviewer thinks of each pair now, and what was thought at first."""

SETTLED = """
WITH standing AS ({standing}),
reviewed AS (SELECT pair_id, count(*) AS reviewers, count(DISTINCT score) AS opinions,
                    any_value(score) AS score
             FROM standing WHERE NOT adjudicates GROUP BY pair_id),
adjudicated AS (SELECT pair_id, arg_max(clerical_match_score, event) AS score
                FROM {decisions} WHERE adjudicates GROUP BY pair_id),
each AS (SELECT s.pair_id, CASE WHEN a.pair_id IS NOT NULL THEN 'adjudicated'
                                WHEN opinions = 1 AND reviewers = 1 THEN 'one'
                                WHEN opinions = 1 THEN 'two agree' ELSE 'open' END AS decided_by,
                coalesce(a.score, r.score) AS score
         FROM {sample} AS s LEFT JOIN reviewed AS r USING (pair_id)
         LEFT JOIN adjudicated AS a USING (pair_id))
SELECT pair_id, CASE WHEN decided_by <> 'open' AND score <> 0.5 THEN score = 1 END AS decision,
       decided_by FROM each ORDER BY pair_id"""

OPINIONS = (1.0, 0.0, 0.5)


@dataclass(frozen=True)
class Agreement:
    """How far two reviewers agree on the pairs that both decided."""

    pairs: int
    agreed: int
    kappa: float | None
    """Cohen's (1960). None where there are no pairs, or chance alone would make all agree."""
    low: float | None = None
    high: float | None = None
    """Its 95% interval, by the standard error of Fleiss, Cohen and Everitt (1969). Where all
    agree that is nothing, however few they are: then `low` is what kappa would be if two
    reviewers agreed as seldom as these pairs can hide (Clopper and Pearson's bound, 1934)."""


@dataclass(frozen=True)
class Reviewer:
    """What one reviewer did."""

    reviewer: str
    adjudicates: bool
    decided: int
    match: int
    no_match: int
    cannot_tell: int
    changed: int
    """Pairs decided anew."""
    shared: int
    """Pairs that another reviewer decided too."""
    agreed: int
    """Of those, on how many all agree."""
    overruled: int
    """Of those, on how many an adjudicator decided otherwise."""


def settled(
    con: duckdb.DuckDBPyConnection,
    sample: str = "sample",
    decisions: str = "decisions",
    into: str = "settled",
) -> None:
    """Make the table `into`: pair_id, decision, decided_by, a row for each pair of the sample.

    `decisions` has event (in the order they were taken in), pair_id, clerical_match_score,
    reviewer, adjudicates. The decision is true for a match, false for none, null where it is
    open or nobody could tell; it was decided by 'one', 'two agree' or 'adjudicated', or is
    'open': not decided, or in dispute.
    """
    query = SETTLED.format(
        standing=STANDING.format(decisions=decisions), decisions=decisions, sample=f'"{sample}"'
    )
    con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {query}')


def disputed(
    con: duckdb.DuckDBPyConnection, decisions: str = "decisions"
) -> dict[int, frozenset[str]]:
    """The pairs on which reviewers differ, and who decided them, adjudicated or not."""
    rows = con.execute(
        f"SELECT pair_id, list(reviewer) FROM ({STANDING.format(decisions=decisions)}) "
        "WHERE NOT adjudicates GROUP BY pair_id HAVING count(DISTINCT score) > 1 ORDER BY pair_id"
    ).fetchall()
    return {int(pair): frozenset(who) for pair, who in rows}


def agreement(con: duckdb.DuckDBPyConnection, decisions: str = "decisions") -> Agreement:
    """Of the first two reviewers of each pair that has two: of what each said at first, before
    anybody could have shown the other's decision."""
    rows = con.execute(
        f"WITH standing AS ({STANDING.format(decisions=decisions)}), shared AS (SELECT pair_id, "
        "list(at_first ORDER BY reviewer) AS scores FROM (SELECT * FROM standing WHERE NOT "
        "adjudicates QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY first) <= 2) "
        "GROUP BY pair_id) SELECT scores[1], scores[2], count(*) FROM shared "
        "WHERE len(scores) = 2 GROUP BY ALL"
    ).fetchall()
    table = [[0] * len(OPINIONS) for _ in OPINIONS]
    for one, other, n in rows:
        table[OPINIONS.index(one)][OPINIONS.index(other)] = n
    return kappa(table)


def kappa(table: Sequence[Sequence[int]]) -> Agreement:
    """Cohen's kappa of a table of what one (rows) and the other (columns) decided."""
    n, kinds = sum(map(sum, table)), range(len(table))
    agreed = sum(table[i][i] for i in kinds)
    p = [[cell / n if n else 0.0 for cell in row] for row in table]
    rows = [sum(p[i]) for i in kinds]
    columns = [sum(p[i][j] for i in kinds) for j in kinds]
    observed, chance = sum(p[i][i] for i in kinds), sum(rows[i] * columns[i] for i in kinds)
    if not n or chance > 1 - 1e-12:
        return Agreement(n, agreed, None)
    k = (observed - chance) / (1 - chance)
    if agreed == n:
        return Agreement(n, n, 1.0, round((TAILS[0] ** (1 / n) - chance) / (1 - chance), 6), 1.0)
    same = sum(p[i][i] * (1 - (rows[i] + columns[i]) * (1 - k)) ** 2 for i in kinds)
    other = (1 - k) ** 2 * sum(
        p[i][j] * (columns[i] + rows[j]) ** 2 for i in kinds for j in kinds if i != j
    )
    variance = (same + other - (k - chance * (1 - k)) ** 2) / (n * (1 - chance) ** 2)
    half = NORMAL * sqrt(max(0.0, variance))
    low, high = max(-1.0, k - half), min(1.0, k + half)
    return Agreement(n, agreed, round(k, 6), round(low, 6), round(high, 6))


def reviewers(con: duckdb.DuckDBPyConnection, decisions: str = "decisions") -> list[Reviewer]:
    """What each reviewer did, in order of their names."""
    rows: list[tuple[Any, ...]] = con.execute(
        f"WITH standing AS ({STANDING.format(decisions=decisions)}), pairs AS (SELECT pair_id, "
        "count(*) FILTER (NOT adjudicates) AS reviewers, "
        "count(DISTINCT score) FILTER (NOT adjudicates) AS opinions, "
        "arg_max(score, first) FILTER (adjudicates) AS final FROM standing GROUP BY pair_id) "
        "SELECT reviewer, adjudicates, count(*), count(*) FILTER (score = 1), "
        "count(*) FILTER (score = 0), count(*) FILTER (score = 0.5), "
        "count(*) FILTER (times > 1), count(*) FILTER (NOT adjudicates AND reviewers > 1), "
        "count(*) FILTER (NOT adjudicates AND reviewers > 1 AND opinions = 1), "
        "count(*) FILTER (NOT adjudicates AND final <> score) "
        "FROM standing JOIN pairs USING (pair_id) GROUP BY ALL ORDER BY reviewer, adjudicates"
    ).fetchall()
    return [Reviewer(*row) for row in rows]
