"""Which pairs of records do clerical reviewers decide? A stratified sample with known chances.

Within a stratum every pair has the same chance and none is drawn twice: each draws a lot, a digest
of the names of its two records and of the seed, and the smallest win. The same seed therefore
draws the same pairs anywhere, and the sample of a subset of pairs does not depend on the others.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import duckdb
import pyarrow as pa

from datafirst.link.inputs import Records

from .allocation import Stratum, allocate
from .cells import Standards
from .frames import NAMES, frames
from .groups import GROUPS
from .known import group_of, known
from .search import brought_together

TWICE = "3333"
"""One pair in five is decided by two reviewers: those whose second lot is below this, a fifth of
what four hexadecimal digits can be."""

COLUMNS = {
    "pair_id": "BIGINT",
    "frame": "VARCHAR",
    "dataset_l": "VARCHAR",
    "record_id_l": "VARCHAR",
    "dataset_r": "VARCHAR",
    "record_id_r": "VARCHAR",
    "model": "VARCHAR",
    "match_weight": "DOUBLE",
    "strength": "TINYINT",
    "together": "BOOLEAN",
    "searched": "BOOLEAN",
    "stratum": "VARCHAR",
    "stratum_pairs": "BIGINT",
    "stratum_sampled": "BIGINT",
    "double_review": "BOOLEAN",
    **dict.fromkeys(GROUPS, "VARCHAR"),
}
"""What the sample consists of, and nothing else."""


def sample(
    con: duckdb.DuckDBPyConnection,
    records: Records,
    pairs: int,
    seed: int,
    standards: Standards,
    *,
    people: str = "people",
    edges: str = "edges",
    grouped: str = "grouped",
    into: str = "sample",
) -> dict[str, Any]:
    """Make the table `into` (COLUMNS), in order of pair_id, and `into`_known (known.py); returns
    counts.

    pair_id is the order of the lots, so that it tells nothing of a pair. `stratum_pairs` is how
    many pairs of its frame a stratum has, `stratum_sampled` how many of them are here. `searched`:
    whether the wide search brings the two records together, whatever their frame. A group column
    is the group of both records, of the one whose group is known, or 'mixed'.
    SpecificationError where fewer pairs are asked for than the strata need.
    """
    try:
        frame = frames(con, records, seed, people, edges, grouped)
        strata = allocate(frame.cells, pairs, standards)
        _drawn(con, strata)
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_sample(con, grouped)}')
        known(con, strata, grouped, f"{into}_known")
    finally:
        for table in ("nodes", "edges", "search", "pairs", "cells", "strata", "drawn"):
            con.execute(f"DROP TABLE IF EXISTS sampling_{table}")
    return _told(strata, frame.search)


def _told(strata: Sequence[Stratum], search: Mapping[str, int]) -> dict[str, Any]:
    of = {name: [s for s in strata if s.cells[0].frame == name] for name in NAMES}
    return {
        "pairs": sum(stratum.sampled for stratum in strata),
        "strata": len(strata),
        "frames": {
            name: {"pairs": sum(s.pairs for s in own), "sampled": sum(s.sampled for s in own)}
            for name, own in of.items()
        },
        "search": dict(search),
    }


def _drawn(con: duckdb.DuckDBPyConnection, strata: Sequence[Stratum]) -> None:
    """The table sampling_drawn: the pairs with the smallest lots of each stratum.

    Only lots below a limit are sorted, under which a stratum's share lies but for one chance in
    a hundred million; where it does not, a wider one is set.
    """
    cells = [(cell.number, i) for i, s in enumerate(strata) for cell in s.cells]
    con.register(
        "of_cells", pa.table({"number": [n for n, _ in cells], "i": [i for _, i in cells]})
    )
    wanted, margin = sum(stratum.sampled for stratum in strata), 1.0
    while True:
        con.register("of_strata", _limits(strata, margin))
        con.execute(
            "CREATE OR REPLACE TABLE sampling_strata AS FROM of_strata;"
            f"CREATE OR REPLACE TABLE sampling_drawn AS {DRAWN}"
        )
        con.unregister("of_strata")
        (drawn,) = con.execute("SELECT count(*) FROM sampling_drawn").fetchall()[0]
        if drawn == wanted:
            break
        margin *= 4
    con.unregister("of_cells")


DRAWN = """
SELECT node_l, node_r, frame, lot, name AS stratum, pairs, sampled FROM (
    SELECT p.node_l, p.node_r, p.frame, md5(l.draw || r.draw) AS lot, s.*
    FROM sampling_pairs AS p
    JOIN sampling_cells AS c USING (frame, band, place_l, place_r, rare)
    JOIN of_cells USING (number)
    JOIN sampling_strata AS s USING (i)
    JOIN sampling_nodes AS l ON l.node = p.node_l
    JOIN sampling_nodes AS r ON r.node = p.node_r
    WHERE lot < s.below)
QUALIFY row_number() OVER (PARTITION BY name ORDER BY lot, node_l, node_r) <= sampled"""


def _limits(strata: Sequence[Stratum], margin: float) -> pa.Table:
    below = []
    for stratum in strata:
        n = stratum.sampled
        share = margin * (n + 6 * sqrt(n) + 20) / stratum.there
        below.append("g" if share >= 1 else f"{int(share * 16**12):012x}")
    return pa.table(
        {
            "i": list(range(len(strata))),
            "name": [stratum.name for stratum in strata],
            "pairs": [stratum.pairs for stratum in strata],
            "sampled": [stratum.sampled for stratum in strata],
            "below": below,
        }
    )


def _sample(con: duckdb.DuckDBPyConnection, grouped: str) -> str:
    names = " ".join(f"WHEN {i} THEN '{name}'" for i, name in enumerate(NAMES))
    groups = ", ".join(f"{group_of(column)} AS {column}" for column in GROUPS)
    return (
        f"WITH drawn AS (SELECT d.*, ({brought_together(con)}) AS searched "
        "FROM sampling_drawn AS d JOIN sampling_search AS l ON l.node = node_l "
        "JOIN sampling_search AS r ON r.node = node_r) "
        "SELECT row_number() OVER (ORDER BY lot, node_l, node_r) AS pair_id, "
        f"CASE frame {names} END AS frame, l.dataset AS dataset_l, l.record_id AS record_id_l, "
        "r.dataset AS dataset_r, r.record_id AS record_id_r, model, match_weight, strength, "
        "l.person = r.person AS together, searched, stratum, "
        "pairs AS stratum_pairs, sampled AS stratum_sampled, "
        f"left(md5('again/' || lot), 4) < '{TWICE}' AS double_review, {groups} FROM drawn "
        "JOIN sampling_nodes AS l ON l.node = node_l JOIN sampling_nodes AS r ON r.node = node_r "
        "LEFT JOIN sampling_edges AS e ON e.a = node_l AND e.b = node_r "
        f"LEFT JOIN {grouped} AS lg ON lg.dataset = l.dataset AND lg._row = l._row "
        f"LEFT JOIN {grouped} AS rg ON rg.dataset = r.dataset AND rg._row = r._row "
        "ORDER BY pair_id"
    )
