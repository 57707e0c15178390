"""How right are the links of each band, where the truth is known?"""

from dataclasses import dataclass

import duckdb

PRECISION = """
WITH told AS (
    SELECT p.dataset, band,
        count(*) OVER (PARTITION BY person_standard) - 1 AS links,
        count(*) OVER (PARTITION BY person_standard, person_id) - 1 AS rightly
    FROM {people} AS p JOIN {truth} AS t USING (dataset, record_id))
SELECT coalesce(dataset, ''), band, count(*), avg(rightly / links)
FROM told WHERE band IS NOT NULL AND links > 0
GROUP BY GROUPING SETS ((dataset, band), (band)) ORDER BY ALL"""
"""Of each record, the share of the other records of its person that are rightly there."""


@dataclass(frozen=True)
class Banded:
    """The records of one band."""

    dataset: str
    """Empty: all datasets together."""
    band: str
    records: int
    precision: float
    """The share of a record's links that are right, averaged over its records."""


def banded(con: duckdb.DuckDBPyConnection, people: str, truth: str) -> list[Banded]:
    """The bands of `people` (with person_standard and band) by the truth (dataset, record_id,
    person_id): of all datasets first, and each from A to D."""
    rows = con.execute(PRECISION.format(people=people, truth=truth)).fetchall()
    return [Banded(dataset, band, n, round(share, 6)) for dataset, band, n, share in rows]
