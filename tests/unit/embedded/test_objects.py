"""Does the embedded object server still hold tomorrow what it acknowledged today?"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datafirst.embedded import s3
from datafirst.embedded.objects import LARGE, Kept, OnDisk, file_name
from datafirst.settings import Settings
from datafirst.store import Store, bucket


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    pytest.importorskip("moto.server")
    monkeypatch.delenv("DATAFIRST_S3_ENDPOINT", raising=False)
    s3.start(tmp_path)
    yield tmp_path
    s3.stop(tmp_path)


def opened(build: Path) -> Store:
    return bucket("kept", Settings(build=build))


def test_objects_outlive_the_server(server: Path) -> None:
    made = opened(server).make()
    made.put_once("runs/2022-02/data part.parquet", b"\x00\x01")
    made.put_once("gone", b"soon")
    made.remove("gone")
    made.swap("current", b"one", None)
    made.swap("current", b"two", made.pointer("current"))
    s3.stop(server)
    address = s3.start(server)
    again = opened(server)
    assert sorted(again.keys()) == [
        ".conditional-write",
        "current",
        "runs/2022-02/data part.parquet",
    ]
    assert again.read("runs/2022-02/data part.parquet") == b"\x00\x01"
    assert again.read("current") == b"two"
    assert s3.start(server) == address


def test_a_pointer_can_be_moved_after_a_restart(server: Path) -> None:
    opened(server).make().swap("current", b"one", None)
    seen = opened(server).pointer("current")
    s3.stop(server)
    s3.start(server)
    assert opened(server).swap("current", b"two", seen)
    assert not opened(server).swap("current", b"three", seen)


def test_what_was_acknowledged_survives_a_kill(server: Path) -> None:
    opened(server).make().put_once("a/b", b"1")
    pid = s3._process(server).pid
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)
    s3.start(server)
    assert opened(server).read("a/b") == b"1"


def test_many_objects_are_deleted_at_once(server: Path) -> None:
    made = opened(server).make()
    for key in ("a", "b", "c"):
        made.put_once(key, b"1")
    made._client.delete_objects(
        Bucket="kept", Delete={"Objects": [{"Key": key} for key in ("a", "c")]}
    )
    s3.stop(server)
    s3.start(server)
    assert sorted(opened(server).keys()) == [".conditional-write", "b"]


@given(st.text(min_size=1, max_size=40))
def test_no_key_leads_out_of_its_bucket(key: str) -> None:
    place = Path("/store/bucket")
    file = place / file_name(key)
    assert place in file.parents
    assert ".." not in file.parts
    assert unquote(file.relative_to(place).as_posix()) == key


def test_a_large_object_is_not_kept_in_memory(tmp_path: Path) -> None:
    pytest.importorskip("moto.server")
    from moto.s3.models import s3_backends

    backend = s3_backends["210987654321"]["aws"]
    backend.create_bucket("kept", "eu-west-2")
    kept = Kept(lambda *_: [], backend, tmp_path)
    large = backend.put_object("kept", "part", b"7" * LARGE)
    small = backend.put_object("kept", "pointer", b"now")
    for key in ("part", "pointer"):
        kept._keep("kept", key)
    assert isinstance(large._value_buffer, OnDisk)
    assert large.value == (tmp_path / "kept" / "part").read_bytes() == b"7" * LARGE
    assert not isinstance(small._value_buffer, OnDisk)


def test_a_large_object_is_read_piece_by_piece(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(bytes(range(10)))
    on_disk = OnDisk(tmp_path / "part")
    assert [on_disk.read(4), on_disk.read(4), on_disk.read()] == [
        bytes(range(4)),
        bytes(range(4, 8)),
        bytes(range(8, 10)),
    ]
    on_disk.seek(1)
    assert on_disk.read(2) == bytes([1, 2])


def test_large_objects_outlive_the_server(server: Path) -> None:
    body = os.urandom(LARGE + 1)
    opened(server).make().put_once("part", body)
    assert opened(server).read("part") == body
    s3.stop(server)
    s3.start(server)
    assert opened(server).read("part") == body
