"""What is wrong in whole tables, read part by part? Used for snapshots and for what is released."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from datafirst.spec import Table, Type

from .check import Found, found
from .conditions import SQL_TYPES, rule_name
from .report import Report, join_name
from .schema import schema
from .whole import columns_kept, later_duplicates, unmatched

KINDS = (
    "required", "type", "codes", "pattern", "minimum", "maximum", "rule", "key",
)  # fmt: skip
"""In this order a row's first broken rule is found."""
BATCH_ROWS = 65_536

Parts = Callable[[Table], Iterable[Path]]
"""The Parquet files of a table; one is done with before the next is asked for."""


@dataclass
class Tally:
    """What has been counted of a table so far."""

    rows: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    exceptions: dict[str, int] = field(default_factory=dict)


def examine(
    con: duckdb.DuckDBPyConnection, tables: Iterable[Table], parts: Parts
) -> dict[str, Report]:
    """A report of each table by id.

    Leaves in `con` a relation of each table's broken rows: see quarantine().
    Rows are named by `_row`, or else by their ordinal.
    """
    tables = list(tables)
    kept = columns_kept(tables)
    tallies = {}
    for table in tables:
        con.execute(f"CREATE TEMP TABLE {_broken(table)} (_row BIGINT, nth INTEGER, rule VARCHAR)")
        _expect_keys(con, table, kept[table.id])
        tallies[table.id] = _read(con, table, parts(table), kept[table.id])
    known = {t.id: t for t in tables}
    return {t.id: _report(con, t, tallies[t.id], known) for t in tables}


def quarantine(con: duckdb.DuckDBPyConnection, table: Table, to: Path) -> None:
    """Writes the broken rows of an examined table: `_row`, `rule`, and `first`.

    A row stands once for every rule it breaks, and `first` is true once for every row.
    """
    con.execute(
        f"COPY (SELECT _row, rule, row_number() OVER (PARTITION BY _row ORDER BY nth, rule) = 1 "
        f"AS first FROM {_broken(table)} ORDER BY _row, nth, rule) TO '{to}' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


def _expect_keys(con: duckdb.DuckDBPyConnection, table: Table, kept: list[str]) -> None:
    """Makes the relation of a table's keys, which others are joined to even if it has no rows."""
    variables = [table.variables[name] for name in kept]
    columns = [f'"{v.name}" {SQL_TYPES[Type.STRING if v.format else v.type]}' for v in variables]
    con.execute(f"CREATE TEMP TABLE {_keys(table)} ({', '.join(('_row BIGINT', *columns))})")


def _read(
    con: duckdb.DuckDBPyConnection, table: Table, parts: Iterable[Path], kept: list[str]
) -> Tally:
    described, tally = schema(table), Tally()
    for part in parts:
        for frame in pl.read_parquet(part).iter_slices(BATCH_ROWS):
            if "_row" not in frame.columns:
                frame = frame.with_row_index("_row", offset=tally.rows)
            rows = frame["_row"].cast(pl.Int64)
            batch = found(described, frame.drop("_row"))
            _insert(con, _keys(table), frame.select(rows, *(pl.col(c) for c in kept)))
            _count(con, table, tally, batch, rows)
    return tally


def _count(
    con: duckdb.DuckDBPyConnection, table: Table, tally: Tally, batch: Found, rows: pl.Series
) -> None:
    tally.rows += len(rows)
    for name, nulls in batch.missing.items():
        tally.missing[name] = tally.missing.get(name, 0) + nulls
    excepted = {rule_name(rule) for rule in table.rules if rule.except_up_to > 0}
    for rule, positions in batch.broken.items():
        if rule in excepted:
            tally.exceptions[rule] = tally.exceptions.get(rule, 0) + len(positions)
        else:
            broken = pl.DataFrame({"_row": rows.gather(list(positions))})
            nth = KINDS.index(rule.partition(":")[0])
            _insert(con, _broken(table), broken.with_columns(nth=pl.lit(nth), rule=pl.lit(rule)))


def _report(
    con: duckdb.DuckDBPyConnection, table: Table, tally: Tally, known: Mapping[str, Table]
) -> Report:
    broken, keys = _broken(table), _keys(table)
    if tally.rows:
        again = later_duplicates(table, keys, broken)
        nth = KINDS.index("key")
        con.execute(f"INSERT INTO {broken} SELECT _row, {nth}, 'key' FROM ({again})")
    joins = [join for join in table.joins if join.table in known and tally.rows]
    firsts = f"SELECT _row, arg_min(rule, (nth, rule)) AS rule FROM {broken} GROUP BY _row"
    first_broken = _counted(con, firsts)
    return Report(
        rows=tally.rows,
        quarantined=sum(first_broken.values()),
        broken=_counted(con, f"SELECT rule FROM {broken}"),
        first_broken=first_broken,
        exceptions=tally.exceptions,
        missing=dict(sorted(tally.missing.items())),
        unmatched={join_name(j): unmatched(con, j, keys, _keys(known[j.table])) for j in joins},
    )


def _insert(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register("_batch", frame.to_arrow())
    con.execute(f"INSERT INTO {name} FROM _batch")
    con.unregister("_batch")


def _counted(con: duckdb.DuckDBPyConnection, rules: str) -> dict[str, int]:
    query = f"SELECT rule, count(*) FROM ({rules}) GROUP BY rule ORDER BY rule"
    return {rule: int(count) for rule, count in con.execute(query).fetchall()}


def _broken(table: Table) -> str:
    return f'"broken {table.id}"'


def _keys(table: Table) -> str:
    return f'"keys {table.id}"'
