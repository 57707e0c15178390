"""Do we end what we started, all of it, and nothing else?"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from datafirst.embedded.process import Process, started_at
from datafirst.errors import DataFirstError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time, signal\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)",
]


def test_a_process_is_found_again_and_ended(tmp_path: Path) -> None:
    Process("server", tmp_path).start(SLEEP, os.environ)
    again = Process("server", tmp_path)
    pid = again.pid
    assert pid is not None
    assert again.stop()
    assert started_at(pid) is None
    assert not again.stop()


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    parent = Process("server", tmp_path)
    parent.start(PARENT, os.environ)
    until = time.monotonic() + 10
    while not parent.log.read_text().strip() and time.monotonic() < until:
        time.sleep(0.02)
    child = int(parent.log.read_text())
    assert started_at(child)
    parent.stop()
    assert started_at(child) is None


def test_a_number_that_passed_to_another_process_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        kept = {"pid": other.pid, "started": "1", "command": SLEEP}
        (tmp_path / "server.pid").write_text(json.dumps(kept))
        assert Process("server", tmp_path).pid is None
        assert not Process("server", tmp_path).stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_process_that_died_is_told_with_its_log(tmp_path: Path) -> None:
    process = Process("server", tmp_path)
    process.start([sys.executable, "-c", "print('why')"], os.environ)
    until = time.monotonic() + 60
    while process.pid and time.monotonic() < until:
        time.sleep(0.02)
    with pytest.raises(DataFirstError, match=r"server did not start: see .*server\.log"):
        process.check()
    assert process.log.read_text() == "why\n"
