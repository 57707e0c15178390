"""Is a package whole, unchanged and what it says it is?"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from datafirst.errors import DeliveryRefused

from .contents import Tables
from .files import sha256
from .manifest import NAME, Manifest, read_file


@dataclass(frozen=True)
class Report:
    """What was found in a package in which everything is as it should be."""

    release: str
    share: str
    recipient: str
    run: str
    files: int
    bytes: int
    tables: Mapping[str, int]
    """Rows."""


def verify(folder: Path, con: duckdb.DuckDBPyConnection | None = None) -> Report:
    """Checks every file against the manifest, and every table against what describes it.

    `con` decides how much memory it may use and where it spills; without it, DuckDB does.
    Raises DeliveryRefused naming every difference at once. DuckDB's own errors where there is no
    room for the work: they say nothing about the package.
    """
    manifest = read_file(folder)
    found = list(_files(folder, manifest))
    if not found:
        found = list(_contents(folder, manifest, con))
    if found:
        raise DeliveryRefused(
            f"{folder} is not the package that its manifest describes; fetch it again, and if "
            "that does not help ask its supplier:\n" + "\n".join(found)
        )
    return Report(
        release=manifest.release,
        share=manifest.share,
        recipient=manifest.recipient,
        run=manifest.run,
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        tables=manifest.tables,
    )


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    expected = {file.path: file for file in manifest.files}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    for path in sorted(there - set(expected) - {NAME}):
        yield f"{path}: the manifest does not know it"
    for path, file in expected.items():
        if path not in there:
            yield f"{path}: missing"
        elif (size := (folder / path).stat().st_size) != file.bytes:
            yield f"{path}: {size} bytes, where the manifest says {file.bytes}"
        elif sha256(folder / path) != file.sha256:
            yield f"{path}: changed: the right size, but not the right hash"


def _contents(
    folder: Path, manifest: Manifest, con: duckdb.DuckDBPyConnection | None
) -> Iterator[str]:
    """Asks the tables only where every file is as it left, since damaged files break readers."""
    described = _resources(folder)
    for name in sorted(set(described) ^ set(manifest.tables)):
        yield f"{name}: a table of the manifest or of datapackage.json, but not of both"
    for name in sorted(set(described) & set(manifest.tables)):
        if not any(manifest.parts(name, form) for form in ("parquet", "csv")):
            yield f"{name}: no file holds it"
    both = {n: r for n, r in described.items() if n in manifest.tables}
    with _asked(con) as database:
        yield from Tables(folder, manifest, database).differences(both)


@contextmanager
def _asked(con: duckdb.DuckDBPyConnection | None) -> Iterator[duckdb.DuckDBPyConnection]:
    if con is not None:
        yield con
        return
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as own:
        own.execute(f"SET temp_directory = '{spill}'")
        yield own


def _resources(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "datapackage.json"
    if not path.is_file():
        return {}
    return {r["name"]: r for r in json.loads(path.read_text(encoding="utf-8"))["resources"]}
