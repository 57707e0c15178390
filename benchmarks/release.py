"""What does a whole release cost, stage by stage, and how does it grow? Run by `make bench`.

    python benchmarks/release.py [--cases 1000000 5000000 20000000] [--release 2021-03] [--seed 1]

For each number of defendant-cases: invents the sources that the release takes, other sources than
the courts in proportion, in servers of its own under build/bench, and makes the release, each
stage in a process of its own. Prints seconds, processor seconds and peak memory, beside the floor
of the stage: what DuckDB takes to COPY the tables that the stage read (see release_stage.py). A
release that goes on with another is made after it. What was found is kept as JSON in build/bench.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from release_table import HEADER, Cost, growth, summary

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "bench"
CASES_OF_A_PERSON = 1.4128
"""Defendant-cases of both courts, as the sources hold them; half of the people have none."""
CASES = {"libra": "hocas_flatfile", "xhibit": "xhb_defendant_on_case"}
ONE_STEP = """
import json, pathlib, sys
import release_stage
function, arguments = json.loads(sys.argv[1])
answer = json.dumps(getattr(release_stage, function)(*arguments), default=str)
pathlib.Path(sys.argv[2]).write_text(answer)
"""
"""The answer goes to a file, because libraries show progress on standard output."""
Stage = list[Any]
Found = list[tuple[str, Cost]]


def main() -> None:
    asked = _asked()
    print(f"release {asked.release}, seed {asked.seed}, {machine()}", flush=True)
    sizes = {}
    for cases in sorted(asked.cases):
        sizes[cases] = made(cases, asked.release, asked.seed)
        print("", *summary(sizes[cases]), "", sep="\n", flush=True)
        kept = [{"stage": name, **asdict(cost)} for name, cost in sizes[cases]]
        (BUILD / f"{asked.release}-{cases}.json").write_text(json.dumps(kept, indent=1) + "\n")
    print(*growth(sizes), sep="\n")


def _asked() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument(
        "--cases", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000]
    )
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--release", default="2021-03")
    return arguments.parse_args()


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GiB"


def made(cases: int, release: str, seed: int) -> Found:
    """Makes the release of so many cases; what each stage of it cost."""
    build = BUILD / str(cases)
    shutil.rmtree(build, ignore_errors=True)
    os.environ["DATAFIRST_BUILD"] = str(build)
    from datafirst.embedded import stack
    from datafirst.settings import settings

    settings.cache_clear()
    with stack.servers():
        environment = {**os.environ, **stack.environment(), "PYTHONPATH": _path()}
        people = round(cases / CASES_OF_A_PERSON)
        print(f"{cases:,} defendant-cases, {people:,} people\n{HEADER}", flush=True)
        found = _chain(release, people, seed, environment)
    shutil.rmtree(build)
    return found


def _path() -> str:
    return os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])


def _chain(release: str, people: int, seed: int, environment: dict[str, str]) -> Found:
    """Makes the releases whose people this one goes on with, and then this one: what it cost."""
    chain = list(_before(release))
    systems = sorted({system for made in chain for system in described(made).snapshots})
    answer, invented = one(["synthesise", people, seed, systems], environment)
    rows = answer["rows_of"]
    cases = sum(rows.get(f"{system}.{table}", 0) for system, table in CASES.items())
    print(f"{'':12} {cases:,} defendant-cases among {answer['rows']:,} rows", flush=True)
    for each in chain:
        days = {system: str(day) for system, day in described(each).snapshots.items()}
        taken = [one(["extract", s, day], environment)[1] for s, day in days.items()]
        if each == release:
            run("forget_sources", [], environment)
        found = [(f"extract {s}", cost) for s, cost in zip(days, taken, strict=True)]
        found += _released(each, days, environment)
    return [("synthesise", invented), *found]


def _before(release: str) -> Iterable[str]:
    """The release, after those whose people it goes on with."""
    if previous := described(release).previous:
        yield from _before(previous)
    yield release


def _released(release: str, days: dict[str, str], environment: dict[str, str]) -> Found:
    """Every stage from the snapshots to what the recipients hold."""
    found: Found = []

    def do(stages: Iterable[Stage]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for stage in stages:
            answer, cost = one(stage, environment)
            found.append((" ".join(map(str, stage)), cost))
        return answer

    do(["validate", system, day] for system, day in days.items())
    do(["train", model, release] for model in described(release).models)
    checked = do([["check", release]])
    each = [(parcel["share"], parcel["recipient"]) for parcel in checked["deliveries"]]
    do([["link", release], ["quality", release]])
    do(["derive", release, share] for share in checked["shares"])
    do([["ledger", release]])
    for name in ("deidentify", "catalogue", "package", "deliver"):
        do([name, release, *parcel] for parcel in each)
    do([["publish", release], ["evaluate", release]])
    return found


def described(release: str) -> Any:
    from datafirst.settings import settings
    from datafirst.spec import load

    return load(settings().config).releases[release]


def one(stage: Stage, environment: dict[str, str]) -> tuple[dict[str, Any], Cost]:
    """Runs a stage, and then its floor: its answer and what both cost."""
    name, *arguments = stage
    answer, wall, cpu = run("stage", [name, arguments], environment)
    read = answer.get("read", ())
    floor = run("floor", [read, answer["formats"]], environment)[0] if read else {}
    cost = Cost(wall, cpu, answer.get("peak_mb", 0), floor.get("wall", 0), floor.get("cpu", 0))
    words = " ".join(str(word) for word in stage if not isinstance(word, list))
    print(f"{cost.line(name, wall)[:-8]}  {words}", flush=True)
    return answer, cost


def run(
    function: str, arguments: list[Any], environment: dict[str, str]
) -> tuple[dict[str, Any], float, float]:
    """Calls a function of release_stage.py in a process of its own: its answer, seconds and
    processor seconds."""
    answer = BUILD / "answer.json"
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", ONE_STEP, json.dumps([function, arguments]), str(answer)]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{function} {arguments}: exit code {done.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(answer.read_text()), wall, cpu


if __name__ == "__main__":
    main()
