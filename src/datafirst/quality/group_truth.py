"""How right are the links of each group, where the truth is known?

A pair of records is of the group of both, of the one whose group is known, or 'mixed', as in the
sample (sample.py). Pairs are counted from how many records of each group clusters and people hold,
so that none is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from .groups import GROUPS, NOT_KNOWN
from .known import MIXED
from .share import share
from .truth import Agreement

PAIRS = """
SELECT category, sum(CASE category WHEN '{unknown}' THEN 0 ELSE n * unknown END + n * (n - 1) / 2)
FROM (SELECT category, n, coalesce(max(n) FILTER (category = '{unknown}') OVER of_one, 0) AS unknown
      FROM (SELECT {one}, category, sum(n) AS n FROM group_cells GROUP BY ALL)
      WINDOW of_one AS (PARTITION BY {one}))
GROUP BY category
UNION ALL
SELECT '{mixed}', sum((whole * whole - same - 2 * unknown * (whole - unknown)
                       - unknown * unknown) / 2)
FROM (SELECT sum(n) AS whole, coalesce(sum(n) FILTER (category = '{unknown}'), 0) AS unknown,
             coalesce(sum(n * n) FILTER (category <> '{unknown}'), 0) AS same
      FROM (SELECT {one}, category, sum(n) AS n FROM group_cells GROUP BY ALL) GROUP BY {one})"""
"""Pairs of records that share `one` thing, by group."""


@dataclass(frozen=True)
class GroupTruth:
    """The links between the records of one group, at the standard threshold."""

    by: str
    category: str
    linked: int
    true: int
    agreement: Agreement


def group_truth(
    con: duckdb.DuckDBPyConnection, people: str, truth: str, grouped: str = "grouped"
) -> Iterator[GroupTruth]:
    """Precision and recall of the pairs of every group that has any, in order."""
    for by in GROUPS:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE group_cells AS SELECT person_standard AS found, "
            f"person_id AS really, coalesce(g.{by}, '{NOT_KNOWN}') AS category, "
            f"count(*)::DOUBLE AS n FROM {people} JOIN {truth} USING (dataset, record_id) "
            f"LEFT JOIN {grouped} AS g USING (dataset, _row) GROUP BY ALL"
        )
        both, linked, true = (
            dict(con.execute(_pairs(one)).fetchall())
            for one in ("found, really", "found", "really")
        )
        for category in sorted({name for told in (linked, true) for name, n in told.items() if n}):
            of = [float(counts.get(category) or 0) for counts in (both, linked, true)]
            if of[1] or of[2]:
                yield GroupTruth(by, category, round(of[1]), round(of[2]), _agreement(*of))
    con.execute("DROP TABLE IF EXISTS group_cells")


def _pairs(one: str) -> str:
    return PAIRS.format(one=one, unknown=NOT_KNOWN, mixed=MIXED)


def _agreement(both: float, linked: float, true: float) -> Agreement:
    return Agreement(share(both, linked), share(both, true))
