"""Into which pieces does the work of comparing fall, and which records does each piece need?

A piece is what one worker does at a time: blocks of one rule, so many that they come to a good
task, or a share of one large block. It needs the records of its blocks and no others, so a record
goes to as many pieces as it has blocks, once each, and to all the shares of a large block.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from datafirst.link.engine.assembled import steps
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.plan import Plan
from datafirst.link.engine.sides import columns_read

KINDS = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "DATE": "date",
}
"""Types that are the same when they come back from Spark, and Spark's word for each."""

DATASET, PIECE, PIECES = "dataset", "piece", "pieces"


@dataclass(frozen=True)
class Size:
    """How much work is one piece? It does not depend on how many workers there are."""

    pairs: int = 20_000_000
    """A few seconds of comparing."""
    records: int = 200_000
    """About 100 MB with a worker."""


@dataclass(frozen=True)
class Piece:
    """Blocks of a rule, or of a large one the share that a piece takes, of so many."""

    rule: int
    share: int = 0
    shares: int = 1


@dataclass(frozen=True)
class Cut:
    """The pieces, by their numbers, and what records look like in the file of them."""

    pieces: tuple[Piece, ...]
    datasets: tuple[str, ...]
    """A record names its dataset by its place here."""
    columns: tuple[str, ...]
    """Columns c0, c1, ... of the file: nobody's names trouble Spark."""
    frequencies: tuple[str, ...]
    """Columns whose values have the frequencies t0, t1, ..."""
    number: str
    """Spark's type of what records are numbered by."""


def cut(
    con: duckdb.DuckDBPyConnection,
    asked: Plan,
    tables: Mapping[str, str],
    shares: Mapping[str, str],
    into: Path,
    size: Size,
) -> Cut:
    """Write the records of tables (by dataset, each with a unique_id) to Parquet, each with the
    pieces that it goes to; records whose keys nobody shares go nowhere and are left out.

    `shares` names, by column, a table with the frequency `tf_<column>` of its values: a record
    carries the frequencies of its own. NotUnderstood where Spark would change a column's type.
    """
    datasets = tuple(sorted(tables, key=lambda name: f"{name}-__-"))  # as the engine orders them
    listed = [tables[name] for name in datasets]
    kinds = _kinds(con, asked, listed)
    pieces: list[Piece] = []
    met = [f"blocks_of_rule_{rule}" for rule in range(len(asked.rules))]
    try:
        for rule, table in enumerate(met):
            _met(con, asked, rule, listed, table)
            pieces += _numbered(con, table, rule, len(pieces), size)
        made = Cut(tuple(pieces), datasets, tuple(kinds), tuple(shares), KINDS[kinds["unique_id"]])
        each = " UNION ALL ".join(
            _sent(asked, made, n, table, met, shares) for n, table in enumerate(listed)
        )
        con.execute(f"COPY ({each}) TO '{into}' (FORMAT parquet, FILE_SIZE_BYTES '64MB')")
    finally:
        for table in met:
            con.execute(f"DROP TABLE IF EXISTS {table}")
    return made


def _kinds(con: duckdb.DuckDBPyConnection, asked: Plan, tables: list[str]) -> dict[str, str]:
    """The columns that are asked for, and their types."""
    read = {name.lower() for _, sql in steps(asked).made.columns for name in columns_read(sql)}
    found = [
        {
            name: kind
            for name, kind, *_ in con.execute(f'DESCRIBE "{t}"').fetchall()
            if name.lower() in read | {"unique_id"}
        }
        for t in tables
    ]
    if any(each != found[0] for each in found):
        raise NotUnderstood("a column that has two types")
    for kind in found[0].values():
        if kind.removesuffix("[]") not in KINDS:
            raise NotUnderstood(f"a column of type {kind} on Spark")
    return found[0]


def _block(asked: Plan, rule: int) -> tuple[str, str]:
    """What stands for a record's key by a rule, and whether it has one. Two keys that come to one
    number go to one piece, where they are told apart."""
    keys = [f"({key})" for key in asked.rules[rule].keys]
    return f"hash({', '.join(keys)})", " AND ".join(f"{key} IS NOT NULL" for key in keys)


def _met(
    con: duckdb.DuckDBPyConnection, asked: Plan, rule: int, tables: list[str], into: str
) -> None:
    """Make the table of a rule's blocks that have pairs: how many records and how many pairs."""
    block, known = _block(asked, rule)
    each = " UNION ALL ".join(
        f'SELECT {block} AS block, count(*) AS n FROM "{t}" WHERE {known} GROUP BY 1'
        for t in tables
    )
    within = "0" if asked.across else "sum(n * (n - 1) // 2)"
    con.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT block, sum(n)::BIGINT AS records, "
        f"({within} + (sum(n) ** 2 - sum(n ** 2)) / 2)::BIGINT AS pairs "
        f"FROM ({each}) GROUP BY block HAVING pairs > 0"
    )


def _numbered(
    con: duckdb.DuckDBPyConnection, table: str, rule: int, first: int, size: Size
) -> Iterator[Piece]:
    """Gives each block its first piece and how many pieces there are of it."""
    large = f"pairs > {size.pairs}"
    ((records, pairs),) = con.execute(
        f"SELECT coalesce(sum(records), 0)::BIGINT, coalesce(sum(pairs), 0)::BIGINT "
        f"FROM {table} WHERE NOT {large}"
    ).fetchall()
    together = max(-(-records // size.records), -(-pairs // size.pairs))
    yield from [Piece(rule)] * together
    shares = f"CASE WHEN {large} THEN (pairs - 1) // {size.pairs} + 1 ELSE 0 END"
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT block, CASE WHEN shares > 0 "
        f"THEN {first + together} + sum(shares) OVER (ORDER BY pairs DESC, block ROWS UNBOUNDED "
        f"PRECEDING) - shares ELSE {first} + block % {max(together, 1)} END::INTEGER AS first, "
        f"greatest(shares, 1)::INTEGER AS shares FROM (SELECT *, {shares} AS shares FROM {table})"
    )
    large_ones = con.execute(
        f"SELECT shares FROM {table} WHERE first >= {first + together} ORDER BY first"
    ).fetchall()
    for (many,) in large_ones:
        yield from (Piece(rule, share, many) for share in range(many))


def _sent(
    asked: Plan, made: Cut, dataset: int, table: str, met: list[str], shares: Mapping[str, str]
) -> str:
    """The records of a dataset that go anywhere, with their frequencies and where they go."""
    own = [f'"{name}" AS c{n}' for n, name in enumerate(made.columns)]
    for rule in range(len(met)):
        own.append(f"{_block(asked, rule)[0]} AS b{rule}")
    joins = [
        f"LEFT JOIN {name} AS m{rule} ON m{rule}.block = b{rule}" for rule, name in enumerate(met)
    ]
    at = {name.lower(): n for n, name in enumerate(made.columns)}
    frequencies = []
    for n, column in enumerate(made.frequencies):
        joins.append(
            f'LEFT JOIN "{shares[column]}" AS s{n} ON s{n}."{column}" = c{at[column.lower()]}'
        )
        frequencies.append(f's{n}."tf_{column}" AS t{n}')
    goes = ", ".join(
        f"coalesce(range(m{rule}.first, m{rule}.first + m{rule}.shares), [])"
        for rule in range(len(met))
    )
    columns = ", ".join([*(f"c{n}" for n in range(len(made.columns))), *frequencies])
    return (
        f"SELECT {dataset}::TINYINT AS {DATASET}, {columns}, "
        f"flatten([{goes}])::INTEGER[] AS {PIECES} "
        f'FROM (SELECT {", ".join(own)} FROM "{table}") {" ".join(joins)} WHERE len({PIECES}) > 0'
    )
