"""Which records are one person? Connected records, at three thresholds."""

from collections.abc import Mapping

import duckdb
from splink.clustering import cluster_pairwise_predictions_at_threshold

from datafirst.spec import Thresholds

from . import guards
from .inputs import Records

LEVELS = ("strict", "standard", "loose")


def cluster(
    con: duckdb.DuckDBPyConnection,
    records: Records,
    edges: str,
    thresholds: Thresholds,
    into: str = "people",
) -> None:
    """Make the table `into`: dataset, record_id, _row, person_strict, person_standard,
    person_loose, dataset_person, for every record, in order of dataset and _row.

    `edges` is a relation with the edges of all models; people are its connected components
    (Splink's algorithm, after Kiveris et al. 2014) over the edges at each threshold. A person is
    named by the smallest '<dataset>/<record_id>' of its records. `dataset_person` is the person
    at the standard threshold as the dataset's own edges show it. The thresholds are nested, so
    that a strict person is part of one standard person.
    """
    weights = {name: getattr(thresholds, name) for name in LEVELS}
    wanted = {f"person_{name}": f"match_weight >= {weight}" for name, weight in weights.items()}
    wanted["dataset_person"] = f"{wanted['person_standard']} AND dataset_l = dataset_r"
    try:
        _nodes(con, records, edges)
        for column, condition in wanted.items():
            _components(con, column, condition)
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_people(wanted)}')
    finally:
        for table in ("people_nodes", "people_edges", *(f"people_{c}" for c in wanted)):
            con.execute(f"DROP TABLE IF EXISTS {table}")


def _nodes(con: duckdb.DuckDBPyConnection, records: Records, edges: str) -> None:
    """Records numbered in the order of their names, so that the smallest number of a component
    is the smallest name; edges between numbers."""
    # A release may link nothing: then there is nobody.
    each = (
        " UNION ALL ".join(
            f"SELECT dataset, record_id, _row FROM {r} WHERE variant = 0" for r in records.values()
        )
        or "SELECT '' AS dataset, '' AS record_id, 0::BIGINT AS _row WHERE false"
    )
    con.execute(
        "CREATE OR REPLACE TABLE people_nodes AS SELECT *, row_number() OVER (ORDER BY name) AS "
        f"node FROM (SELECT *, dataset || '/' || record_id AS name FROM ({each}))"
    )
    con.execute(
        "CREATE OR REPLACE TABLE people_edges AS SELECT l.node AS node_l, r.node AS node_r, "
        f"match_weight, dataset_l, dataset_r FROM {edges} "
        "JOIN people_nodes l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN people_nodes r ON r.dataset = dataset_r AND r._row = _row_r"
    )


def _components(con: duckdb.DuckDBPyConnection, column: str, condition: str) -> None:
    """The table people_<column>: each node that an edge touches, and its component's least."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE near AS SELECT node_l, node_r FROM people_edges "
        f"WHERE {condition}"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT node_l AS node FROM near "
        "UNION SELECT node_r FROM near"
    )
    with guards.engine(con) as db:
        found = cluster_pairwise_predictions_at_threshold(
            nodes=db.register("touched"),
            edges=db.register("near"),
            db_api=db,
            node_id_column_name="node",
        )
        con.execute(
            f"CREATE OR REPLACE TABLE people_{column} AS "
            "SELECT node, min(node) OVER (PARTITION BY cluster_id) AS least "
            f"FROM {found.physical_name}"
        )
    con.execute("DROP TABLE near; DROP TABLE touched")


def _people(wanted: Mapping[str, str]) -> str:
    names = ", ".join(f"coalesce({c}_name.name, n.name) AS {c}" for c in wanted)
    joins = " ".join(
        f"LEFT JOIN people_{c} ON people_{c}.node = n.node "
        f"LEFT JOIN people_nodes {c}_name ON {c}_name.node = people_{c}.least"
        for c in wanted
    )
    return (
        f"SELECT n.dataset, n.record_id, n._row, {names} FROM people_nodes n {joins} "
        "ORDER BY n.dataset, n._row"
    )
