"""Where is the object store of this machine? A server that speaks S3, in its own process."""

import argparse
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from datafirst.errors import StoreError
from datafirst.settings import embedded_endpoint

from .objects import Kept
from .process import Process

HOST = "127.0.0.1"
PATIENCE = 60.0
IN_MEMORY = {"MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(1 << 28)}
"""An object that arrives is in memory until its file is written, not in a temporary one first."""


def _process(build: Path) -> Process:
    return Process("s3", build / "embedded" / "run")


def start(build: Path) -> str:
    """Starts the server with the objects it had; returns its address, the same as last time."""
    process = _process(build)
    known = embedded_endpoint(build)
    if process.pid is not None and known and answers(known):
        return known
    process.stop()
    port = _port(known)
    address = f"http://{HOST}:{port}"
    folder = build / "embedded" / "s3"
    command = [sys.executable, "-m", __name__, "--port", str(port), "--folder", str(folder)]
    process.start(command, os.environ | IN_MEMORY)
    until = time.monotonic() + PATIENCE
    while not answers(address):
        process.check()
        if time.monotonic() > until:
            raise StoreError(f"the embedded S3 server does not answer: see {process.log}")
        time.sleep(0.1)
    (build / "embedded" / "s3.url").write_text(f"{address}\n")
    return address


def stop(build: Path) -> bool:
    """Stops the server. Says whether it ran."""
    return _process(build).stop()


def running(build: Path) -> bool:
    return _process(build).pid is not None


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/moto-api/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _port(known: str | None) -> int:
    """Last time's port if it is free, or else any."""
    wanted = urlsplit(known).port if known else None
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StoreError("no free port on loopback")


def serve(port: int, folder: Path) -> None:
    """Serves until it is told to end."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from moto.s3.models import s3_backends
    from werkzeug.serving import make_server

    class Quiet(MotoRequestHandler):  # type: ignore[misc]
        def log_request(self, *_: object) -> None:
            """Keys are not for a log."""

    folder.mkdir(parents=True, exist_ok=True)
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    kept = Kept(DomainDispatcherApplication(create_backend_app), backend, folder)
    kept.restore()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    make_server(HOST, port, kept, True, request_handler=Quiet).serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    serve(asked.port, asked.folder)
