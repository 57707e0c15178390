"""Work is done once, by one, and is seen whole or not at all."""

import json
import threading
from pathlib import Path

import pytest

from datafirst.errors import RunRefused
from datafirst.lease import lease
from datafirst.run import Made, bring, canonical, identity, once, recorded
from datafirst.scratch import Scratch
from datafirst.settings import Settings
from datafirst.store import store


def write(text: str, log: list[str]) -> object:
    def work(scratch: Scratch) -> Made:
        log.append(text)
        path = scratch / "table/part-00000.txt"
        path.write_text(text)
        made = Made(counts={"rows": 1})
        made.add("table/part-00000.txt", path, 1)
        return made

    return work


def test_work_is_done_once(s3: Settings, tmp_path: Path) -> None:
    landing, log = store("landing", s3), []
    first = once(landing, "place", "stage", {"a": 1}, write("x", log), s3)  # type: ignore[arg-type]
    again = once(landing, "place", "stage", {"a": 1}, write("x", log), s3)  # type: ignore[arg-type]
    assert log == ["x"] and first == again
    [path] = bring(landing, again.of("table"), tmp_path)
    assert path.read_text() == "x"


def test_work_that_fails_leaves_nothing_visible_and_scratch_empty(s3: Settings) -> None:
    landing = store("landing", s3)

    def work(scratch: Scratch) -> Made:
        (scratch / "identifiable.txt").write_text("name")
        raise ValueError

    with pytest.raises(ValueError):
        once(landing, "place", "stage", {}, work, s3)
    assert recorded(landing, "place", "stage") is None
    assert not any(s3.scratch_folder.iterdir())


def test_an_upload_that_was_cut_off_is_taken_up_again(
    s3: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing, log = store("landing", s3), []
    real = landing.put_once

    def cut_off(key: str, body: bytes | Path) -> str:
        if key.endswith("stage.json"):
            raise KeyboardInterrupt
        return real(key, body)

    monkeypatch.setattr(landing, "put_once", cut_off)
    with pytest.raises(KeyboardInterrupt):
        once(landing, "place", "stage", {}, write("x", log), s3)  # type: ignore[arg-type]
    assert recorded(landing, "place", "stage") is None
    monkeypatch.setattr(landing, "put_once", real)
    assert once(landing, "place", "stage", {}, write("x", log), s3).counts == {"rows": 1}  # type: ignore[arg-type]


def test_a_second_run_at_the_same_time_is_refused_by_name(s3: Settings) -> None:
    index, name = store("index", s3), "runs/2022-02/link"
    refusal = pytest.raises(RunRefused, match=f"{name} is being made by process")
    with lease(index, name), refusal, lease(index, name):
        pass


def test_a_lease_is_kept_while_its_holder_lives(s3: Settings) -> None:
    index = store("index", s3)
    with lease(index, "x", seconds=0.6):
        threading.Event().wait(1.2)
        with pytest.raises(RunRefused), lease(index, "x", seconds=0.6):
            pass


def test_the_lease_of_a_dead_holder_lapses(s3: Settings) -> None:
    index = store("index", s3)
    dead = json.dumps({"token": "t", "by": "process 1", "until": 0.0}).encode()
    index.swap("leases/x.json", dead, None)
    with lease(index, "x"):
        pass


def test_identity_does_not_depend_on_the_order_of_keys() -> None:
    assert identity({"a": 1, "b": 2}) == identity({"b": 2, "a": 1}) != identity({"a": 2, "b": 1})
    assert canonical({"b": 1, "a": "é"}) == b'{"a":"\\u00e9","b":1}'
