"""Is a derived table what it says: one row per grain, joins that meet, rules that hold?"""

from collections.abc import Iterable, Iterator

from duckdb import DuckDBPyConnection

from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Join, Table

from .asking import asking


def prove(con: DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Proves what each table, in the relation named like its id, is declared to be.

    Raises ValidationFailed with every fault, in counts.
    """
    faults = [
        f"{table.id}: {fault}"
        for table in tables
        for proof in (grain, joins, rules)
        for fault in proof(con, table)
    ]
    if faults:
        raise ValidationFailed("\n".join(faults))


def grain(con: DuckDBPyConnection, table: Table) -> Iterator[str]:
    """One row for each key, and no key is empty."""
    key = ", ".join(f'"{column}"' for column in table.key)
    empty = " OR ".join(f'"{column}" IS NULL' for column in table.key)
    nulls, repeated = _counts(
        con,
        f"SELECT coalesce(sum(n) FILTER ({empty}), 0), count(*) FILTER (n > 1) "
        f"FROM (SELECT {key}, count(*) AS n FROM {relation(table.id)} GROUP BY {key})",
    )
    named = ", ".join(table.key)
    if nulls:
        yield f"the key ({named}) is empty in {nulls:,} rows"
    if repeated:
        yield f"{repeated:,} values of the key ({named}) stand in more than one row"


def joins(con: DuckDBPyConnection, table: Table) -> Iterator[str]:
    """Every row finds its row in the other table, but for the share tolerated."""
    for join in table.joins:
        with asking(f"{table.id}: join to {join.table}"):
            _there(con, table, join)
            rows, unmatched = _counts(con, _meeting(table, join))
        if unmatched > join.unmatched_up_to * rows:
            yield (
                f"{unmatched:,} of {rows:,} rows find no row in {join.table} by "
                f"{', '.join(join.on)}; up to {join.unmatched_up_to:.2%} may"
            )


def rules(con: DuckDBPyConnection, table: Table) -> Iterator[str]:
    """Every rule of the table holds, but for the share of rows tolerated."""
    for rule in table.rules:
        with asking(f"{table.id}: rule {rule.says!r}"):
            rows, broken = _counts(
                con,
                f"SELECT count(*), count(*) FILTER (NOT ({rule.holds}\n)) "
                f"FROM {relation(table.id)}",
            )
        if broken > rule.except_up_to * rows:
            yield (
                f"{broken:,} of {rows:,} rows break the rule {rule.says!r}; "
                f"up to {rule.except_up_to:.2%} may"
            )


def relation(id: str) -> str:
    """`share.table` as SQL names it."""
    share, table = id.split(".")
    return f'"{share}"."{table}"'


def _there(con: DuckDBPyConnection, table: Table, join: Join) -> None:
    share, name = join.table.split(".")
    known = con.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [share, name],
    )
    if not known.fetchone():
        raise SpecificationError(
            f"{table.id}: the join to {join.table} cannot be proved: name {share} in `follows` of "
            f"shares/{table.group}/share.toml"
        )


def _meeting(table: Table, join: Join) -> str:
    """Rows that point to another table, and those of them that find nothing there."""
    pointing = " AND ".join(f'mine."{column}" IS NOT NULL' for column in join.on)
    pairs = zip(join.on, join.target, strict=True)
    same = " AND ".join(f'mine."{here}" = theirs."{there}"' for here, there in pairs)
    mine = f"(FROM {relation(table.id)} AS mine WHERE {pointing})"
    return (
        f"SELECT (SELECT count(*) FROM {mine}), (SELECT count(*) FROM {mine} AS mine "
        f"ANTI JOIN {relation(join.table)} AS theirs ON {same})"
    )


def _counts(con: DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = con.execute(query).fetchone()
    assert row is not None
    return tuple(int(number) for number in row)
