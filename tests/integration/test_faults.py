"""Faults of the surroundings get a clear error and lose nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.errors import RunRefused, StoreError
from datafirst.run import Made, once, recorded
from datafirst.scratch import Scratch
from datafirst.settings import Settings, settings
from datafirst.stage.extract import extract
from datafirst.stage.validate import validate
from datafirst.store import store

DAY = "2022-02-01"
PLACE = f"snapshots/court/{DAY}"


def visible(court: Settings) -> bool:
    return recorded(store("landing", court), PLACE, "extract") is not None


def test_an_s3_service_that_is_not_there_is_named(
    court: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("DATAFIRST_S3_ENDPOINT", endpoint)
    settings.cache_clear()
    with pytest.raises(StoreError, match=f"no S3 service answers at {endpoint}"):
        extract("court", DAY)


class Refusing(BaseHTTPRequestHandler):
    """An S3 service that knows nobody."""

    def do_GET(self) -> None:
        body = b"<Error><Code>InvalidAccessKeyId</Code><Message>SECRET</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_wrong_credentials_are_said_to_be_wrong(
    court: Settings, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAFIRST_S3_ENDPOINT", refusing)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    settings.cache_clear()
    with pytest.raises(StoreError, match="refuses these credentials") as refusal:
        extract("court", DAY)
    assert "AWS_ACCESS_KEY_ID" in str(refusal.value)
    assert "hunter2" not in str(refusal.value) and "SECRET>" not in str(refusal.value)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_named_and_nothing_is_published(
    court: Settings, sql: object, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql(  # type: ignore[operator]
        "INSERT INTO court.\"case\" SELECT 1000 + i, md5(i::text) || md5((-i)::text), '01/02/1980' "
        "FROM generate_series(1, 50000) i"
    )
    monkeypatch.setenv("DATAFIRST_SCRATCH", str(small_disk / "scratch"))
    settings.cache_clear()
    with pytest.raises(StoreError, match=f"no space is left in {small_disk}/scratch"):
        extract("court", DAY)
    assert not visible(court)
    monkeypatch.delenv("DATAFIRST_SCRATCH")
    settings.cache_clear()
    assert extract("court", DAY)["rows_of"]["case"] == 50_100


def spills(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("SET memory_limit = '60MB'")
    con.execute("CREATE TEMP TABLE t AS SELECT hash(i), i FROM range(3000000) t(i) ORDER BY 1")


def stores(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE t AS SELECT hash(i), i FROM range(3000000) t(i)")
    con.execute("CHECKPOINT")


def writes(con: duckdb.DuckDBPyConnection) -> None:
    [(path,)] = con.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()
    con.execute(f"COPY (SELECT hash(i) FROM range(3000000) t(i)) TO '{path}.parquet'")


@pytest.mark.parametrize("use", [spills, stores, writes])
def test_a_disk_that_is_full_for_the_database_is_named_too(
    s3: Settings, small_disk: Path, use: Callable[[duckdb.DuckDBPyConnection], None]
) -> None:
    full = s3.model_copy(update={"scratch": small_disk / "scratch"})

    def work(scratch: Scratch) -> Made:
        with scratch.connect() as con:
            use(con)
        return Made()

    with pytest.raises(StoreError, match=f"in {small_disk}/scratch; nothing was published"):
        once(store("landing", s3), "place", "stage", {}, work, full)
    assert recorded(store("landing", s3), "place", "stage") is None


def test_of_two_runs_at_once_the_second_is_refused(court: Settings) -> None:
    landing = store("landing", court)
    begun, may_end = threading.Event(), threading.Event()

    def work(scratch: Scratch) -> Made:
        begun.set()
        assert may_end.wait(30)
        return Made(counts={"rows": {}, "unspecified_columns": {}})

    first = threading.Thread(target=once, args=(landing, PLACE, "extract", {}, work, court))
    first.start()
    try:
        assert begun.wait(30)
        with pytest.raises(RunRefused, match=f"{PLACE}/extract is being made by"):
            extract("court", DAY)
    finally:
        may_end.set()
        first.join()
    assert visible(court)


KILLED_WHILE_READING = """
import sys, time
import datafirst.stage.extract as _
stage = sys.modules["datafirst.stage.extract"]
real = stage.take
def take(*args):
    for landed in real(*args):
        yield landed
        print("reached", flush=True)
        time.sleep(60)
stage.take = take
stage.extract("court", sys.argv[1])
"""

KILLED_WHILE_WRITING = """
import sys, time
import datafirst.stage.extract as _
from datafirst.store import Store
stage = sys.modules["datafirst.stage.extract"]
real = Store.put_once
def put_once(self, key, body):
    sha = real(self, key, body)
    if key.endswith(".parquet"):
        print("reached", flush=True)
        time.sleep(60)
    return sha
Store.put_once = put_once
stage.extract("court", sys.argv[1])
"""


def once_free(stage: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Runs a stage as soon as the dead run's lease has lapsed."""
    for _ in range(100):
        try:
            return stage()
        except RunRefused:
            time.sleep(0.2)
    raise AssertionError("the lease of a dead run does not lapse")


@pytest.mark.parametrize("program", [KILLED_WHILE_READING, KILLED_WHILE_WRITING])
def test_a_killed_run_leaves_nothing_visible_and_is_taken_up_again(
    court: Settings, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("DATAFIRST_LEASE_SECONDS", "2")
    settings.cache_clear()
    run = subprocess.Popen(
        [sys.executable, "-c", program, DAY], stdout=subprocess.PIPE, env=os.environ
    )
    assert run.stdout and run.stdout.readline() == b"reached\n"
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert not visible(court)
    assert once_free(lambda: extract("court", DAY))["rows_of"] == {"case": 100, "hearing": 200}
    assert validate("court", DAY)["quarantined"] == {}


def test_what_was_damaged_in_the_store_is_not_used(court: Settings) -> None:
    extract("court", DAY)
    landing = store("landing", court)
    record = recorded(landing, PLACE, "extract")
    assert record
    key = record.of("hearing")[0].key
    landing._client.put_object(Bucket=landing.bucket, Key=key, Body=b"other")
    with pytest.raises(StoreError, match="is damaged"):
        validate("court", DAY)
