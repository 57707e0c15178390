"""A lease is kept through a store's failures, and never taken from whoever holds it next."""

import json
import threading

import pytest

from datafirst.errors import RunRefused, StoreError
from datafirst.lease import lease
from datafirst.settings import Settings
from datafirst.store import Pointer, Store, store

KEY = "leases/x.json"


class Failing(Store):
    """A store that does not answer while it is told to fail."""

    failing = False
    failed = 0

    def pointer(self, key: str) -> Pointer | None:
        if self.failing:
            self.failed += 1
            raise StoreError("no answer")
        return super().pointer(key)


@pytest.fixture
def index(s3: Settings) -> Failing:
    made = store("index", s3)
    return Failing(made.bucket, made._client)


def held(by: Store) -> dict[str, object]:
    found: dict[str, object] = json.loads(by.read(KEY))
    return found


def until(condition: threading.Event, asked: object) -> None:
    """Waits until something is so."""
    for _ in range(2000):
        if asked():  # type: ignore[operator]
            return
        condition.wait(0.005)
    raise AssertionError("it never came to that")


def test_a_store_that_fails_for_a_while_does_not_end_a_lease(index: Failing, s3: Settings) -> None:
    other, never = store("index", s3), threading.Event()
    with lease(index, "x", seconds=0.9):
        first = held(other)["until"]
        index.failing = True
        until(never, lambda: index.failed >= 2)
        index.failing = False
        until(never, lambda: held(other)["until"] > first)  # type: ignore[operator]


def test_a_lease_that_was_given_up_is_free_at_once(index: Failing) -> None:
    for _ in range(2):
        with lease(index, "x"):
            pass


def test_who_lost_a_lease_leaves_it_to_its_successor(
    index: Failing, s3: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The successor takes it between the look and the release."""
    other = store("index", s3)
    theirs = json.dumps({"token": "theirs", "by": "process 2", "until": 9e12}).encode()
    pointer = Store.pointer

    def overtaken(self: Store, key: str) -> Pointer | None:
        found = pointer(self, key)
        if self is index and found and json.loads(found.body)["token"] != "theirs":
            other.swap(KEY, theirs, found)
        return found

    with lease(index, "x"):
        monkeypatch.setattr(Store, "pointer", overtaken)
    assert other.read(KEY) == theirs
    with pytest.raises(RunRefused), lease(other, "x"):
        pass


def test_how_the_work_ended_is_told_though_the_lease_cannot_be_given_up(index: Failing) -> None:
    with pytest.raises(ValueError, match="the work"), lease(index, "x"):
        index.failing = True
        raise ValueError("the work")
