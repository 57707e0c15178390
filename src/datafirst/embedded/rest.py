"""What does Airflow answer? Its REST interface, as far as a demonstration needs it."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from datafirst.errors import DataFirstError

FINISHED = {"success", "failed", "skipped", "upstream_failed", "removed"}


@dataclass(frozen=True)
class Change:
    """A task that is in another state than before."""

    task: str
    label: str
    """Which one of a mapped task: `magistrates to srs`."""
    state: str
    seconds: float | None
    try_number: int
    map_index: int = -1

    @property
    def finished(self) -> bool:
        return self.state in FINISHED


@dataclass(frozen=True)
class Airflow:
    """A session of one user."""

    url: str
    token: str

    @classmethod
    def signed_in(cls, url: str, user: str, password: str) -> "Airflow":
        answer = _ask("POST", f"{url}/auth/token", {"username": user, "password": password})
        return cls(url, answer["access_token"])

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """One request of the public interface. DataFirstError with Airflow's own words."""
        return _ask(method, f"{self.url}/api/v2/{path}", body, self.token)

    def ready(self, dag: str, patience: float = 120.0) -> None:
        """Waits until a DAG has been read, and unpauses it."""
        until = time.monotonic() + patience
        while True:
            try:
                self.ask("PATCH", f"dags/{quote(dag)}", {"is_paused": False})
                return
            except DataFirstError:
                if time.monotonic() > until or self._import_errors():
                    raise
            time.sleep(0.5)

    def _import_errors(self) -> int:
        return int(self.ask("GET", "importErrors")["total_entries"])

    def trigger(self, dag: str, partition_key: str | None = None, **conf: Any) -> str:
        """Starts a run; returns its id."""
        body = {"logical_date": None, "conf": conf, "partition_key": partition_key}
        return str(self.ask("POST", f"dags/{quote(dag)}/dagRuns", body)["dag_run_id"])

    def runs(self, dag: str) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self.ask("GET", f"dags/{quote(dag)}/dagRuns?limit=100")[
            "dag_runs"
        ]
        return runs

    def state(self, dag: str, run: str) -> str:
        return str(self.ask("GET", f"dags/{quote(dag)}/dagRuns/{quote(run)}")["state"])

    def follow(self, dag: str, run: str, pause: float = 0.5) -> Iterator[Change]:
        """Every change of a task until the run is over."""
        known: dict[tuple[str, int], tuple[str, int]] = {}
        while True:
            over = self.state(dag, run) in ("success", "failed")
            for task in self._tasks(dag, run):
                key, now = (task["task_id"], task["map_index"]), (task["state"], task["try_number"])
                if task["state"] and known.get(key) != now:
                    known[key] = now
                    yield _change(task)
            if over:
                return
            time.sleep(pause)

    def answer(self, dag: str, run: str, task: str, map_index: int = -1) -> Any:
        """What a task gave back."""
        query = urlencode({"map_index": map_index, "deserialize": "true"})
        path = f"dags/{quote(dag)}/dagRuns/{quote(run)}/taskInstances/{quote(task)}"
        return self.ask("GET", f"{path}/xcomEntries/return_value?{query}")["value"]

    def complaint(self, dag: str, run: str, change: Change) -> str:
        """Why a task failed: the error that ended it."""
        path = f"dags/{quote(dag)}/dagRuns/{quote(run)}/taskInstances/{quote(change.task)}"
        query = urlencode({"map_index": change.map_index, "full_content": "true"})
        lines = self.ask("GET", f"{path}/logs/{change.try_number}?{query}")["content"]
        errors = [line["error_detail"][-1] for line in lines if line.get("error_detail")]
        return f"{errors[-1]['exc_type']}: {errors[-1]['exc_value']}" if errors else "no error"

    def _tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            query = urlencode({"limit": 100, "offset": len(found)})
            page = self.ask("GET", f"dags/{quote(dag)}/dagRuns/{quote(run)}/taskInstances?{query}")
            found += page["task_instances"]
            if not page["task_instances"] or len(found) >= page["total_entries"]:
                return found


def _change(task: dict[str, Any]) -> Change:
    label = "" if task["map_index"] < 0 else task["rendered_map_index"] or str(task["map_index"])
    return Change(
        task=task["task_id"],
        label=label,
        state=task["state"],
        seconds=task["duration"],
        try_number=task["try_number"],
        map_index=task["map_index"],
    )


def _ask(method: str, url: str, body: Any = None, token: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.loads(answer.read() or b"{}"))
    except urllib.error.HTTPError as error:
        said = error.read().decode(errors="replace")[:500]
        raise DataFirstError(f"Airflow answers {error.code}: {said}") from None
    except OSError as error:
        raise DataFirstError(
            f"Airflow does not answer at {url.partition('/api/')[0]} ({error}): `make up` starts it"
        ) from None
