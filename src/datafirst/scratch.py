"""Where does a stage work? In a private folder that is destroyed when it ends."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from .settings import Settings


@dataclass(frozen=True)
class Scratch:
    """A folder that nobody else reads, and databases in it that spill there."""

    folder: Path
    settings: Settings

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database within the deployment's memory and threads.

        Its tables live in a file here, so that what does not fit in memory is on disk.
        """
        con = duckdb.connect(str(self / "work.duckdb"))
        con.execute(f"SET memory_limit = '{self.settings.memory}'")
        con.execute(f"SET threads = {self.settings.threads}")
        con.execute(f"SET temp_directory = '{self / 'spill'}'")
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET TimeZone = 'UTC'")
        return con


@contextmanager
def scratch(settings: Settings) -> Iterator[Scratch]:
    """A scratch folder for the length of the block."""
    settings.scratch_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(settings.scratch_folder)
    owner = f"{socket.gethostname()}.{os.getpid()}-"
    folder = Path(tempfile.mkdtemp(prefix=owner, dir=settings.scratch_folder))
    try:
        yield Scratch(folder, settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folders: Path) -> None:
    """Removes what a process of this machine that was killed left behind: it is identifiable."""
    for left in folders.glob(f"{socket.gethostname()}.*-*"):
        owner = left.name.rpartition("-")[0].rpartition(".")[2]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
