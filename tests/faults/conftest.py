"""Rows of a system as landed: what validation, linkage and a share make of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.derive import Inputs, Landed, derive
from datafirst.derive.typed import typed
from datafirst.link.cleaned import cleaned
from datafirst.link.records import records
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Table, Type, Window, load
from datafirst.validate.examine import examine, quarantine
from datafirst.validate.report import excesses

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
COVERED = Window(start=date(2011, 1, 1), end=date(2020, 12, 31))
Rows = dict[str, list[dict[str, Any]]]


class Court:
    """The rows of one system: examined, linked and shared."""

    def __init__(
        self, spec: Specification, folder: Path, system: str, names: tuple[str, str], rows: Rows
    ) -> None:
        self.spec, self.folder, self.system = spec, folder, system
        self.dataset, self.share = names
        tables = list(spec.systems[system].tables.values())
        with duckdb.connect() as con:
            held = [t for t in tables if self._land(con, t, rows.get(t.name, []))]
            self.reports = examine(con, held, lambda t: [folder / f"{t.name}.parquet"])
            self.landed = {t.id: self._landed(con, t) for t in tables}

    def _land(self, con: duckdb.DuckDBPyConnection, table: Table, rows: list[Any]) -> int:
        kinds = {v.name: "VARCHAR" if v.format else SQL.get(v.type, "VARCHAR") for v in table}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        con.execute(f"CREATE TABLE {table.name} ({columns}, _row BIGINT)")
        for number, row in enumerate(rows):
            marks = ", ".join("?" * (len(row) + 1))
            con.execute(
                f"INSERT INTO {table.name} ({', '.join(row)}, _row) VALUES ({marks})",
                [*row.values(), number],
            )
        con.execute(f"COPY {table.name} TO '{self.folder / table.name}.parquet'")
        return len(rows)

    def _landed(self, con: duckdb.DuckDBPyConnection, table: Table) -> Landed:
        part, broken = (self.folder / f"{table.name}.{kind}parquet" for kind in ("", "broken."))
        if table.id not in self.reports:
            return Landed(table, (part,), 0)
        quarantine(con, table, broken)
        return Landed(table, (part,), self.reports[table.id].rows, (broken,))

    def broken(self, table: str) -> dict[str, int]:
        """How many rows break each rule."""
        return dict(self.reports[f"{self.system}.{table}"].broken)

    def missing(self, table: str, column: str) -> int:
        return self.reports[f"{self.system}.{table}"].missing.get(column, 0)

    def excesses(self, table: str) -> list[str]:
        """In which ways a table is beyond what is tolerated."""
        described = self.spec.source_table(f"{self.system}.{table}")
        return list(excesses(described, self.reports[described.id]))

    def linked(self, columns: str = "record_id") -> list[tuple[Any, ...]]:
        """What linkage records say."""
        return self._asked(
            f"SELECT {columns} FROM ({records(self.spec, self.dataset)}) ORDER BY _row"
        )

    def cleaned(self) -> dict[tuple[str, str], int]:
        """How many values each step of cleaning mended or took away, by field and step."""
        found = self._asked(cleaned(self.spec, self.dataset) or "")
        return {(field, step): values for field, step, values in found}

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as con:
            for landed in self.landed.values():
                con.execute(f"CREATE VIEW {landed.table.name} AS {typed(landed)}")
            return con.execute(query).fetchall()

    def shared(self, query: str) -> tuple[list[tuple[Any, ...]], dict[tuple[str, str], int]]:
        """What a query of the share gives, and the ledger's rows by table and reason."""
        share, release = self.spec.shares[self.share], self.spec.releases["2022-02"]
        with duckdb.connect() as con:
            release = release.model_copy(update={"coverage": {share.id: COVERED}})
            entries = derive(con, self.spec, release, share, Inputs(self.landed))
            ledger = {(e.table.split(".")[1], e.reason): e.rows for e in entries if e.reason}
            return con.execute(query).fetchall(), ledger


@pytest.fixture(scope="session")
def whole() -> Specification:
    """The specification as it stands."""
    return load(PROJECT / "config")


@pytest.fixture
def libra(whole: Specification, tmp_path: Path) -> Callable[[Rows], Court]:
    names = ("magistrates", "magistrates")
    return lambda rows: Court(whole, tmp_path, "libra", names, rows)


@pytest.fixture
def xhibit(whole: Specification, tmp_path: Path) -> Callable[[Rows], Court]:
    return lambda rows: Court(whole, tmp_path, "xhibit", ("crown", "crown"), rows)
