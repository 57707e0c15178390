"""Are two records one person, and by which links?"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from datafirst.errors import SpecificationError
from datafirst.spec.linkage import LEVELS

from .path import Edge, Record, strongest


@dataclass(frozen=True)
class Found:
    """Two records of a linked release."""

    left: Record
    right: Record
    level: str | None
    """The strictest level at which they are one person; None where they are two."""
    people: dict[Record, str]
    """The records of their person, or the two alone, and what each is called."""


def two_records(con: duckdb.DuckDBPyConnection, names: list[str]) -> Found:
    """Who the records of two names, DATASET/RECORD_ID, are in the relation `people`.

    SpecificationError where there are no two such records. It does not repeat the names.
    """
    levels = ", ".join(f"person_{level}" for level in LEVELS)
    rows = {
        name: ((dataset, row), people)
        for name, dataset, row, *people in con.execute(
            f"SELECT dataset || '/' || record_id, dataset, _row, {levels} FROM people "
            "WHERE dataset || '/' || record_id IN (?, ?) ORDER BY dataset, _row",
            names,
        ).fetchall()
    }
    if len(rows) < 2:
        raise SpecificationError(
            "these are not two records of the release: name each as DATASET/RECORD_ID, with a "
            "dataset of config/linkage/datasets and the key of its table"
        )
    (left, of_left), (right, of_right) = (rows[name] for name in names)
    same = [n for n, (a, b) in enumerate(zip(of_left, of_right, strict=True)) if a == b]
    level = LEVELS[same[0]] if same else None
    person = of_left[same[0]] if same else None
    return Found(left, right, level, _members(con, level, person, (left, right)))


def between(con: duckdb.DuckDBPyConnection, found: Found) -> list[tuple[Record, Record]]:
    """The strongest way between the two records through the `edges` of their person."""
    if found.level is None:
        return []
    listed = ", ".join(f"('{dataset}', {row})" for dataset, row in sorted(found.people))
    least = len(LEVELS) - LEVELS.index(found.level)
    edges: list[Edge] = [
        ((a, m), (b, n), weight)
        for a, m, b, n, weight in con.execute(
            "SELECT dataset_l, _row_l, dataset_r, _row_r, match_weight FROM edges "
            f"WHERE (dataset_l, _row_l) IN ({listed}) AND (dataset_r, _row_r) IN ({listed}) "
            f"AND strength >= {least} ORDER BY ALL"
        ).fetchall()
    ]
    return strongest(edges, found.left, found.right)


def _members(
    con: duckdb.DuckDBPyConnection, level: str | None, person: str | None, two: Iterable[Record]
) -> dict[Record, str]:
    only = " OR ".join(f"(dataset = '{dataset}' AND _row = {row})" for dataset, row in two)
    where, values = (f"person_{level} = ?", [person]) if level else (only, [])
    rows = con.execute(
        f"SELECT dataset, _row, dataset || '/' || record_id FROM people WHERE {where}", values
    ).fetchall()
    return {(dataset, row): name for dataset, row, name in rows}
