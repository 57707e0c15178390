"""How does Airflow run on this machine? Its three servers, on loopback, over PostgreSQL.

The servers are those of production (docker-compose.yml), started one by one: `airflow standalone`
listens on every address and leaves its children behind.
"""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from datafirst.errors import DataFirstError
from datafirst.settings import PROJECT

from . import postgres
from .process import Process

HOST = "127.0.0.1"
USER = "admin"
PATIENCE = 180.0
SERVERS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],  # the log server listens on every address
    "dag-processor": ["dag-processor"],
}


def home(build: Path) -> Path:
    return build / "embedded" / "airflow"


def url() -> str:
    return f"http://{HOST}:{os.environ.get('DATAFIRST_AIRFLOW_PORT', '8080')}"


def password(build: Path) -> str:
    """The password of the user `admin`, made for this folder."""
    return str(json.loads(_passwords(build).read_text())[USER])


def environment(build: Path) -> dict[str, str]:
    """What makes an `airflow` command speak to this machine's Airflow."""
    database = postgres.dsn(build, postgres.AIRFLOW)
    return {
        "AIRFLOW_HOME": str(home(build)),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG": "2",  # each may use DATAFIRST_MEMORY
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url()}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords(build)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database.replace(
            "postgresql://", "postgresql+psycopg2://"
        ),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": url().rpartition(":")[2],
        "AIRFLOW__API__BASE_URL": url(),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": _secret(build, "session"),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(build, "jwt"),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "datafirst=INFO",  # one line a stage
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def start(build: Path, settings: Mapping[str, str]) -> None:
    """Starts what does not run, and waits until all of it is healthy."""
    _refuse_strangers(build)
    everything = {**os.environ, **settings, **environment(build)}
    _migrate(build, everything)
    for name, arguments in SERVERS.items():
        process = _process(build, name)
        if process.pid is None:
            process.start([sys.executable, "-m", "airflow", *arguments], everything)
    until = time.monotonic() + PATIENCE
    while not healthy():
        for name in SERVERS:
            _process(build, name).check()
        if time.monotonic() > until:
            raise DataFirstError(f"Airflow is not healthy: see the logs in {_run(build)}")
        time.sleep(0.2)


def stop(build: Path) -> bool:
    """Stops its servers. Says whether any ran."""
    ran = [_process(build, name).stop() for name in reversed(SERVERS)]
    return any(ran)


def running(build: Path) -> Iterator[tuple[str, int | None]]:
    """Each server, and its process where it runs."""
    for name in SERVERS:
        yield name, _process(build, name).pid


def healthy() -> bool:
    try:
        with urllib.request.urlopen(f"{url()}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
    except (OSError, ValueError):
        return False
    return all(
        (health.get(part) or {}).get("status") == "healthy"
        for part in ("metadatabase", "scheduler", "dag_processor")
    )


def _refuse_strangers(build: Path) -> None:
    if healthy() and _process(build, "api-server").pid is None:
        raise DataFirstError(
            f"another Airflow answers at {url()}: choose a port by DATAFIRST_AIRFLOW_PORT"
        )


def _migrate(build: Path, everything: Mapping[str, str]) -> None:
    """Once for each version of Airflow and each database."""
    done = home(build) / f"migrated-{version('apache-airflow-core')}"
    identity = (postgres.folder(build) / "PG_VERSION").stat().st_ino
    if done.exists() and done.read_text() == str(identity):
        return
    result = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=dict(everything),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        log = home(build) / "migrate.log"
        log.write_text(result.stdout + result.stderr)
        raise DataFirstError(f"Airflow's database cannot be made: see {log}")
    done.write_text(str(identity))


def _run(build: Path) -> Path:
    return build / "embedded" / "run"


def _process(build: Path, name: str) -> Process:
    return Process(f"airflow-{name}", _run(build))


def _passwords(build: Path) -> Path:
    place = home(build) / "passwords.json"
    if not place.exists():
        _private(place, json.dumps({USER: secrets.token_urlsafe(9)}))
    return place


def _secret(build: Path, name: str) -> str:
    """The same for every server, and for every start from this folder."""
    place = home(build) / f"{name}.secret"
    if not place.exists():
        _private(place, secrets.token_urlsafe(48))
    return place.read_text()


def _private(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_text(text)
