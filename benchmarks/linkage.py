"""How much faster than Splink is the compiled engine, with the same answers? `make bench-linkage`.

    python benchmarks/linkage.py [--records 1000000 5000000 15000000]
        [--ways splink derived ours] [--seed 1] [--memory 12GB]

Invents one file of records for each size and deduplicates it in each way, in processes of their
own: `splink` is Splink 5 used plainly with lean settings, `derived` is Splink with dates and
postcodes parsed once of every record, `ours` is the compiled engine. Printed: what each stage of
each way cost, whether all found the same edges and people, how right they were, and the exponents
with which cost grows; and all of it is written as JSON under build/bench-linkage. What Splink found
is kept there with the file, so that another way can be compared with it in a later run. The exit
code is 1 where ways disagree.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "bench-linkage"
FIRST, *_ = WAYS = ("splink", "derived", "ours")
"""All are compared with the first."""
FEW = 50_000
"""Records with which everything runs once before anything is measured."""
ONE_STEP = """
import importlib, json, sys
module, function, arguments = json.loads(sys.argv[1])
print(json.dumps(getattr(importlib.import_module(module), function)(**arguments)))
"""

Found = dict[str, Any]


def step(module: str, function: str, **arguments: object) -> Found:
    """What a function of a module beside this one gives, in a process of its own.

    This process stays small, for a process's peak of memory counts from that of the one which
    began it.
    """
    done = subprocess.run(
        [sys.executable, "-c", ONE_STEP, json.dumps([module, function, arguments])],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{module}.{function}: exit code {done.returncode}")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    asked = _asked()
    print(f"seed {asked.seed}, memory limit {asked.memory}, {machine()}", flush=True)
    _compiled(asked)
    sizes = [_size(records, asked) for records in sorted(asked.records)]
    growths = growth(sizes)
    for name, power in growths.items():
        print(f"growth of {name}: records to the power of {power:.2f}")
    result = {"machine": machine(), "seed": asked.seed, "sizes": sizes, "growth": growths}
    (BUILD / "result.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    told = [
        found["agrees"] for size in sizes for way, found in size["ways"].items() if way != FIRST
    ]
    print(("all ways agree" if all(told) else "WAYS DISAGREE") if told else "nothing to compare")
    return 0 if all(told) else 1


def _asked() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument(
        "--records", type=int, nargs="+", default=[1_000_000, 5_000_000, 15_000_000]
    )
    arguments.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--memory", default="12GB", help="DuckDB's limit, in every way")
    return arguments.parse_args()


def _compiled(asked: argparse.Namespace) -> None:
    """Kernels are compiled once on a machine and kept: that is no part of what a run costs."""
    folder = BUILD / f"{FEW}-{asked.seed}"
    file = step("linkage_file", "described", folder=str(folder), records=FEW, seed=asked.seed,
                memory=asked.memory)  # fmt: skip
    where = {"records": file["path"], "into": str(folder), "memory": asked.memory}
    for way in (FIRST, "ours"):
        step("linkage_ways", "run", way=way, pieces=1, **where)


def _size(records: int, asked: argparse.Namespace) -> Found:
    """One file in every way, told as each is done."""
    folder = BUILD / f"{records}-{asked.seed}"
    file = step("linkage_file", "described", folder=str(folder), records=records, seed=asked.seed,
                memory=asked.memory)  # fmt: skip
    told_file(file)
    where = {"records": file["path"], "into": str(folder), "memory": asked.memory}
    ways: dict[str, Found] = {}
    for way in sorted(asked.ways, key=WAYS.index):
        cost = step("linkage_ways", "run", way=way, pieces=file["pieces"], **where)
        if "skipped" in cost:
            print(f"{way:8} skipped: {cost['skipped']}", flush=True)
            continue
        ways[way] = {**cost, **step("linkage_agreement", "compared", way=way, **where)}
        told_way(way, ways[way])
    shutil.rmtree(folder / "spilled", ignore_errors=True)
    told_ratios(ways)
    return {**file, "ways": ways}


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GiB"


def told_file(file: Found) -> None:
    print(
        f"\n{file['records']:,} records of {file['persons']:,} people, {file['pairs']:,} candidate "
        f"pairs (scored in {file['pieces']} pieces by Splink), same forename "
        f"{file['same_forename']:.4f}, same surname {file['same_surname']:.4f}\n"
        f"{'way':8} {'stage':8} {'wall s':>8} {'cpu s':>8} {'peak MB':>8}",
        flush=True,
    )


def told_way(way: str, found: Found) -> None:
    stages = {**found["stages"], "whole": whole(found)}
    for name, cost in stages.items():
        print(
            f"{way:8} {name:8} {cost['wall']:8.1f} {cost['cpu']:8.1f} {cost['peak_mb']:8.0f}",
            flush=True,
        )
    print(
        f"{way:8} {found['edges']:,} edges ({found['only_here']} only here, "
        f"{found['only_there']} missing), weights within {found['largest_difference']:.1e} bits, "
        f"own training within {found['trained_within']:.1e}; {found['clusters']:,} clusters, "
        f"{'the same' if found['same_clusters'] else 'NOT the same'}, largest "
        f"{found['largest_cluster']}; precision {found['precision']:.4f}, recall "
        f"{found['recall']:.4f}, F1 {found['f1']:.4f}",
        flush=True,
    )


def told_ratios(ways: dict[str, Found]) -> None:
    """What the other ways cost as a multiple of the last: of ours, where it is among them."""
    if len(ways) < 2:
        return
    last = list(ways)[-1]
    base = whole(ways[last])
    for way in list(ways)[:-1]:
        cost = whole(ways[way])
        print(
            f"{way} costs {cost['cpu'] / base['cpu']:.2f} times the processor seconds and "
            f"{cost['peak_mb'] / base['peak_mb']:.2f} times the memory of {last}",
            flush=True,
        )


def whole(found: Found) -> dict[str, float]:
    """A way from beginning to end."""
    stages = found["stages"].values()
    return {
        "wall": sum(cost["wall"] for cost in stages),
        "cpu": sum(cost["cpu"] for cost in stages),
        "peak_mb": max(cost["peak_mb"] for cost in stages),
    }


def growth(sizes: Sequence[Found]) -> dict[str, float]:
    """The exponents of pairs, and of the cost of each way, over the sizes that were run."""
    if len(sizes) < 2:
        return {}
    found = {"pairs": exponent((size["records"], size["pairs"]) for size in sizes)}
    for way in WAYS:
        each = [(s["records"], whole(s["ways"][way])) for s in sizes if way in s["ways"]]
        if len(each) > 1:
            for what in ("cpu", "peak_mb"):
                found[f"{way}, {what}"] = exponent((n, cost[what]) for n, cost in each)
    return found


def exponent(points: Iterable[tuple[float, float]]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    x_mean, y_mean = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    spread = sum((x - x_mean) ** 2 for x, _ in logs)
    return float(sum((x - x_mean) * (y - y_mean) for x, y in logs) / spread)


if __name__ == "__main__":
    sys.exit(main())
