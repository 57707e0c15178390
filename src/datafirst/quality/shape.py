"""What shape have the people that were found? Their sizes, density and bridges, and who was cut.

None of it needs the truth: these are the signs by which wrong links give themselves away (Randall
and others 2014, on graph measures of linkage errors). Only counts are told.
"""

from collections.abc import Iterator

import duckdb
import numpy as np

from datafirst.link.bridges import bridges
from datafirst.link.cluster import STRENGTHS

from . import charts
from .section import Section

SIZES = (1, 2, 3, 4, 5, 6, 11, 21, 51, 101)
"""The least number of records of each band of sizes."""

GROUPS = (1, 2, 4)
"""Records on the smaller side of a bridge, from which it is counted apart."""

HEADER_OF_SIZES = ("Records", *(level.capitalize() for level in STRENGTHS))


def shape(
    con: duckdb.DuckDBPyConnection, people: str = "people", edges: str = "edges"
) -> Iterator[Section]:
    """The sections of the report that tell the shape of people, as stage link left them."""
    yield _totals(con, people)
    yield _sizes(con, people)
    try:
        _inside(con, people, edges)
        yield _density(con)
        yield _bridges(con)
    finally:
        con.execute("DROP TABLE IF EXISTS shape_nodes; DROP TABLE IF EXISTS shape_edges")
    yield _cuts(con, people)


def _inside(con: duckdb.DuckDBPyConnection, people: str, edges: str) -> None:
    """The records of people of several, and the edges between those of one person."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE shape_nodes AS SELECT dataset, _row, person, n, "
        "(row_number() OVER (ORDER BY dataset, _row) - 1)::INTEGER AS node FROM "
        "(SELECT dataset, _row, person_standard AS person, count(*) OVER "
        f"(PARTITION BY person_standard) AS n FROM {people}) WHERE n > 1"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE shape_edges AS SELECT l.person, l.node AS a, r.node AS b, "
        f"strength FROM {edges} "
        "JOIN shape_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN shape_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r "
        f"WHERE strength >= {STRENGTHS['standard']} AND l.person = r.person"
    )


def _totals(con: duckdb.DuckDBPyConnection, people: str) -> Section:
    each = " UNION ALL ".join(
        f"SELECT '{level}' AS level, {n} AS strength, count(*) AS n FROM {people} "
        f"GROUP BY person_{level}"
        for level, n in STRENGTHS.items()
    )
    rows = con.execute(
        "SELECT level, sum(n)::BIGINT, count(*), count(*) FILTER (n > 1), "
        f"coalesce(sum(n) FILTER (n > 1), 0)::BIGINT, max(n) FROM ({each}) "
        "GROUP BY level, strength ORDER BY strength DESC"
    ).fetchall()
    return Section(
        "People found",
        "How many people the records are found to be, at each strength of evidence.",
        ("Strength", "Records", "People", "People of several records", "Records of theirs",
         "Records of the largest"),
        tuple(rows),
    )  # fmt: skip


def _sizes(con: duckdb.DuckDBPyConnection, people: str) -> Section:
    counted = {
        level: dict(con.execute(
            f"SELECT {_band('n')} AS band, count(*) FROM (SELECT count(*) AS n FROM {people} "
            f"GROUP BY person_{level}) GROUP BY band"
        ).fetchall())
        for level in STRENGTHS
    }  # fmt: skip
    used = [at for at in SIZES if any(at in found for found in counted.values())]
    rows = [(_size(at), *(counted[level].get(at, 0) for level in STRENGTHS)) for at in used]
    values = [
        {"strength": level, "records": _size(at), "people": counted[level].get(at, 0)}
        for level in STRENGTHS
        for at in used
    ]
    drawn = charts.bars(
        "How many records people have",
        "People by their number of records, at each strength of evidence; the scale is that of "
        "square roots",
        values,
        of="records",
        size=charts.number("people", "People", scale={"type": "sqrt"}),
        shown=",",
    )
    drawn = charts.small_multiples({**drawn, "width": 150}, "strength", 3, scales="shared")
    drawn["facet"]["sort"] = list(STRENGTHS)
    return Section(
        "Sizes of people",
        "How many people have so many records, at each strength of evidence.",
        HEADER_OF_SIZES,
        tuple(rows),
        drawn,
        published=True,
    )


def _density(con: duckdb.DuckDBPyConnection) -> Section:
    rows = con.execute(
        "WITH held AS (SELECT person, count(*) AS pairs FROM shape_edges GROUP BY person), "
        "share AS (SELECT n, 2 * coalesce(pairs, 0) / (n * (n - 1)) AS dense FROM "
        "(SELECT DISTINCT person, n FROM shape_nodes) LEFT JOIN held USING (person)) "
        f"SELECT {_band('n')} AS band, count(*), count(*) FILTER (dense = 1), "
        "count(*) FILTER (dense >= 0.5 AND dense < 1), count(*) FILTER (dense < 0.5), "
        "round(avg(dense), 4) FROM share GROUP BY band ORDER BY band"
    ).fetchall()
    return Section(
        "How densely people are linked",
        "How many pairs of a person's records reach the standard threshold themselves: all, half "
        "and more, or fewer. A large person whose records mostly do not agree is likely several.",
        ("Records", "People", "All pairs", "Half or more", "Fewer than half", "Mean share"),
        tuple((_size(band), *rest) for band, *rest in rows),
    )


def _bridges(con: duckdb.DuckDBPyConnection) -> Section:
    (nodes,) = con.execute("SELECT count(*) FROM shape_nodes").fetchall()[0]
    inside = con.execute("SELECT a, b, strength FROM shape_edges").fetchnumpy()
    smaller = bridges(nodes, inside["a"], inside["b"])
    rows = []
    for level in ("strict", "standard"):
        of = smaller[inside["strength"] == STRENGTHS[level]]
        rows.append((level, int(of.size), *(int(np.count_nonzero(of >= n)) for n in GROUPS)))
    return Section(
        "Bridges",
        "Links without which a person at the standard threshold would be two, by their strength: "
        "all of them, and those with two or four records and more on either side.",
        ("Strength", "Links", "Bridges", *(f"{n} and more on either side" for n in GROUPS[1:])),
        tuple(rows),
    )


def _cuts(con: duckdb.DuckDBPyConnection, people: str) -> Section:
    rows = con.execute(
        "SELECT flag, count(*), count(DISTINCT person_loose), count(DISTINCT person_standard), "
        f"count(DISTINCT person_strict) FROM {people} WHERE flag IS NOT NULL "
        "GROUP BY flag ORDER BY flag"
    ).fetchall()
    return Section(
        "People taken apart",
        "Records whose people were taken apart, by the rule, and how many people they are now.",
        ("Rule", "Records", "Loose people", "Standard people", "Strict people"),
        tuple(rows),
    )


def _band(n: str) -> str:
    """The least number of records of the band that a number is in."""
    cases = " ".join(f"WHEN {n} >= {at} THEN {at}" for at in reversed(SIZES))
    return f"CASE {cases} END"


def _size(least: int) -> str:
    """A band of sizes in words."""
    place = SIZES.index(least)
    if place + 1 == len(SIZES):
        return f"{least} and more"
    most = SIZES[place + 1] - 1
    return str(least) if most == least else f"{least} to {most}"
