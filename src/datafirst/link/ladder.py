"""Which records of two datasets are one person by rule? Climbs a ladder, rule by rule.

At each rule the records that no earlier rule has settled are candidates. A pair is a match where
the rule holds of it and of no other pair of either record (of the right-hand record, where a
person has many). Otherwise it is a tie: it is not linked, and its records are set aside for good.
A later rule asks for less, so it could only choose between them by what happened to others in the
meantime: were a rival matched elsewhere, the one left over would look like the only one.

Nothing depends on the order of rows: at each rule all pairs are found before any is a match.
"""

from dataclasses import dataclass

import duckdb

from datafirst.errors import SpecificationError
from datafirst.spec import Ladder, Rung, Specification

from .inputs import Records
from .likeness import likeness
from .near import equal, near
from .standardise import literal, parts

MATCHES = {
    "left_dataset": "VARCHAR",
    "left_record_id": "VARCHAR",
    "left_row": "BIGINT",
    "right_dataset": "VARCHAR",
    "right_record_id": "VARCHAR",
    "right_row": "BIGINT",
    "ladder": "VARCHAR",
    "rule": "VARCHAR",
}
TIES = {
    "dataset": "VARCHAR",
    "record_id": "VARCHAR",
    "_row": "BIGINT",
    "ladder": "VARCHAR",
    "rule": "VARCHAR",
}
"""What climbing makes, and in which order of columns."""

SIDES = ("left", "right")


@dataclass(frozen=True)
class Climbed:
    """What one rule found."""

    rule: str
    candidates: int
    """Pairs of which the rule holds."""
    matched: int
    tied_left: int
    """Records of each side that were set aside, because they had several candidates or shared
    one with another."""
    tied_right: int


def climb(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    ladder: Ladder,
    records: Records,
    into: str = "matches",
    ties: str = "ties",
) -> tuple[Climbed, ...]:
    """Make the tables `into` (columns MATCHES) and `ties` (TIES), each in a total order.

    SpecificationError where a rule agrees on what linkage records do not have; LinkageRefused
    where more pairs agree on a rule's columns than the ladder allows.
    """
    climbable(spec, ladder)
    try:
        near(con, ladder, records)
        _start(con, ladder)
        found = tuple(_rule(con, ladder, rung) for rung in ladder.rules)
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_matches(ladder, records)}')
        con.execute(f'CREATE OR REPLACE TABLE "{ties}" AS {_ties(ladder, records)}')
    finally:
        for side in SIDES:
            con.execute(f"DROP VIEW IF EXISTS free_{side}; DROP TABLE IF EXISTS near_{side}")
            con.execute(f"DROP TABLE IF EXISTS tied_{side}")
        con.execute("DROP TABLE IF EXISTS candidates; DROP TABLE IF EXISTS matched")
    return found


def climbable(spec: Specification, ladder: Ladder) -> None:
    """Every column that a rule agrees on is one of linkage records, or SpecificationError."""
    known = _columns(spec)
    faults = [
        f"linkage/ladders/{ladder.id}.toml: rule {rung.name}: no linkage record has a column {c}"
        for rung in ladder.rules
        for c in rung.agree
        if c not in known
    ]
    if faults:
        raise SpecificationError("\n".join(faults))


def _columns(spec: Specification) -> list[str]:
    """Fields and their parts."""
    fields = spec.linkage.fields.items()
    return [column for name, field in fields for column in (name, *parts(name, field.kind))]


def _start(con: duckdb.DuckDBPyConnection, ladder: Ladder) -> None:
    """Views of the records that are free; they shrink as records are matched or set aside."""
    con.execute("CREATE OR REPLACE TEMP TABLE matched (l BIGINT, r BIGINT, rule VARCHAR)")
    for side, key in zip(SIDES, "lr", strict=True):
        con.execute(f"CREATE OR REPLACE TEMP TABLE tied_{side} (n BIGINT, rule VARCHAR)")
        spent = f"SELECT {key} AS _row FROM matched UNION ALL SELECT n FROM tied_{side}"
        many = side == "left" and not ladder.one_to_one
        free = "" if many else f" ANTI JOIN ({spent}) USING (_row)"
        con.execute(f"CREATE OR REPLACE TEMP VIEW free_{side} AS FROM near_{side}{free}")


def _rule(con: duckdb.DuckDBPyConnection, ladder: Ladder, rung: Rung) -> Climbed:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT l._row AS l, r._row AS r "
        f"FROM free_left l JOIN free_right r ON {equal(rung)}{_alike(rung)}"
    )
    alone = "SEMI JOIN (SELECT {0} FROM candidates GROUP BY {0} HAVING count(*) = 1) USING ({0})"
    keys = "lr" if ladder.one_to_one else "r"
    name = literal(rung.name)
    con.execute(
        f"INSERT INTO matched SELECT l, r, {name} FROM candidates "
        + " ".join(alone.format(key) for key in keys)
    )
    for key in keys:
        side = SIDES["lr".index(key)]
        con.execute(
            f"INSERT INTO tied_{side} SELECT DISTINCT {key}, {name} FROM candidates "
            f"ANTI JOIN (SELECT {key} FROM matched WHERE rule = {name}) USING ({key})"
        )
    return Climbed(
        rung.name,
        _count(con, "candidates"),
        *(_count(con, f"{t} WHERE rule = {name}") for t in ("matched", "tied_left", "tied_right")),
    )


def _alike(rung: Rung) -> str:
    conditions = " AND ".join(likeness(alike) for alike in rung.alike)
    return f" WHERE {conditions}" if conditions else ""


def _matches(ladder: Ladder, records: Records) -> str:
    left, right = (_named(records[dataset]) for dataset in ladder.datasets)
    return (
        f"SELECT {literal(ladder.left)} AS left_dataset, a.record_id AS left_record_id, "
        f"l AS left_row, {literal(ladder.right)} AS right_dataset, "
        f"b.record_id AS right_record_id, r AS right_row, {literal(ladder.id)} AS ladder, rule "
        f"FROM matched JOIN ({left}) a ON a._row = l JOIN ({right}) b ON b._row = r "
        "ORDER BY left_row, right_row"
    )


def _ties(ladder: Ladder, records: Records) -> str:
    each = " UNION ALL ".join(
        f"SELECT {literal(dataset)} AS dataset, record_id, n AS _row, "
        f"{literal(ladder.id)} AS ladder, rule FROM tied_{side} "
        f"JOIN ({_named(records[dataset])}) a ON a._row = n"
        for side, dataset in zip(SIDES, ladder.datasets, strict=True)
    )
    return f"SELECT * FROM ({each}) ORDER BY dataset, _row"


def _named(relation: str) -> str:
    return f"SELECT _row, record_id FROM {once_each(relation)}"


def once_each(relation: str) -> str:
    """Linkage records, each once: as its person is mainly written."""
    return f"(FROM {relation} WHERE variant = 0)"


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return _one(con, f"SELECT count(*) FROM {relation}")


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0] or 0)
