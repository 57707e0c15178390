"""Which journeys are found, where the truth is known? By kind of case, and by how cases part.

A case is one to one, or is joined with others on its way up, or is split in several: each journey
that there really is counts as what it is, whether it was found or not.
"""

from dataclasses import dataclass

import duckdb

from .share import share
from .truth import Agreement

NONE = "none really"
"""Links of Crown Court cases of which no journey is known: all of them are wrong."""

KNOWN = """
WITH really AS (SELECT DISTINCT left_record_id, right_record_id, kind FROM {truth}),
shaped AS (SELECT *, concat_ws(' to ',
        CASE WHEN count(*) OVER (PARTITION BY right_record_id) > 1 THEN 'several' ELSE 'one' END,
        CASE WHEN count(*) OVER (PARTITION BY left_record_id) > 1 THEN 'several' ELSE 'one' END)
    AS shape FROM really)"""
"""Of a relation of what is really so: each journey once, and its shape."""

KINDS = """, of AS (SELECT DISTINCT right_record_id, kind FROM really),
links AS (SELECT coalesce(of.kind, $none) AS kind, really.kind IS NOT NULL AS is_right, best
    FROM {journeys} LEFT JOIN of USING (right_record_id)
    LEFT JOIN really USING (left_record_id, right_record_id)),
there AS (SELECT kind, count(*) AS planted, count(DISTINCT right_record_id) AS cases
    FROM really GROUP BY kind),
told AS (SELECT kind, count(*) AS found, count(*) FILTER (is_right) AS right_of_all,
        count(*) FILTER (best) AS best, count(*) FILTER (best AND is_right) AS best_right
    FROM links GROUP BY kind)
SELECT kind, coalesce(planted, 0), coalesce(cases, 0), coalesce(found, 0),
    coalesce(right_of_all, 0), coalesce(best, 0), coalesce(best_right, 0)
FROM there FULL JOIN told USING (kind) ORDER BY kind"""

SHAPES = """
SELECT shape, count(*), count(found.left_record_id) FROM shaped
LEFT JOIN {journeys} AS found USING (left_record_id, right_record_id) GROUP BY shape ORDER BY shape
"""


@dataclass(frozen=True)
class KindOfJourney:
    """How right the links of one kind of Crown Court case are."""

    planted: int
    """Journeys that there really are."""
    cases: int
    """Crown Court cases that they led to."""
    found: int
    right: int
    best: int
    """Cases of which a link was found, one of which is marked as the best."""
    best_right: int

    @property
    def links(self) -> Agreement:
        return Agreement(share(self.right, self.found), share(self.right, self.planted))

    @property
    def best_precision(self) -> float | None:
        """How often the best link is right."""
        return share(self.best_right, self.best)


def journeys_by_kind(
    con: duckdb.DuckDBPyConnection, journeys: str, truth: str
) -> dict[str, KindOfJourney]:
    """Compare journeys with the truth (left_record_id, right_record_id, kind) by the kind of the
    right-hand record; what has no journey really is NONE."""
    query = (KNOWN + KINDS).format(journeys=journeys, truth=truth)
    rows = con.execute(query, {"none": NONE}).fetchall()
    return {kind: KindOfJourney(*map(int, counts)) for kind, *counts in rows}


def journeys_by_shape(
    con: duckdb.DuckDBPyConnection, journeys: str, truth: str
) -> dict[str, tuple[int, int]]:
    """How many journeys there really are and how many of them were found, by how many cases of
    the court below led to how many above: 'several to one' were joined, 'one to several' split."""
    query = (KNOWN + SHAPES).format(journeys=journeys, truth=truth)
    return {shape: (int(n), int(found)) for shape, n, found in con.execute(query).fetchall()}
