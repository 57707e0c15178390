"""A share's kept rows, to be filled, and what its queries make of them."""

from typing import Any, ClassVar

import duckdb

from datafirst.deidentify.ages import AGE_AT
from datafirst.derive.reads import in_order
from datafirst.derive.share import beside
from datafirst.derive.tables import link, make, step
from datafirst.spec import Specification, Type

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.BOOLEAN: "BOOLEAN", Type.DATE: "DATE"}


class Kept:
    """The tables that a share accounts for, without a row at first."""

    prefix: ClassVar[str] = ""
    """What the names of the source's tables begin with, where tests leave it out."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification, share: str) -> None:
        self.con, self.spec, self.share = con, spec, spec.shares[share]
        self.rows = 0
        con.execute(AGE_AT)
        link(con, [], [])
        self.tables = [spec.source_table(account.table) for account in self.share.accounts]
        for table in self.tables:
            columns = ", ".join(f'"{v.name}" {SQL.get(v.type, "VARCHAR")}' for v in table)
            con.execute(f"CREATE TABLE {table.name} (_row BIGINT, {columns})")

    def add(self, table: str, **values: Any) -> None:
        """A row; it is numbered unless its number is given."""
        self.rows += 1
        values = {"_row": self.rows, **values}
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        query = f"INSERT INTO {self.prefix}{table} ({columns}) VALUES ({marks})"
        self.con.execute(query, [*values.values()])

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Makes the share's tables, and what a query of them gives."""
        for name in in_order(self.con, self.share):
            if table := self.share.tables.get(name):
                make(self.con, self.share, table, beside(self.spec, table))
            else:
                step(self.con, self.share, name)
        return self.con.execute(query).fetchall()
