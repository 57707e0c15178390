"""Which processes did we start, and are they still ours to end?"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datafirst.errors import DataFirstError

PATIENCE = 15.0
"""Seconds between asking a process to end and ending it."""


@dataclass(frozen=True)
class Process:
    """A server of its own session, with a pid file and a log in a folder."""

    name: str
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    @property
    def pid(self) -> int | None:
        """Its number, if it runs. A number that has passed to another process is not it."""
        try:
            kept = json.loads(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        same = kept["pid"] > 1 and started_at(kept["pid"]) == kept["started"]
        return int(kept["pid"]) if same else None

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Starts it in a session of its own, so that it outlives this command."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        kept = {"pid": child.pid, "started": started_at(child.pid), "command": list(command)}
        self._pid_file.write_text(json.dumps(kept))

    def check(self) -> None:
        """Raises DataFirstError where it has died."""
        if self.pid is None:
            raise DataFirstError(f"{self.name} did not start: see {self.log}")

    def stop(self) -> bool:
        """Ends it and all that it started. Says whether it ran."""
        pid = self.pid
        if pid is not None:
            _end(pid)
        self._pid_file.unlink(missing_ok=True)
        return pid is not None


def started_at(pid: int) -> str | None:
    """When a process was started, in the kernel's ticks; None where it does not run."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if after_name[0] == "Z" else after_name[19]


def _end(pid: int) -> None:
    """Its session's number is its own, so the group is what it started and nothing else."""
    for signalled in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, signalled)
        except ProcessLookupError:
            return
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            _reap(pid)
            if not _group_lives(pid):
                return
            time.sleep(0.05)


def _reap(pid: int) -> None:
    """A child of this very command stays a zombie until it is waited for."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _group_lives(group: int) -> bool:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False
