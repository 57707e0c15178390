"""What is everybody called, so that a name lasts from release to release?

A person keeps the id of that person of the release before with whom it shares the most records;
whoever inherits none gets a new one, `<version>/<dataset>/<record_id>` of its smallest record. The
version is that of the first release in which the id is used, so that none is ever given twice.
"""

import duckdb

from datafirst.spec.linkage import LEVELS

COLUMNS = {**{level: f"person_{level}" for level in LEVELS}, "dataset": "dataset_person"}
"""By level, the column of people that is named."""

ID_CHANGES = {
    "level": "VARCHAR",
    "dataset": "VARCHAR",
    "before": "VARCHAR",
    "now": "VARCHAR",
    "change": "VARCHAR",
    "records": "BIGINT",
    "records_before": "BIGINT",
    "records_now": "BIGINT",
}
"""The columns of the table of changes. `records` are those that the ids before and now share, or
all of an id without a counterpart; the last two are all of the id before, and of the one now."""

CHANGES = {
    "retained": "The id is the same in both.",
    "merged": "Used no more: its records went to other ids, and to this one the most.",
    "split": "Further records of the id are with another; what became of itself another row says.",
    "new": "None of the records was there before.",
    "withdrawn": "Used no more: none of its records is there now.",
}
"""Every id before stands in just one row that is retained, merged or withdrawn: this is its fate.
Rows that are split say beside it where other parts of its records are. Every id now is in a row
that is retained or new, or was split off: then it has rows that are split, and no other."""

MADE = ("clusters", "befores", "shared", "contested", "unsettled", "inherited", "mutual")
"""The tables of one level's work, in which a cluster is named by its smallest record."""

CLUSTERS = """
CREATE OR REPLACE TEMP TABLE clusters AS
SELECT {column} AS label, min(dataset || '/' || record_id) AS name, count(*) AS records,
       {dataset} AS dataset
FROM {people} GROUP BY {column}
"""
BEFORES = """
CREATE OR REPLACE TEMP TABLE befores AS
SELECT {column} AS before, count(*) AS records, {dataset} AS dataset
FROM {previous} GROUP BY {column}
"""
SHARED = """
CREATE OR REPLACE TEMP TABLE shared AS
SELECT before, name, met.records FROM (
    SELECT was.{column} AS before, person.{column} AS label, count(*) AS records
    FROM {previous} AS was JOIN {people} AS person USING (dataset, record_id)
    GROUP BY was.{column}, person.{column}
) AS met JOIN clusters USING (label)
"""
CONTESTED = """
CREATE OR REPLACE TEMP TABLE contested AS SELECT * FROM shared
WHERE before IN (SELECT before FROM shared GROUP BY before HAVING count(*) > 1)
   OR name IN (SELECT name FROM shared GROUP BY name HAVING count(*) > 1)
"""
MUTUAL = """
CREATE OR REPLACE TEMP TABLE mutual AS SELECT before, name FROM unsettled
QUALIFY row_number() OVER (PARTITION BY before ORDER BY records DESC, name) = 1
    AND row_number() OVER (PARTITION BY name ORDER BY records DESC, before) = 1
"""
FATES = """
SELECT before, name, records, 'retained' AS change FROM shared SEMI JOIN inherited
    USING (before, name)
UNION ALL
SELECT before, name, records, 'split' FROM contested SEMI JOIN inherited USING (before)
    ANTI JOIN inherited USING (before, name)
UNION ALL
SELECT before, name, records, CASE row_number() OVER (
    PARTITION BY before ORDER BY records DESC, name) WHEN 1 THEN 'merged' ELSE 'split' END
FROM contested ANTI JOIN inherited USING (before)
"""
TOLD = """
INSERT INTO id_changes
SELECT '{level}', coalesce(now.dataset, was.dataset), was.before, now.id,
       coalesce(fate.change, CASE WHEN now.id IS NULL THEN 'withdrawn' ELSE 'new' END),
       coalesce(fate.records, now.records, was.records),
       coalesce(was.records, 0), coalesce(now.records, 0)
FROM ({fates}) AS fate
FULL JOIN befores AS was ON was.before = fate.before
FULL JOIN {level}_ids AS now ON now.name = fate.name
"""


def lasting(
    con: duckdb.DuckDBPyConnection, people: str, version: str, previous: str | None = None
) -> None:
    """Gives each person of the table `people` its id that lasts, at each level and within each
    dataset; makes the table `id_changes`.

    `people` is named by its clusters until then. `previous` is the relation of the people of the
    release that is continued, by the ids that they had; without it everybody is new. Records are
    known by dataset and record_id, for a snapshot may number its rows anew.
    """
    listed = ", ".join(f"{column} {kind}" for column, kind in ID_CHANGES.items())
    con.execute(f"CREATE OR REPLACE TABLE id_changes ({listed})")
    before = previous or f"(FROM {people} WHERE false)"
    try:
        for level, column in COLUMNS.items():
            _inherit(con, level, column, people, before)
            _name(con, level, version)
            con.execute(TOLD.format(level=level, fates=FATES))
        _rename(con, people)
    finally:
        for table in (*MADE, *(f"{level}_ids" for level in COLUMNS)):
            con.execute(f"DROP TABLE IF EXISTS {table}")


def _inherit(
    con: duckdb.DuckDBPyConnection, level: str, column: str, people: str, previous: str
) -> None:
    """The table `inherited`: which id before goes to which cluster, each at most once.

    Pairs are taken by the records that they share, the most first, then in the order of their
    names. A pair that is the best of both its sides is one that this order would take, so that
    all such pairs are taken at once until none is left. Who shares records with one only, as
    nearly everybody does, is settled before.
    """
    dataset = "min(dataset)" if level == "dataset" else "NULL::VARCHAR"
    for made in (CLUSTERS, BEFORES, SHARED, CONTESTED):
        con.execute(made.format(column=column, people=people, previous=previous, dataset=dataset))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE inherited AS SELECT before, name FROM shared "
        "ANTI JOIN contested USING (before, name)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE unsettled AS FROM contested")
    while con.execute("FROM unsettled LIMIT 1").fetchall():
        con.execute(MUTUAL)
        con.execute("INSERT INTO inherited FROM mutual")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE unsettled AS SELECT * FROM unsettled "
            "ANTI JOIN mutual USING (before) ANTI JOIN mutual USING (name)"
        )


def _name(con: duckdb.DuckDBPyConnection, level: str, version: str) -> None:
    """The table `<level>_ids`: the id of every cluster, inherited or new."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {level}_ids AS SELECT clusters.*, "
        "coalesce(before, $version || '/' || name) AS id "
        "FROM clusters LEFT JOIN inherited USING (name)",
        {"version": version},
    )


def _rename(con: duckdb.DuckDBPyConnection, people: str) -> None:
    ids = ", ".join(f"{level}_ids.id AS {column}" for level, column in COLUMNS.items())
    joins = " ".join(
        f"JOIN {level}_ids ON {level}_ids.label = p.{column}" for level, column in COLUMNS.items()
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {people} AS SELECT p.* REPLACE ({ids}) FROM {people} AS p "
        f"{joins} ORDER BY p.dataset, p._row"
    )
