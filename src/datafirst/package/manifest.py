"""What is in a package and what was it made from? The manifest, the last file to be written."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datafirst.errors import DeliveryRefused
from datafirst.spec import Recipient, Release, Share

from .files import File

NAME = "manifest.json"
LAYOUT = 1
"""Which layout a package has: raised when a reader of the old one could not read the new."""
INPUTS = ("code", "key_epoch", "models", "snapshots", "specification")
"""Digests of what the package was made from, and the name of the epoch of the pseudonym key."""


@dataclass(frozen=True)
class Manifest:
    """A manifest as read back."""

    release: str
    share: str
    recipient: str
    run: str
    inputs: Mapping[str, Any]
    tables: Mapping[str, int]
    """Rows."""
    files: tuple[File, ...]

    def parts(self, table: str, format: str) -> tuple[File, ...]:
        """A table's parts in one format, in order."""
        folder = f"data/{table}/"
        return tuple(
            f for f in self.files if f.path.startswith(folder) and f.path.endswith(f".{format}")
        )


def manifest(
    release: Release,
    share: Share,
    recipient: Recipient,
    run: str,
    inputs: Mapping[str, Any],
    tables: Mapping[str, int],
    files: Iterable[File],
) -> bytes:
    """The manifest as canonical JSON. It holds no time but the release date."""
    content = {
        "layout": LAYOUT,
        "release": release.version,
        "date": str(release.date),
        "share": share.id,
        "recipient": recipient.id,
        "run": run,
        "inputs": {name: inputs[name] for name in INPUTS},
        "tables": {name: {"rows": rows} for name, rows in tables.items()},
        "files": [_said(f) for f in sorted(files, key=lambda f: f.path)],
    }
    return canonical(content)


def canonical(content: Any) -> bytes:
    """The one JSON text of a value, as UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return (text + "\n").encode()


def _said(file: File) -> dict[str, Any]:
    said = {"path": file.path, "sha256": file.sha256, "bytes": file.bytes}
    return said if file.rows is None else {**said, "rows": file.rows}


def read(body: bytes, where: object) -> Manifest:
    """A manifest from its bytes. DeliveryRefused where they are not one."""
    try:
        content = json.loads(body)
        if content["layout"] != LAYOUT:
            raise DeliveryRefused(
                f"{where}: layout {LAYOUT} expected: use the datafirst that made it"
            )
        return Manifest(
            release=content["release"],
            share=content["share"],
            recipient=content["recipient"],
            run=content["run"],
            inputs=content["inputs"],
            tables={name: about["rows"] for name, about in content["tables"].items()},
            files=tuple(File(**file) for file in content["files"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DeliveryRefused(f"{where} is not a manifest: ask for the package again") from None


def read_file(folder: Path) -> Manifest:
    """The manifest of the package in a folder."""
    path = folder / NAME
    if not path.is_file():
        raise DeliveryRefused(f"{folder} is not a whole package: it has no {NAME}")
    return read(path.read_bytes(), path)
