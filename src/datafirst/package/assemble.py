"""How is a package put together? Parts of each table, what describes them, the manifest last."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.catalogue import descriptor
from datafirst.parts import write
from datafirst.spec import Recipient, Release, Share, Specification, Table

from .files import listing
from .manifest import NAME, manifest
from .readme import readme


def assemble(
    con: DuckDBPyConnection,
    spec: Specification,
    share: Share,
    release: Release,
    recipient: Recipient,
    tables: Mapping[str, Table],
    run: str,
    inputs: Mapping[str, Any],
    folder: Path,
) -> dict[str, int]:
    """Completes a package in a folder that holds its catalogue; returns the rows of each table.

    The rows come from relations named like the tables.
    """
    parts = {name: _parts(con, table, recipient, folder) for name, table in tables.items()}
    paths = {
        name: {form: [path for path, _ in ps] for form, ps in forms.items()}
        for name, forms in parts.items()
    }
    described = descriptor(spec.programme, share, release, recipient, tables, paths)
    text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    about = readme(spec.programme, share, release, recipient, list(tables.values()))
    (folder / "README.txt").write_text(about, encoding="utf-8")
    rows = {path: n for forms in parts.values() for ps in forms.values() for path, n in ps}
    totals = {name: sum(n for _, n in next(iter(forms.values()))) for name, forms in parts.items()}
    files = listing(folder, rows)
    body = manifest(release, share, recipient, run, inputs, totals, files)
    (folder / NAME).write_bytes(body)
    return totals


def _parts(
    con: DuckDBPyConnection, table: Table, recipient: Recipient, folder: Path
) -> dict[str, list[tuple[str, int]]]:
    """Writes a table; returns the path and rows of each part, by format."""
    columns = ", ".join(f'"{v.name}"' for v in table)
    written = write(
        con,
        f'SELECT {columns} FROM "{table.name}"',
        table.key,
        folder / "data" / table.name,
        name=table.name,
        formats=recipient.formats,
        part_rows=recipient.part_rows,
    )
    return {
        form: [
            (part.path.relative_to(folder).as_posix(), part.rows)
            for part in written
            if part.path.suffix == f".{form}"
        ]
        for form in recipient.formats
    }
