"""What does all of it do? Invented sources, released through Airflow, as `make demo` shows it."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from . import stages
from .deliver import fetch, published
from .embedded import airflow, stack
from .embedded.__main__ import how_to_open
from .embedded.rest import Airflow, Change
from .errors import DataFirstError
from .report import accuracy, cases, costs, ladders
from .settings import settings
from .spec import Release, Specification, load
from .store import bucket, store

RELEASES = ("2022-02", "2024-06-iteration-2")
"""The first iteration whole, and the second, which replaces it."""

PEOPLE, SEED = 20_000, 2022
STARTED = time.monotonic()
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def main() -> None:
    """Makes the releases, unless they are there, and shows what the recipient received."""
    spec = load(settings().config)
    with _this_machine():
        packages = [
            package for each in RELEASES for package in _released(spec, spec.releases[each])
        ]
    for each in RELEASES:
        _show(each)
    _show_packages(packages)


def _released(spec: Specification, release: Release) -> list[Path]:
    known = published(store("release", settings()).make(), release.version)
    if known:
        run = known["run"]
        _say(f"release {release.version} is already there (run {run}); `make clean` forgets it")
    else:
        _synthesise()
        _keep("costs", release.version, _through_airflow(release))
    if not _place("accuracy", release.version).exists():  # or it was stopped before
        _keep("accuracy", release.version, stages.evaluate(release.version))
    return list(_received(spec, release))


@contextmanager
def _this_machine() -> Iterator[None]:
    """The stores and sources, and at the end everything that was not running before."""
    build = settings().build.resolve()
    ran = any(pid for _, pid in airflow.running(build))
    with stack.servers():
        try:
            yield
        finally:
            if not ran:
                airflow.stop(build)


def _synthesise() -> None:
    """Once: the same people and seed give the same sources."""
    made = settings().build / "embedded" / "synthesised.json"
    asked = {"people": PEOPLE, "seed": SEED}
    if made.exists() and json.loads(made.read_text()) == asked:
        _say(f"{PEOPLE:,} invented people are in the sources already")
        return
    _say(f"inventing {PEOPLE:,} people and their histories in every system ...")
    answer = stages.synthesise(PEOPLE, SEED)
    made.write_text(json.dumps(asked))
    _say(f"{answer['rows']:,} rows in the sources' databases; the truth is in {answer['place']}")


def _through_airflow(release: Release) -> list[dict[str, Any]]:
    """Every DAG, as a person would trigger them; returns what each task cost."""
    _say("starting Airflow ...")
    stack.up()
    build = settings().build.resolve()
    session = Airflow.signed_in(airflow.url(), airflow.USER, airflow.password(build))
    _say(how_to_open(build))
    # The sources are read side by side.
    started = [
        _started(session, f"extract_{system}", snapshot=str(day))
        for system, day in release.snapshots.items()
    ]
    spent = [cost for dag, run in started for cost in _followed(session, dag, run)]
    train = _started(session, "train", model="all", release=release.version)
    spent += _followed(session, *train)
    return spent + _followed(session, *_started(session, "release", release.version))


def _started(
    session: Airflow, dag: str, partition_key: str | None = None, **conf: Any
) -> tuple[str, str]:
    session.ready(dag)
    about = " ".join([partition_key or "", *map(str, conf.values())]).strip()
    _say(f"DAG {dag}: {about}")
    return dag, session.trigger(dag, partition_key, **conf)


def _followed(session: Airflow, dag: str, run: str) -> list[dict[str, Any]]:
    spent = []
    with console.status("waiting for the scheduler") as spinner:
        for change in session.follow(dag, run):
            name = f"{change.task} {change.label}".strip()
            spinner.update(f"{name}: {change.state}")
            if change.finished or change.state == "up_for_retry":
                spent.append(_cost(session, dag, run, change))
                _tell(f"{dag}: {name}" if dag.startswith("extract") else name, change, spent[-1])
                if change.state in ("failed", "up_for_retry"):
                    _say(f"    {session.complaint(dag, run, change)}")
    if session.state(dag, run) != "success":
        raise DataFirstError(
            f"DAG {dag} failed: `make up` and see {session.url}/dags/{dag}/runs/{run}"
        )
    return [cost for cost in spent if cost]


def _cost(session: Airflow, dag: str, run: str, change: Change) -> dict[str, Any]:
    """What a stage said that it did; nothing where the task is not a stage."""
    if change.state != "success":
        return {}
    answer = session.answer(dag, run, change.task, change.map_index)
    if not isinstance(answer, dict) or "seconds" not in answer:
        return {}
    kept = {key: answer.get(key) for key in ("stage", "rows", "seconds", "peak_mb")}
    return {"dag": dag, "of": change.label, "task_seconds": change.seconds, **kept}


def _tell(name: str, change: Change, cost: dict[str, Any]) -> None:
    if change.state in ("failed", "up_for_retry"):
        _say(f"  {name}: {change.state} (try {change.try_number})")
    elif cost:
        rows = f"{cost['rows']:>12,} rows" if isinstance(cost["rows"], int) else " " * 17
        _say(f"  {name:40} {cost['seconds']:6.1f} s {rows}")


def _received(spec: Specification, release: Release) -> Iterator[Path]:
    """Brings what each recipient was sent to build/demo/<recipient>/<release>/<share>."""
    for recipient in release.recipients:
        sent = bucket(spec.recipients[recipient].bucket, settings())
        for share in release.shares:
            to = _folder() / recipient / release.version / share
            to.parent.mkdir(parents=True, exist_ok=True)
            fetch(sent, release.version, share, to)
            yield to


def _show(release: str) -> None:
    if _place("costs", release).exists():
        console.print(costs(release, _kept("costs", release)))
    console.print(accuracy(_kept("accuracy", release)), *cases(_kept("accuracy", release)))
    console.print(*ladders(_kept("accuracy", release), in_full=False))


def _show_packages(packages: list[Path]) -> None:
    console.print("\nWhat the recipient received:")
    for package in packages:
        console.print(f"  {_short(package)}", soft_wrap=True)
    console.print(
        f"\nOpen {_short(packages[0] / 'catalogue' / 'catalogue.html')} in a browser, or check "
        f"a package as its recipient would:\n  .venv/bin/datafirst verify {_short(packages[0])}\n"
        f"What changed between the two releases:\n  .venv/bin/datafirst diff {' '.join(RELEASES)}\n"
        f"The runs in Airflow: `make up`, which prints the address and the password; `make down`.\n"
        f"Done in {time.monotonic() - STARTED:.0f} s.",
        soft_wrap=True,
    )


def _folder() -> Path:
    return settings().build / "demo"


def _place(name: str, release: str) -> Path:
    return _folder() / f"{name}-{release}.json"


def _keep(name: str, release: str, answer: Any) -> None:
    _folder().mkdir(parents=True, exist_ok=True)
    _place(name, release).write_text(json.dumps(answer, indent=2, default=str))


def _kept(name: str, release: str) -> Any:
    return json.loads(_place(name, release).read_text())


def _short(path: Path) -> str:
    return os.path.relpath(path)


def _say(what: str) -> None:
    console.print(f"[dim]{time.monotonic() - STARTED:6.1f} s[/]  {what}", soft_wrap=True)


if __name__ == "__main__":
    try:
        main()
    except DataFirstError as error:
        console.print(f"datafirst: {error}", soft_wrap=True, markup=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        console.print("Stopped; `make demo` goes on from here.")
        sys.exit(130)
