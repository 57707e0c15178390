"""For which rows of a batch does an SQL condition of the specification hold?

The SQL is DuckDB's, as in derivations, so that a date that passes here is a date there too.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import duckdb
import polars as pl

from datafirst.errors import SpecificationError
from datafirst.spec import Rule, Table, Type, Variable

Condition = Callable[[pl.LazyFrame], pl.LazyFrame]
"""From a batch to one column of booleans; a row where it is not known does not break it."""

SQL_TYPES = {
    Type.STRING: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
}


def rule_name(rule: Rule) -> str:
    """`rule:no_case_ends_before_its_first_hearing`."""
    return "rule:" + re.sub(r"[^a-z0-9]+", "_", rule.says.lower()).strip("_")


def rules(table: Table) -> dict[str, Condition]:
    """The table's own rules by name. SpecificationError where one is not SQL over the row."""
    return {rule_name(r): _condition(table, r.holds, rule_name(r)) for r in table.rules}


def parses(table: Table, variable: Variable) -> Condition:
    """Whether a date that is held as text is one."""
    quoted = f'"{variable.name}"'
    raw = f"{quoted} IS NULL OR {_parsed(variable)} IS NOT NULL"
    return _condition(table, raw, f"type:{variable.name}", typed=False)


def within(table: Table, variable: Variable, bound: str) -> Condition:
    """Whether a date that is held as text is not beyond its `minimum` or `maximum`."""
    sign, limit = (">=", variable.minimum) if bound == "minimum" else ("<=", variable.maximum)
    condition = f"\"{variable.name}\" {sign} DATE '{limit}'"
    return _condition(table, condition, f"{bound}:{variable.name}")


def _parsed(variable: Variable) -> str:
    pattern = (variable.format or "").replace("'", "''")
    return f"try_strptime(\"{variable.name}\", '{pattern}')::DATE"


def _condition(table: Table, holds: str, name: str, typed: bool = True) -> Condition:
    needed = [v for v in table if re.search(rf"\b{v.name}\b", holds, re.IGNORECASE)]
    if not needed:
        raise SpecificationError(f"{table.id}: {name} names no variable of the table")
    columns = [f'"{v.name}"' if not (typed and v.format) else _as_date(v) for v in needed]
    query = (
        f"SELECT coalesce(({holds}), true) AS ok "
        f"FROM (SELECT {', '.join((*columns, '_at'))} FROM batch) AS row ORDER BY _at"
    )
    _understood(table, query, name, needed)

    def evaluate(batch: pl.LazyFrame) -> pl.LazyFrame:
        frame = batch.select(v.name for v in needed).with_row_index("_at").collect()
        with _calculator().cursor() as con:
            con.register("batch", frame.to_arrow())
            table = con.sql(query).to_arrow_table()
        return pl.DataFrame(table).lazy()

    return evaluate


def _as_date(variable: Variable) -> str:
    return f'{_parsed(variable)} AS "{variable.name}"'


def _understood(table: Table, query: str, name: str, needed: list[Variable]) -> None:
    """Says at once, before any row is read, whether the condition can be evaluated."""
    held = [f'NULL::{SQL_TYPES[Type.STRING if v.format else v.type]} AS "{v.name}"' for v in needed]
    empty = f"WITH batch AS (SELECT {', '.join((*held, '0 AS _at'))} LIMIT 0) {query}"
    try:
        with _calculator().cursor() as con:
            con.execute(empty)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise SpecificationError(f"{table.id}: {name} is not a condition: {reason}") from None


@lru_cache
def _calculator() -> duckdb.DuckDBPyConnection:
    """A database that holds nothing and can reach nothing."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_external_access = false")
    return con
