"""Do the tables in a package hold what its manifest and data package say? Counts, never values."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from .manifest import Manifest

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
FORMATS = ("parquet", "csv")
NO_ROOM = (duckdb.OutOfMemoryException, duckdb.IOException)
"""Faults of the machine, not of the package."""

Resource = Mapping[str, Any]


class Tables:
    """The tables of a package, opened with the types that its data package declares."""

    def __init__(self, folder: Path, manifest: Manifest, con: duckdb.DuckDBPyConnection) -> None:
        self.folder, self.manifest, self.con = folder, manifest, con
        self.sums: dict[str, set[int]] = {}
        """By table, an order-free sum over its rows for each format: equal where the rows are."""

    def differences(self, described: Mapping[str, Resource]) -> Iterator[str]:
        """Whatever is not as declared, over every table."""
        opened = {}
        for name, resource in described.items():
            found = [f for f in FORMATS if self.manifest.parts(name, f)]
            told = [d for form in found for d in self._format(resource, form)]
            yield from told
            if found and not told:
                opened[name] = found[0]
                if len(self.sums[name]) > 1:
                    yield f"{name}: the rows in {' and '.join(found)} are not the same"
                yield from self._key(resource, found[0])
        for name in opened:
            for key in described[name]["schema"].get("foreignKeys", ()):
                if key["reference"]["resource"] in opened:
                    yield from self._foreign(name, key, opened)

    def _format(self, resource: Resource, form: str) -> Iterator[str]:
        name, fields = resource["name"], resource["schema"]["fields"]
        try:
            yield from self._columns(name, fields, form)
            self.con.execute(self._view(name, fields, form))
            yield from self._rows(name, form)
        except NO_ROOM:
            raise
        except duckdb.Error:  # its message may hold values
            yield f"{name}: the {form} files cannot be read as datapackage.json declares them"

    def _columns(self, name: str, fields: Sequence[Resource], form: str) -> Iterator[str]:
        expected = [
            (f["name"], TYPES[f["type"]] if form == "parquet" else "VARCHAR") for f in fields
        ]
        for file in self.manifest.parts(name, form):
            path = self.folder / file.path
            read = f"read_parquet({_text(path)})" if form == "parquet" else _as_text(path)
            found = [
                (column, "BIGINT" if kind in WHOLE else kind)
                for column, kind, *_ in self.con.execute(f"DESCRIBE FROM {read}").fetchall()
            ]
            if found != expected:
                yield f"{file.path}: its columns are not those of datapackage.json"
            if form == "parquet" and self._extras(path):
                yield f"{file.path}: it carries metadata besides its table"

    def _extras(self, path: Path) -> int:
        """Key-value pairs in the footer: other writers leave index names and schemas there."""
        return _number(self.con, f"SELECT count(*) FROM parquet_kv_metadata({_text(path)})")

    def _view(self, name: str, fields: Sequence[Resource], form: str) -> str:
        files = self.manifest.parts(name, form)
        paths = f"[{', '.join(_text(self.folder / file.path) for file in files)}]"
        types = {f["name"]: TYPES[f["type"]] for f in fields}
        if form == "parquet":
            read = f"read_parquet({paths}, filename = true)"
        else:
            read = (
                f"read_csv({paths}, header = true, columns = {types}, auto_detect = false, "
                "delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false, "
                "filename = true)"
            )
        columns = ", ".join(f'"{column}"::{kind} AS "{column}"' for column, kind in types.items())
        return (
            f'CREATE OR REPLACE TEMP VIEW "{name}.{form}" AS SELECT {columns}, filename FROM {read}'
        )

    def _rows(self, name: str, form: str) -> Iterator[str]:
        """Reads every value, so that one of another type is found here and nowhere else."""
        listed = self.con.execute(
            f'SELECT filename, count(*), sum(hash(t)::HUGEINT) FROM "{name}.{form}" AS r, '
            "LATERAL (SELECT r.* EXCLUDE (filename)) AS t GROUP BY 1"
        ).fetchall()
        found = {path: rows for path, rows, _ in listed}
        self.sums.setdefault(name, set()).add(sum(total for _, _, total in listed))
        for file in self.manifest.parts(name, form):
            rows = found.get(str(self.folder / file.path), 0)
            if rows != file.rows:
                yield f"{file.path}: {rows} rows, where the manifest says {file.rows}"
        if sum(found.values()) != self.manifest.tables[name]:
            yield (
                f"{name}: {sum(found.values())} rows in {form}, where the manifest says "
                f"{self.manifest.tables[name]}"
            )

    def _key(self, resource: Resource, form: str) -> Iterator[str]:
        name, key = resource["name"], ", ".join(f'"{c}"' for c in resource["schema"]["primaryKey"])
        twice = _number(
            self.con,
            "SELECT count(*) FROM "
            f'(SELECT 1 FROM "{name}.{form}" GROUP BY {key} HAVING count(*) > 1)',
        )
        if twice:
            yield f"{name}: {twice} of its keys stand more than once"

    def _foreign(self, name: str, key: Resource, opened: Mapping[str, str]) -> Iterator[str]:
        there = key["reference"]["resource"]
        pairs = list(zip(key["fields"], key["reference"]["fields"], strict=True))
        same = " AND ".join(f'a."{a}" = b."{b}"' for a, b in pairs)
        known = " AND ".join(f'a."{a}" IS NOT NULL' for a, _ in pairs)
        lost = _number(
            self.con,
            f'SELECT count(*) FROM "{name}.{opened[name]}" AS a '
            f'ANTI JOIN "{there}.{opened[there]}" AS b ON {same} WHERE {known}',
        )
        if lost:
            yield f"{name}: {lost} rows point to rows that {there} does not have"


def _as_text(path: Path) -> str:
    """A part for the sake of its header: how its rows are written is known, and not looked for."""
    return (
        f"read_csv({_text(path)}, header = true, all_varchar = true, delim = ',', quote = '\"', "
        "sample_size = 1)"
    )


def _text(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0] or 0) if row else 0
