"""How many pairs of each group does each stratum have, drawn or not?

A group of which nothing was drawn in a heavy stratum may have been missed there, but not more often
than it has pairs in it: this is what says how wrong an estimate can be that nothing speaks against.
"""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from .allocation import Stratum
from .groups import GROUPS, NOT_KNOWN

MIXED = "mixed"

KNOWN = """
CREATE OR REPLACE TABLE "{into}" AS
WITH each AS (
    SELECT o.stratum, o.each, p.frame = 0 AS together,
           l.dataset || ' and ' || r.dataset AS datasets, {groups}
    FROM sampling_pairs AS p
    JOIN sampling_cells AS c USING (frame, band, place_l, place_r, rare)
    JOIN of_cells_known AS o USING (number)
    JOIN sampling_nodes AS l ON l.node = p.node_l JOIN sampling_nodes AS r ON r.node = p.node_r
    LEFT JOIN {grouped} AS lg ON lg.dataset = l.dataset AND lg._row = l._row
    LEFT JOIN {grouped} AS rg ON rg.dataset = r.dataset AND rg._row = r._row),
counted AS (SELECT stratum, together, {columns}, grouping_id({columns}) AS kind, sum(each) AS pairs
            FROM each GROUP BY GROUPING SETS ({sets}))
SELECT CASE kind {names} END AS kind, coalesce({columns}) AS category, stratum, together,
       pairs::BIGINT AS pairs FROM counted ORDER BY ALL"""


def known(
    con: duckdb.DuckDBPyConnection, strata: Sequence[Stratum], grouped: str, into: str
) -> None:
    """Make the table `into`: kind, category, stratum, together, pairs, from the tables of frames().

    Of two datasets the first in order stands first, as nodes are numbered in their order.
    """
    cells = [(cell.number, stratum.name, cell.each) for stratum in strata for cell in stratum.cells]
    numbers, names, each = zip(*cells, strict=True) if cells else ((), (), ())
    table = {"number": pa.array(numbers, pa.int64()), "stratum": pa.array(names, pa.string())}
    con.register("of_cells_known", pa.table({**table, "each": pa.array(each, pa.int64())}))
    columns = ("datasets", *GROUPS)
    con.execute(
        KNOWN.format(
            into=into,
            grouped=grouped,
            groups=", ".join(f"{group_of(name)} AS {name}" for name in GROUPS),
            columns=", ".join(columns),
            sets=", ".join(f"(stratum, together, {name})" for name in columns),
            # A column that is grouped by has a zero in its place of the number, first highest.
            names=" ".join(
                f"WHEN {2 ** len(columns) - 1 - 2 ** (len(columns) - 1 - i)} THEN '{name}'"
                for i, name in enumerate(columns)
            ),
        )
    )
    con.unregister("of_cells_known")


def group_of(column: str) -> str:
    """The group of a pair of records: of both, of the one whose group is known, or mixed."""
    left, right = (f"nullif({side}.{column}, '{NOT_KNOWN}')" for side in ("lg", "rg"))
    return (
        f"CASE WHEN {left} <> {right} THEN '{MIXED}' "
        f"ELSE coalesce({left}, {right}, '{NOT_KNOWN}') END"
    )
