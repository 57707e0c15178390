"""What does a whole release cost, stage by stage? Run by `make bench`.

    python benchmarks/release.py [--people 600000] [--release 2024-06-iteration-2]

Makes one release of synthetic sources in servers of its own under build/bench, each stage in a
process of its own, and prints seconds, processor seconds, peak memory and share of the whole.
The baseline, in the same run, is DuckDB reading and writing the snapshots' Parquet once. A release
that goes on with another is made after it.
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
from pathlib import Path

PROJECT = Path(__file__).parents[1]
BUILD = PROJECT / "build" / "bench"
FLOOR = """
import duckdb, pathlib, sys
from datafirst.run import bring
from datafirst.scratch import scratch
from datafirst.settings import settings
from datafirst.stage.release import plan
made = plan(sys.argv[1])
with scratch(settings()) as work:
    con = work.connect()
    for system, record in made.snapshots.items():
        bring(made.store("landing"), record.artefacts, work.folder / system)
        for table in sorted({a.name.split("/")[0] for a in record.artefacts}):
            source, target = work.folder / system / table, work / f"out/{system}-{table}.parquet"
            con.execute(f"COPY (FROM '{source}/*.parquet') TO '{target}' (FORMAT parquet)")
print("{}")
"""
ONE_STAGE = """
import json, sys
from datafirst import stages
name, *rest = json.loads(sys.argv[1])
print(json.dumps(getattr(stages, name)(*rest), default=str))
"""


def run(what: str, argument: str, environment: dict[str, str]) -> tuple[dict, dict[str, float]]:
    """Runs a Python text in a process of its own: its answer, and what the kernel says it cost."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", what, argument], env=environment, stdout=subprocess.PIPE, text=True
    )
    out, _ = process.communicate()
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{argument}: exit code {process.returncode}")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime}
    return json.loads(out.splitlines()[-1]), cost


def chain(release: str) -> list[str]:
    """The release, after those whose people it goes on with."""
    previous = described(release).previous
    return [*(chain(previous) if previous else []), release]


def described(release: str):
    from datafirst.settings import settings
    from datafirst.spec import load

    return load(settings().config).releases[release]


def plan(people: int, seed: int, release: str) -> list[list[object]]:
    """The stages up to the point where the release knows its own parts."""
    made = described(release)
    days = {system: str(day) for system, day in made.snapshots.items()}
    return [
        *([] if made.previous else [["synthesise", people, seed]]),
        *(["extract", system, day] for system, day in days.items()),
        *(["validate", system, day] for system, day in days.items()),
        *(["train", model, release] for model in made.models),
        ["check", release],
    ]


def rest(checked: dict, release: str) -> list[list[object]]:
    each = checked["deliveries"]
    return [
        ["link", release],
        ["quality", release],
        *(["derive", release, share] for share in checked["shares"]),
        ["ledger", release],
        *(
            [stage, release, parcel["share"], parcel["recipient"]]
            for stage in ("deidentify", "catalogue", "package", "deliver")
            for parcel in each
        ),
        ["publish", release],
        ["evaluate", release],
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--people", type=int, default=600_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--release", default="2024-06-iteration-2")
    asked = arguments.parse_args()
    shutil.rmtree(BUILD, ignore_errors=True)
    os.environ["DATAFIRST_BUILD"] = str(BUILD)
    from datafirst.embedded import stack

    with stack.servers():
        environment = {**os.environ, **stack.environment()}
        print(f"{asked.people:,} people, seed {asked.seed}, {machine()}", flush=True)
        table: list[tuple[str, dict[str, float], dict]] = []
        spent = {"cpu": 0.0}

        def do(name: str, what: str, argument: str) -> dict:
            answer, cost = run(what, argument, environment)
            cpu, spent["cpu"] = cost["cpu"] - spent["cpu"], cost["cpu"]
            table.append((name, {"wall": cost["wall"], "cpu": cpu}, answer))
            peak, rows = answer.get("peak_mb", 0), answer.get("rows", "")
            print(f"{name:44} {cost['wall']:8.1f} s {cpu:8.1f} cpu {peak:7} MB {rows}", flush=True)
            return answer

        for release in chain(asked.release):
            table.clear()  # what is summed up is the release that was asked for
            checked: dict = {}
            for stage in plan(asked.people, asked.seed, release):
                checked = do(" ".join(map(str, stage)), ONE_STAGE, json.dumps(stage))
            for stage in rest(checked, release):
                do(" ".join(map(str, stage)), ONE_STAGE, json.dumps(stage))
        do("baseline: copy the snapshots once", FLOOR, asked.release)
    summary(table)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GiB"


def summary(table: list[tuple[str, dict[str, float], dict]]) -> None:
    """By kind of stage: seconds, share of the release, ratio to the baseline."""
    floor = table[-1][1]["wall"]
    kinds: dict[str, list[float]] = {}
    for name, cost, answer in table[:-1]:
        kind = kinds.setdefault(name.split(" ")[0], [0.0, 0.0, 0.0])
        kind[0] += cost["wall"]
        kind[1] += cost["cpu"]
        kind[2] = max(kind[2], float(answer.get("peak_mb", 0)))
    whole = sum(kind[0] for kind in kinds.values())
    print(
        f"\n{'stage':12} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'share':>7} {'x baseline':>11}"
    )
    for name, (wall, cpu, peak) in kinds.items():
        print(
            f"{name:12} {wall:8.1f} {cpu:8.1f} {peak:8.0f} {wall / whole:7.1%} {wall / floor:11.1f}"
        )
    print(f"{'whole':12} {whole:8.1f}\n{'baseline':12} {floor:8.1f}  (read and written once)")


if __name__ == "__main__":
    main()
