"""What is a run, and where does each artefact live?"""

import errno
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from .errors import StoreError
from .lease import lease
from .scratch import Scratch, scratch
from .settings import Settings
from .store import Store

FULL = {errno.ENOSPC, errno.EDQUOT}
NO_SPACE = ("No space left", "Disk quota exceeded", "out of disk space")


@dataclass(frozen=True)
class Artefact:
    """An object that a stage made."""

    name: str
    """What it is within its stage: `hocas_flatfile/part-00001.parquet`."""
    key: str
    sha256: str
    bytes: int
    rows: int | None = None


@dataclass(frozen=True)
class Record:
    """What a stage did: written last, so that whoever sees it sees all of its artefacts."""

    stage: str
    inputs: dict[str, Any]
    artefacts: tuple[Artefact, ...]
    counts: dict[str, Any]
    """Counts and hashes only, never a value from the data."""

    def of(self, table: str) -> tuple[Artefact, ...]:
        """The artefacts under `table/`, in order."""
        return tuple(a for a in self.artefacts if a.name.startswith(f"{table}/"))

    @property
    def digest(self) -> str:
        return identity(asdict(self))


@dataclass
class Made:
    """What a stage's work leaves in scratch for keeping."""

    files: list[tuple[str, Path, int | None]] = field(default_factory=list)
    """Name, file, rows."""
    counts: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, path: Path, rows: int | None = None) -> None:
        self.files.append((name, path, rows))


def canonical(value: Any) -> bytes:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode()


def identity(inputs: Any) -> str:
    """SHA-256 of what goes into something, in hexadecimal."""
    return hashlib.sha256(canonical(inputs)).hexdigest()


LIBRARIES = (
    "cryptography",
    "duckdb",
    "numba",
    "pandera",
    "polars",
    "pyarrow",
    "splink",
    "vl-convert-python",
    "xlsxwriter",
)
"""Whose version can change a result or its bytes."""


@lru_cache
def code_digest(room: str = ".") -> str:
    """SHA-256 over the files of the program, or of one of its rooms, and the libraries' versions:
    which code made this."""
    root = Path(__file__).parent / room
    files = sorted(p for p in root.rglob("*") if p.suffix in (".py", ".sql", ".csv", ".j2"))
    lines = [f"{library} {version(library)}" for library in LIBRARIES]
    lines += [f"{p.relative_to(root)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def recorded(store: Store, place: str, stage: str) -> Record | None:
    """What a stage did in a place, if it has finished there."""
    body = store.find(f"{place}/{stage}.json")
    if body is None:
        return None
    content = json.loads(body)
    artefacts = tuple(Artefact(**a) for a in content.pop("artefacts"))
    return Record(artefacts=artefacts, **content)


def once(
    store: Store,
    place: str,
    stage: str,
    inputs: Mapping[str, Any],
    work: Callable[[Scratch], Made],
    settings: Settings,
) -> Record:
    """Does a stage's work unless it has been done here, and keeps what it made.

    Objects are named by their content, so that a run that was killed and resumed, or two that
    race, never disagree; the record is written last.
    Raises RunRefused while another process is at it, StoreError where scratch is full.
    """
    if done := recorded(store, place, stage):
        return done
    store.make()
    held = lease(store, f"{place}/{stage}", settings.lease_seconds)
    with held, _room(settings), scratch(settings) as folder:
        if done := recorded(store, place, stage):
            return done
        made = work(folder)
        artefacts = tuple(
            _keep(store, f"{place}/{stage}", name, path, rows) for name, path, rows in made.files
        )
        record = Record(stage, dict(inputs), artefacts, made.counts)
        store.put_once(f"{place}/{stage}.json", canonical(asdict(record)))
    return record


@contextmanager
def _room(settings: Settings) -> Iterator[None]:
    """Says where there was no room. The messages of Arrow and DuckDB are not passed on."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise StoreError(
            f"the work does not fit into {settings.memory} of memory and what is free in "
            f"{settings.scratch_folder}; nothing was published: raise DATAFIRST_MEMORY or free "
            "space, and run it again"
        ) from None
    except (OSError, duckdb.IOException) as error:
        if getattr(error, "errno", None) not in FULL and not any(s in str(error) for s in NO_SPACE):
            raise
        raise StoreError(
            f"no space is left in {settings.scratch_folder}; nothing was published: free space "
            "or set DATAFIRST_SCRATCH to a folder on a larger disk, and run it again"
        ) from None


def _keep(store: Store, place: str, name: str, path: Path, rows: int | None) -> Artefact:
    with path.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    stem, dot, suffix = name.rpartition(".")
    key = f"{place}/{stem}-{sha[:12]}{dot}{suffix}"
    store.put_once(key, path)
    return Artefact(name, key, sha, path.stat().st_size, rows)


def bring(store: Store, artefacts: tuple[Artefact, ...], to: Path) -> list[Path]:
    """Fetches artefacts into a folder under their names, each checked against its hash."""
    return [store.fetch(a.key, to / a.name, a.sha256) for a in artefacts]
