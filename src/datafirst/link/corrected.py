"""How do people who were cut get their new names?"""

import duckdb
import pyarrow as pa

from .cluster import COLUMNS


def corrected(con: duckdb.DuckDBPyConnection, people: str, nodes: str, found: pa.Table) -> None:
    """Gives records of the table `people` new people, and the flag of the rule that cut them.

    `nodes` is a table of the records concerned, as cluster.numbered() makes it. `found` has a row
    for each: node, the node that names its person in each column of people, and flag, null where
    nothing was cut. What flagged a record first stays.
    """
    con.register("corrected_found", found)
    named = ", ".join(f"{column}_name.name AS {column}" for column in COLUMNS)
    joins = " ".join(f"JOIN {nodes} AS {c}_name ON {c}_name.node = found.{c}" for c in COLUMNS)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE corrected AS SELECT n.dataset, n._row, {named}, found.flag "
        f"FROM {nodes} AS n JOIN corrected_found AS found USING (node) {joins}"
    )
    con.unregister("corrected_found")
    replaced = ", ".join(f"coalesce(c.{column}, p.{column}) AS {column}" for column in COLUMNS)
    con.execute(
        f'CREATE OR REPLACE TABLE "{people}" AS SELECT p.* REPLACE ({replaced}, '
        f'coalesce(p.flag, c.flag) AS flag) FROM "{people}" AS p '
        "LEFT JOIN corrected AS c USING (dataset, _row) ORDER BY dataset, _row"
    )
    con.execute("DROP TABLE corrected")
