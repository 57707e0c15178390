"""Which records can a ladder match at all? Those that agree with another on some rule's columns.

Every rule's pairs are among those of the loosest rules, which agree on a part of its columns. So
the larger side is read once for each loosest rule, its pairs are counted and not made, and the
rules themselves are asked of the few records that are near another.
"""

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.spec import Ladder, Rung

from .inputs import Records


def near(con: duckdb.DuckDBPyConnection, ladder: Ladder, records: Records) -> None:
    """Make the temporary tables near_left and near_right: _row and every column that a rule reads.

    LinkageRefused where there is no record, or more pairs agree on the columns of one rule than
    the ladder allows.
    """
    for name in ladder.datasets:
        if not con.execute(f"FROM {records[name]} LIMIT 1").fetchall():
            raise LinkageRefused(
                f"ladder {ladder.id}: dataset {name} has no records of people; there is nothing "
                "to link"
            )
    columns = read(ladder)
    sources = {
        "left": _source(columns, looked_for(ladder, records)),
        "right": _source(columns, records[ladder.right]),
    }
    con.execute(f"CREATE OR REPLACE TEMP TABLE near_left AS FROM {sources['left']}")
    con.execute("CREATE OR REPLACE TEMP TABLE reached (_row BIGINT, n BIGINT, rule VARCHAR)")
    try:
        for rung in loosest(ladder):
            _reach(con, ladder, rung, sources["right"])
        con.execute(
            "CREATE OR REPLACE TEMP TABLE near_right AS "
            f"FROM {sources['right']} SEMI JOIN reached USING (_row)"
        )
    finally:
        con.execute("DROP TABLE reached")


def looked_for(ladder: Ladder, records: Records) -> str:
    """The left-hand records that the ladder looks for a match of, in all ways they are written."""
    relation = records[ladder.left]
    return (
        f"(FROM {relation} SEMI JOIN (SELECT _row FROM {relation} "
        f"WHERE variant = 0 AND ({ladder.left_when})) USING (_row))"
    )


def loosest(ladder: Ladder) -> list[Rung]:
    """A rule for each set of agreeing columns that no other rule agrees on a part of."""
    sets = {frozenset(rung.agree): rung for rung in reversed(ladder.rules)}
    return [rung for agree, rung in sets.items() if not any(other < agree for other in sets)]


def read(ladder: Ladder) -> list[str]:
    """Every column of linkage records that a rule of the ladder reads."""
    agreed = {column for rung in ladder.rules for column in rung.agree}
    alike = {x for rung in ladder.rules for a in rung.alike for x in (a.field, a.against) if x}
    return sorted(agreed | alike)


def equal(rung: Rung) -> str:
    """The condition that records `l` and `r` agree on a rule's columns."""
    return " AND ".join(f'l."{column}" = r."{column}"' for column in rung.agree)


def _reach(con: duckdb.DuckDBPyConnection, ladder: Ladder, rung: Rung, right: str) -> None:
    key = ", ".join(f'"{column}"' for column in rung.agree)
    con.execute(
        f"INSERT INTO reached SELECT r._row, l.n, '{rung.name}' FROM "
        f"(SELECT {key}, count(*) AS n FROM near_left GROUP BY ALL) l JOIN {right} r "
        f"ON {equal(rung)}"
    )
    query = f"SELECT sum(n) FROM reached WHERE rule = '{rung.name}'"
    pairs = int(con.execute(query).fetchall()[0][0] or 0)
    if pairs > ladder.pairs_up_to:
        raise LinkageRefused(
            f"linkage/ladders/{ladder.id}.toml: rule {rung.name}: {pairs:,} pairs agree on "
            f"({', '.join(rung.agree)}); pairs_up_to is {ladder.pairs_up_to:,}. Let the rule "
            "agree on one more column, or raise pairs_up_to"
        )


def _source(columns: list[str], relation: str) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"(SELECT _row, {listed} FROM {relation})"
