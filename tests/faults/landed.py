"""Rows of systems as landed: what validation, linkage and a share make of them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from datafirst.derive import Inputs, Landed, derive
from datafirst.derive.typed import typed
from datafirst.link.cleaned import cleaned
from datafirst.link.records import records
from datafirst.spec import Specification, Table, Type, Window
from datafirst.validate.examine import examine, quarantine
from datafirst.validate.report import excesses

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
Rows = dict[str, list[dict[str, Any]]]


class Read:
    """Rows that were given, examined, linked and shared. What they are of is said by a subclass."""

    systems: ClassVar[tuple[str, ...]]
    dataset: ClassVar[str]
    share: ClassVar[str] = ""
    covered: ClassVar = Window(start=date(2011, 1, 1), end=date(2020, 12, 31))
    prefix: ClassVar[str] = ""
    """What the names of the source's tables begin with, where tests leave it out."""
    sound: ClassVar[Rows] = {}
    """Rows that are always there."""

    def __init__(self, spec: Specification, folder: Path, rows: Rows) -> None:
        self.spec, self.folder = spec, folder
        tables = {t.name: t for s in self.systems for t in spec.systems[s].tables.values()}
        with duckdb.connect() as con:
            held = [t for name, t in tables.items() if self._land(con, t, self._rows(rows, name))]
            self.reports = examine(con, held, lambda t: [folder / f"{t.name}.parquet"])
            self.landed = {t.id: self._landed(con, t) for t in tables.values()}
        self.ids = {name: table.id for name, table in tables.items()}

    def _rows(self, given: Rows, table: str) -> list[dict[str, Any]]:
        name = table.removeprefix(self.prefix)
        return [*self.sound.get(name, []), *given.get(name, [])]

    def _land(
        self, con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[dict[str, Any]]
    ) -> int:
        kinds = {v.name: "VARCHAR" if v.format else SQL.get(v.type, "VARCHAR") for v in table}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        con.execute(f"CREATE TABLE {table.name} ({columns}, _row BIGINT)")
        number = -1
        for number, row in enumerate(rows):
            marks = ", ".join("?" * (len(row) + 1))
            con.execute(
                f"INSERT INTO {table.name} ({', '.join(row)}, _row) VALUES ({marks})",
                [*row.values(), number],
            )
        con.execute(f"COPY {table.name} TO '{self.folder / table.name}.parquet'")
        return number + 1

    def _landed(self, con: duckdb.DuckDBPyConnection, table: Table) -> Landed:
        part, broken = (self.folder / f"{table.name}.{kind}parquet" for kind in ("", "broken."))
        if table.id not in self.reports:
            return Landed(table, (part,), 0)
        quarantine(con, table, broken)
        return Landed(table, (part,), self.reports[table.id].rows, (broken,))

    def _report(self, table: str) -> Any:
        return self.reports[self.ids[self.prefix + table]]

    def broken(self, table: str) -> dict[str, int]:
        """How many rows break each rule."""
        return dict(self._report(table).broken)

    def missing(self, table: str, column: str) -> int:
        return int(self._report(table).missing.get(column, 0))

    def excesses(self, table: str) -> list[str]:
        """In which ways a table is beyond what is tolerated."""
        described = self.spec.source_table(self.ids[self.prefix + table])
        return list(excesses(described, self._report(table)))

    def linked(
        self, columns: str = "record_id", dataset: str = "", where: str = "true"
    ) -> list[tuple[Any, ...]]:
        """What linkage records say, each in every way in which it is written."""
        query = records(self.spec, dataset or self.dataset)
        return self.asked(f"SELECT {columns} FROM ({query}) WHERE {where} ORDER BY _row, variant")

    def cleaned(self) -> dict[tuple[str, str], int]:
        """How many values each step of cleaning mended or took away, by field and step."""
        found = self.asked(cleaned(self.spec, self.dataset) or "")
        return {(field, step): values for field, step, values in found}

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """What a query of the sound rows, typed, gives."""
        with duckdb.connect() as con:
            for landed in self.landed.values():
                con.execute(f"CREATE VIEW {landed.table.name} AS {typed(landed)}")
            return con.execute(query).fetchall()

    def shared(self, query: str) -> tuple[list[tuple[Any, ...]], dict[tuple[str, str], int]]:
        """What a query of the share gives, and the ledger's rows by table and reason."""
        share, release = self.spec.shares[self.share], self.spec.releases["2022-02"]
        with duckdb.connect() as con:
            release = release.model_copy(update={"coverage": {share.id: self.covered}})
            entries = derive(con, self.spec, release, share, Inputs(self.landed))
            ledger = {
                (e.table.split(".")[1].removeprefix(self.prefix), e.reason): e.rows
                for e in entries
                if e.outcome != "snapshot"
            }
            return con.execute(query).fetchall(), ledger
