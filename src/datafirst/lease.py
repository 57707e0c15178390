"""Who is doing this work now? A lease that lapses when its holder dies."""

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import RunRefused
from .store import Pointer, Store

SECONDS = 60.0
"""How long a lease outlives its holder's last sign of life."""


@contextmanager
def lease(store: Store, name: str, seconds: float = SECONDS) -> Iterator[None]:
    """Holds `name` while the block runs.

    Raises RunRefused where another holds it and has given a sign of life within `seconds`.
    """
    key = f"leases/{name}.json"
    token = uuid.uuid4().hex
    _take(store, key, token, seconds)
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(store, key, token, seconds, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        held = store.pointer(key)
        if held and json.loads(held.body)["token"] == token:
            store.delete_pointer(key)


def _take(store: Store, key: str, token: str, seconds: float) -> None:
    held = store.pointer(key)
    if held:
        holder = json.loads(held.body)
        if holder["until"] > time.time():
            raise RunRefused(
                f"{key.removeprefix('leases/').removesuffix('.json')} is being made by "
                f"{holder['by']}; wait until it is done (a run that died gives it up after "
                f"{seconds:.0f} s)"
            )
    if not store.swap(key, _claim(token, seconds), held):
        raise RunRefused(f"{key} was taken by another run at this moment; wait until it is done")


def _keep(store: Store, key: str, token: str, seconds: float, done: threading.Event) -> None:
    while not done.wait(seconds / 3):
        held: Pointer | None = store.pointer(key)
        if held is None or json.loads(held.body)["token"] != token:
            return
        store.swap(key, _claim(token, seconds), held)


def _claim(token: str, seconds: float) -> bytes:
    by = f"process {os.getpid()} on {socket.gethostname()}"
    return json.dumps({"token": token, "by": by, "until": time.time() + seconds}).encode()
