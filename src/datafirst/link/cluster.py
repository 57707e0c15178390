"""Which records are one person? Connected records, at three thresholds."""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datafirst.spec.linkage import LEVELS

from .graph import STRONGEST, components
from .inputs import Records

COLUMNS = (*(f"person_{level}" for level in LEVELS), "dataset_person")
"""The columns of people that say who is who."""

STRENGTHS = {level: STRONGEST - n for n, level in enumerate(LEVELS)}
"""How strong an edge must be to count at each level."""

TOGETHER = "(CASE {} ELSE 0 END)::TINYINT".format(
    " ".join(
        f"WHEN l.person_{level} = r.person_{level} THEN least(strength, {strength})"
        for level, strength in STRENGTHS.items()
    )
)
"""The strength of an edge between records l and r of people: it counts at the levels at which they
are one person, for what a rule has taken apart stays apart."""


def cluster(
    con: duckdb.DuckDBPyConnection, records: Records, edges: str, into: str = "people"
) -> None:
    """Make the table `into`: dataset, record_id, _row, person_strict, person_standard,
    person_loose, dataset_person, for every record, in order of dataset and _row.

    `edges` is a relation with the edges of all models; people are its connected components by the
    edges of each strength and up. A person is named by the smallest '<dataset>/<record_id>' of its
    records. `dataset_person` is the person at the standard threshold as the dataset's own edges
    show it. A stronger edge counts at every weaker level too, so that a strict person is part of
    one standard person.
    """
    # A release may link nothing: then there is nobody.
    each = (
        " UNION ALL ".join(
            f"SELECT dataset, record_id, _row FROM {r} WHERE variant = 0" for r in records.values()
        )
        or "SELECT '' AS dataset, '' AS record_id, 0::BIGINT AS _row WHERE false"
    )
    try:
        numbered(con, each, "people_nodes")
        con.register("people_found", _found(con, edges))
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_people()}')
    finally:
        con.execute("DROP VIEW IF EXISTS people_found; DROP TABLE IF EXISTS people_nodes")


def numbered(con: duckdb.DuckDBPyConnection, records: str, into: str) -> None:
    """Make the table `into` of a query's rows, numbered from nought in the order of their names:
    the smallest number of a component is the smallest name."""
    con.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT *, "
        "(row_number() OVER (ORDER BY name) - 1)::INTEGER AS node "
        f"FROM (SELECT *, dataset || '/' || record_id AS name FROM ({records})) ORDER BY node"
    )


def _found(con: duckdb.DuckDBPyConnection, edges: str) -> pa.Table:
    """For each node, the node that names its person in each of COLUMNS."""
    (nodes,) = con.execute("SELECT count(*) FROM people_nodes").fetchall()[0]
    a, b, strength, own = between(con, edges, "people_nodes", "strength", "dataset_l = dataset_r")
    people = components(nodes, a, b, strength)
    alone = components(nodes, a, b, np.where(own, strength, np.int8(0)))
    found = [*people, alone[LEVELS.index("standard")]]
    return pa.table({"node": np.arange(nodes), **dict(zip(COLUMNS, found, strict=True))})


def between(
    con: duckdb.DuckDBPyConnection, edges: str, nodes: str, *columns: str
) -> tuple[NDArray[Any], ...]:
    """The nodes of the edges between numbered records that count at some level, and columns of
    theirs (expressions over edges and the nodes l and r)."""
    listed = ", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))
    found = con.execute(
        f"SELECT l.node AS a, r.node AS b, {listed} FROM {edges} "
        f"JOIN {nodes} AS l ON l.dataset = dataset_l AND l._row = _row_l "
        f"JOIN {nodes} AS r ON r.dataset = dataset_r AND r._row = _row_r WHERE strength > 0"
    ).fetchnumpy()
    return tuple(found.values())


def _people() -> str:
    names = ", ".join(f"{column}_name.name AS {column}" for column in COLUMNS)
    joins = " ".join(
        f"JOIN people_nodes AS {column}_name ON {column}_name.node = {column}" for column in COLUMNS
    )
    return (
        f"SELECT n.dataset, n.record_id, n._row, {names} FROM people_nodes AS n "
        f"JOIN people_found USING (node) {joins} ORDER BY n.dataset, n._row"
    )
