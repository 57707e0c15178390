"""How do the embedded server's objects outlive it? Each is a file before it is acknowledged.

The server (moto) keeps its objects in memory. This layer in front of it writes every object that
a request changed to <folder>/<bucket>/<key>, and gives them back to it at the next start. So a
server that is killed has lost nothing that it said it had, and from then on it reads a large
object from that file: its memory does not grow with what it holds. Kept are names and contents,
which is all that the stores rely on; versions, tags and users' metadata are not.
"""

import threading
import uuid
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
CHANGES = {"PUT", "POST", "DELETE"}
LARGE = 1 << 20
"""Bytes. Smaller objects stay in memory: pointers and leases are small, and change."""


class OnDisk:
    """The content of a large object, as the server reads it: from the file that keeps it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._at = 0

    def seek(self, at: int) -> None:
        self._at = at

    def read(self, size: int = -1) -> bytes:
        with self._file.open("rb") as opened:
            opened.seek(self._at)
            found = opened.read(size)
        self._at += len(found)
        return found

    def close(self) -> None:
        """Nothing stays open, so that there may be more objects than a process may open."""


class Kept:
    """A server's application whose objects are kept in a folder."""

    def __init__(self, application: Application, backend: Any, folder: Path) -> None:
        self._application = application
        self._backend = backend
        self._folder = folder
        self._one_at_a_time = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        statuses: list[str] = []

        def noted(status: str, *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, *rest)

        body = self._application(environ, noted)
        if environ["REQUEST_METHOD"] in CHANGES and statuses and statuses[-1].startswith("2"):
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8")
            bucket, _, key = path.lstrip("/").partition("/")
            with self._one_at_a_time:
                self._keep(bucket, key)
        return body

    def restore(self) -> int:
        """Gives the server the objects that are kept; returns how many."""
        count = 0
        for place in sorted(p for p in self._folder.glob("*") if p.is_dir()):
            if place.name.startswith("."):
                continue
            self._backend.create_bucket(place.name, "eu-west-2")
            for file in sorted(p for p in place.rglob("*") if p.is_file()):
                key = unquote(file.relative_to(place).as_posix())
                held = self._backend.put_object(place.name, key, file.read_bytes())
                _leave_on_disk(held, file)
                count += 1
        return count

    def _keep(self, bucket: str, key: str) -> None:
        if not bucket or bucket == "moto-api":
            return
        held = self._backend.buckets.get(bucket)
        place = self._folder / bucket
        if held is None:
            if place.is_dir():
                place.rmdir()  # only an empty bucket can be deleted
            return
        place.mkdir(parents=True, exist_ok=True)
        if key:
            self._write(place / file_name(key), held.keys.get(key))
        else:  # a request about many objects
            names = {file_name(k): k for k in held.keys}
            for file in [p for p in place.rglob("*") if p.is_file()]:
                if file.relative_to(place).as_posix() not in names:
                    file.unlink()

    def _write(self, file: Path, held: Any) -> None:
        if held is None:
            file.unlink(missing_ok=True)
            return
        writing = self._folder / ".writing" / uuid.uuid4().hex
        writing.parent.mkdir(exist_ok=True)
        writing.write_bytes(held.value)
        file.parent.mkdir(parents=True, exist_ok=True)
        writing.replace(file)
        _leave_on_disk(held, file)


def _leave_on_disk(held: Any, file: Path) -> None:
    """Lets the server read a large object from its file instead of from memory."""
    if held.size >= LARGE:
        with held.lock:
            held._value_buffer.close()
            held._value_buffer = OnDisk(file)


def file_name(key: str) -> str:
    """A relative path that stands for a key, and that no key can lead astray."""
    parts = [quote(part, safe=" =+,@") for part in key.split("/")]
    parts = [p.replace(".", "%2E") if p in (".", "..") else p for p in parts]
    name = parts[0]
    for before, part in pairwise(parts):
        name += f"/{part}" if before and part else f"%2F{part}"
    return name
