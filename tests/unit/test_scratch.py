"""Scratch is private, and is destroyed even where its owner was killed."""

import socket
import subprocess
from pathlib import Path

import pytest

from datafirst.scratch import scratch
from datafirst.settings import Settings


def test_scratch_is_destroyed_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(ValueError), scratch(Settings(build=tmp_path)) as folder:
        (folder / "names.txt").write_text("A name")
        assert folder.folder.stat().st_mode & 0o077 == 0
        raise ValueError
    assert not folder.folder.exists()


def test_what_the_dead_left_is_swept_and_what_the_living_use_stays(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    made = Settings(build=tmp_path)
    left = made.scratch_folder / f"{socket.gethostname()}.{dead.pid}-abc"
    elsewhere = made.scratch_folder / f"another-machine.{dead.pid}-abc"
    left.mkdir(parents=True)
    elsewhere.mkdir()
    with scratch(made) as one, scratch(made):
        assert one.folder.exists()
        assert not left.exists()
        assert elsewhere.exists()


def test_a_database_keeps_within_its_limits(tmp_path: Path) -> None:
    limits = Settings(build=tmp_path, memory="512MB", threads=1)
    with scratch(limits) as folder, folder.connect() as con:
        told = dict(con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
        assert told["threads"] == "1"
        assert told["memory_limit"] in ("488.2 MiB", "512.0 MB")
        assert told["temp_directory"].startswith(str(folder.folder))
