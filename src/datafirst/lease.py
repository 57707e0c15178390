"""Who is doing this work now? A lease that lapses when its holder dies."""

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .errors import RunRefused, StoreError
from .store import Store

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
        _give_up(store, key, token)


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
    if not store.swap(key, _claim(token, time.time() + seconds), held):
        raise RunRefused(f"{key} was taken by another run at this moment; wait until it is done")


def _keep(store: Store, key: str, token: str, seconds: float, done: threading.Event) -> None:
    """Renews the claim until the work is done or another has taken it.

    A store that does not answer is asked again sooner: its failure is no reason to lose the lease,
    and a claim that lapsed meanwhile is still ours until another takes it.
    """
    pause = seconds / 3
    while not done.wait(pause):
        try:
            if not _extend(store, key, token, time.time() + seconds):
                return
            pause = seconds / 3
        except StoreError:
            pause = seconds / 12


def _give_up(store: Store, key: str, token: str) -> None:
    """Lets the claim lapse now, unless it is another's.

    Where the store does not answer it lapses by itself, and how the work ended matters more.
    """
    with suppress(StoreError):
        _extend(store, key, token, 0.0)


def _extend(store: Store, key: str, token: str, until: float) -> bool:
    """Moves the end of a claim. Says whether it is still ours."""
    held = store.pointer(key)
    if held is None or json.loads(held.body)["token"] != token:
        return False
    return store.swap(key, _claim(token, until), held)


def _claim(token: str, until: float) -> bytes:
    by = f"process {os.getpid()} on {socket.gethostname()}"
    return json.dumps({"token": token, "by": by, "until": until}).encode()
