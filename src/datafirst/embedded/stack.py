"""What runs on this machine in place of production's servers? Starts, stops and names all of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datafirst.service import EMBEDDED_CREDENTIALS
from datafirst.settings import Settings, embedded_endpoint, settings, source_dsn_variable
from datafirst.spec import load
from datafirst.stage.check import STORES
from datafirst.store import store

from . import airflow, postgres, s3


def environment() -> dict[str, str]:
    """The variables by which a process finds the servers that run, and those named by others."""
    here = settings()
    build = here.build.resolve()
    found = {"DATAFIRST_BUILD": str(build), "DATAFIRST_CONFIG": str(here.config.resolve())}
    if here.embedded and (address := embedded_endpoint(here.build)):
        found["DATAFIRST_S3_ENDPOINT"] = address
        found |= {name.upper(): value for name, value in EMBEDDED_CREDENTIALS.items()}
    for variable in _sources(here):
        found[variable] = postgres.source_dsn(build)
    return found


def up() -> None:
    """Everything, Airflow too; does nothing where it runs."""
    build = settings().build.resolve()
    _start_stores(settings())
    postgres.start(build)
    airflow.start(build, environment())


def down() -> list[str]:
    """Stops what we started, in the reverse order; returns what ran."""
    build = settings().build.resolve()
    parts = {"Airflow": airflow.stop, "S3": s3.stop, "PostgreSQL": postgres.stop}
    return [name for name, stop in parts.items() if stop(build)]


def status() -> dict[str, str]:
    """Each server, and whether it runs."""
    build = settings().build.resolve()
    told = {
        "PostgreSQL": "runs" if postgres.running(build) else "stopped",
        "S3": f"runs at {embedded_endpoint(build)}" if s3.running(build) else "stopped",
    }
    for name, pid in airflow.running(build):
        told[f"Airflow {name}"] = f"runs (process {pid})" if pid else "stopped"
    return told


@contextmanager
def servers() -> Iterator[None]:
    """The stores and sources for the length of a command, unless others are named or they run."""
    here = settings()
    build = here.build.resolve()
    were = {s3: s3.running(build), postgres: postgres.running(build)}
    before = dict(os.environ)
    try:
        _start_stores(here)
        os.environ.update(environment())
        settings.cache_clear()
        yield
    finally:
        for server, ran in were.items():
            if not ran:
                server.stop(build)
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


def _start_stores(here: Settings) -> None:
    """What this deployment does not have elsewhere."""
    build: Path = here.build.resolve()
    if _sources(here):
        postgres.start(build)
    if here.embedded:
        s3.start(build)
        for name in STORES:
            store(name, here).make()


def _sources(here: Settings) -> list[str]:
    """The variables of the sources that no other server is named for."""
    return [
        variable
        for system in load(here.config).systems.values()
        if system.connection.kind == "postgresql"
        and (variable := source_dsn_variable(system.id)) not in os.environ
    ]
