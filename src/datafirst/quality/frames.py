"""From which pairs of records is a clerical sample drawn? Every pair stands in one frame.

together: records of one person, whether by an edge or through others;
apart: records that an edge connects and that are not one person;
unseen: records that no edge connects and that are not one person, found by a search on
wide keys. Without them nobody can say what linkage has missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from datafirst.link.inputs import Records
from datafirst.link.standardise import literal

from .cells import (
    APART,
    BITS,
    HIGHEST,
    LOWEST,
    NO_WEIGHT,
    ROUGH_BITS,
    ROUGH_HIGHEST,
    ROUGH_LOWEST,
    TOGETHER,
    UNSEEN,
    Cell,
)
from .groups import NOT_KNOWN
from .search import found, rough_weight, search

EQUITY = ("sex", "ethnicity", "naming", "age")
"""The columns of groups whose rare values are sampled on their own."""
RARE = 0.1
"""The share of records below which a group is too small for its share of the sample to do."""
EVERYBODY_ELSE = "other"


@dataclass(frozen=True)
class Frames:
    """What there is to draw from."""

    cells: tuple[Cell, ...]
    search: Mapping[str, int]
    """What the wide search did, in counts."""


def frames(
    con: duckdb.DuckDBPyConnection,
    records: Records,
    seed: int,
    people: str,
    edges: str,
    grouped: str,
) -> Frames:
    """Make the tables sampling_nodes, _edges, _search, _pairs and _cells, and tell the cells.

    A pair is two numbers of nodes, the smaller on the left, and its cell in numbers: strings
    are joined once for each record and not for each pair.
    """
    groups = rare_groups(con, grouped)
    datasets = _nodes(con, seed, people, grouped, groups)
    _edges(con, edges, datasets)
    told = search(con, records)
    wide = found(con, told["one_record_in"])
    con.execute(
        f"CREATE OR REPLACE TABLE sampling_pairs AS WITH pairs AS ({_together()} UNION ALL "
        f"{_apart()} UNION ALL {_unseen(wide)}) SELECT a AS node_l, b AS node_r, frame, band, "
        "l.place AS place_l, r.place AS place_r, least(l.rare, r.rare) AS rare FROM pairs "
        "JOIN sampling_nodes AS l ON l.node = a JOIN sampling_nodes AS r ON r.node = b"
    )
    return Frames(_cells(con, datasets, groups, told["one_record_in"]), told)


NAMES = (TOGETHER, APART, UNSEEN)


def rare_groups(con: duckdb.DuckDBPyConnection, grouped: str) -> list[tuple[str, str]]:
    """Columns and values of the rare groups, the rarest first.

    A pair stands with the rarest group that one of its records is of: so each group has strata
    of its own, and they are as many as there are groups and not as many as their combinations.
    """
    values = " UNION ALL ".join(
        f"SELECT {literal(column)} AS name, {column} AS value FROM {grouped}" for column in EQUITY
    )
    found = con.execute(
        f"SELECT name, value FROM ({values}) WHERE value IS NOT NULL AND value <> '{NOT_KNOWN}' "
        f"GROUP BY ALL HAVING count(*) < {RARE} * (SELECT count(*) FROM {grouped}) "
        "ORDER BY count(*), name, value"
    ).fetchall()
    return [(str(name), str(value)) for name, value in found]


def _nodes(
    con: duckdb.DuckDBPyConnection,
    seed: int,
    people: str,
    grouped: str,
    groups: Sequence[tuple[str, str]],
) -> list[str]:
    """Records numbered in order of dataset and row; returns the datasets in order.

    `draw` is the record's part in the lot that is drawn for its pairs: a digest of what names
    it, so that it does not depend on the machine, its threads or DuckDB's version.
    """
    query = f"SELECT DISTINCT dataset FROM {people} ORDER BY dataset"
    datasets = [str(name) for (name,) in con.execute(query).fetchall()]
    place = " ".join(f"WHEN {literal(name)} THEN {i}" for i, name in enumerate(datasets))
    ranks = [
        f"CASE WHEN g.{column} = {literal(value)} THEN {i} END"
        for i, (column, value) in enumerate(groups)
    ]
    con.execute(
        "CREATE OR REPLACE TABLE sampling_nodes AS WITH numbered AS ("
        f"SELECT *, row_number() OVER (ORDER BY dataset, _row)::INTEGER AS node FROM {people}) "
        "SELECT node, dataset, _row, record_id, "
        f"(CASE dataset {place} ELSE 0 END)::UTINYINT AS place, "
        "min(node) OVER (PARTITION BY person_standard) AS person, "
        f"least({', '.join([*ranks, str(len(groups))])})::UTINYINT AS rare, "
        f"md5('{seed}/' || dataset || '/' || record_id) AS draw "
        f"FROM numbered LEFT JOIN {grouped} AS g USING (dataset, _row) ORDER BY node"
    )
    return datasets


def _edges(con: duckdb.DuckDBPyConnection, edges: str, datasets: Sequence[str]) -> None:
    """Edges between numbers. Cases, which are no people, have edges too: those find no node."""
    con.execute(
        "CREATE OR REPLACE TABLE sampling_edges AS SELECT least(l.node, r.node) AS a, "
        "greatest(l.node, r.node) AS b, match_weight, model, strength, "
        f"l.person = r.person AS together FROM {edges} "
        "JOIN sampling_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN sampling_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r"
    )


BAND = f"least(greatest(floor(match_weight / {BITS}), {LOWEST}), {HIGHEST})::TINYINT"
ROUGH_BAND = (
    f"least(greatest(floor({rough_weight()} / {ROUGH_BITS}), {ROUGH_LOWEST}), "
    f"{ROUGH_HIGHEST})::TINYINT"
)


def _together() -> str:
    return (
        "SELECT l.node AS a, r.node AS b, 0::TINYINT AS frame, "
        # least() and greatest() skip nulls.
        f"CASE WHEN match_weight IS NULL THEN {NO_WEIGHT} ELSE {BAND} END::TINYINT AS band "
        "FROM sampling_nodes AS l "
        "JOIN sampling_nodes AS r ON l.person = r.person AND l.node < r.node "
        "LEFT JOIN (SELECT a, b, match_weight FROM sampling_edges WHERE together) AS e "
        "ON e.a = l.node AND e.b = r.node"
    )


def _apart() -> str:
    return (
        f"SELECT a, b, 1::TINYINT AS frame, {BAND} AS band FROM sampling_edges WHERE NOT together"
    )


def _unseen(wide: str) -> str:
    return (
        f"SELECT a, b, 2::TINYINT AS frame, {ROUGH_BAND} AS band FROM ({wide}) "
        "ANTI JOIN sampling_edges USING (a, b) "
        "JOIN sampling_search AS l ON l.node = a JOIN sampling_search AS r ON r.node = b"
    )


def _cells(
    con: duckdb.DuckDBPyConnection,
    datasets: Sequence[str],
    groups: Sequence[tuple[str, str]],
    each: int,
) -> tuple[Cell, ...]:
    con.execute(
        "CREATE OR REPLACE TABLE sampling_cells AS SELECT *, "
        "row_number() OVER (ORDER BY frame, band, place_l, place_r, rare) AS number FROM "
        "(SELECT frame, band, place_l, place_r, rare, count(*) AS there FROM sampling_pairs "
        "GROUP BY ALL)"
    )
    named = [*(f"{column} {value}" for column, value in groups), EVERYBODY_ELSE]
    rows = con.execute("FROM sampling_cells ORDER BY number").fetchall()
    return tuple(
        Cell(
            NAMES[frame], band, datasets[left], datasets[right], named[rare], number, there,
            each if NAMES[frame] == UNSEEN else 1,
        )
        for frame, band, left, right, rare, there, number in rows
    )  # fmt: skip
