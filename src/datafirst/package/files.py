"""Which files are in a folder, and what are they byte for byte?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class File:
    """A file of a package."""

    path: str
    """From the package's folder, with forward slashes."""
    sha256: str
    bytes: int
    rows: int | None = None
    """For a part of a table."""


def listing(folder: Path, rows: Mapping[str, int]) -> tuple[File, ...]:
    """Every file under a folder in order of its path; rows by path for the parts of tables."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return tuple(
        File(name, sha256(path), path.stat().st_size, rows.get(name))
        for name, path in sorted(found.items())
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
