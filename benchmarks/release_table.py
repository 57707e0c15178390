"""How is the cost of a release told: by stage, against its floor, and as it grows?"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

NOT_OF_THE_RELEASE = ("synthesise", "evaluate")
"""Inventing the sources and comparing with the invented truth: no release of real data does it."""


@dataclass
class Cost:
    """Of one stage, or of all stages of a kind."""

    wall: float = 0.0
    cpu: float = 0.0
    peak_mb: float = 0.0
    floor_wall: float = 0.0
    floor_cpu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        mine, theirs = asdict(self), asdict(other)
        total = {name: mine[name] + theirs[name] for name in mine}
        return Cost(**{**total, "peak_mb": max(self.peak_mb, other.peak_mb)})

    def line(self, name: str, whole: float) -> str:
        ratios = [
            f"{own / floor:8.1f}" if floor else f"{'':8}"
            for own, floor in ((self.wall, self.floor_wall), (self.cpu, self.floor_cpu))
        ]
        return (
            f"{name:12} {self.wall:9.1f} {self.cpu:9.1f} {self.peak_mb:8.0f} "
            f"{self.floor_wall:9.1f} {self.floor_cpu:9.1f} {' '.join(ratios)} "
            f"{self.wall / whole:7.1%}"
        )


HEADER = (
    f"{'stage':12} {'wall s':>9} {'cpu s':>9} {'peak MB':>8} {'floor s':>9} {'floor cpu':>9} "
    f"{'x floor':>8} {'x (cpu)':>8} {'share':>7}"
)


def kinds(costs: Iterable[tuple[str, Cost]]) -> dict[str, Cost]:
    """The cost of each kind of stage, which is the first word of a stage's name."""
    found: dict[str, Cost] = {}
    for name, cost in costs:
        kind = name.split(" ")[0]
        found[kind] = found.get(kind, Cost()) + cost
    return found


def summary(costs: Iterable[tuple[str, Cost]]) -> Iterator[str]:
    """A line for each kind of stage, and one for the release itself."""
    found = kinds(costs)
    release = [cost for kind, cost in found.items() if kind not in NOT_OF_THE_RELEASE]
    whole = sum(release, Cost())
    yield HEADER
    for kind, cost in found.items():
        yield cost.line(kind, whole.wall)
    yield whole.line("the release", whole.wall)


def growth(sizes: Mapping[int, Iterable[tuple[str, Cost]]]) -> Iterator[str]:
    """By what power of the number of cases each kind of stage grows: its slope in logarithms."""
    by_size = {cases: kinds(costs) for cases, costs in sizes.items()}
    for found in by_size.values():
        release = [cost for kind, cost in found.items() if kind not in NOT_OF_THE_RELEASE]
        found["the release"] = sum(release, Cost())
    if len(by_size) < 2:
        return
    yield f"{'grows by':12} {'wall':>9} {'cpu':>9} {'peak MB':>8} {'floor cpu':>9}"
    for kind in next(iter(by_size.values())):
        told = [
            exponent((n, getattr(found[kind], what)) for n, found in by_size.items())
            for what in ("wall", "cpu", "peak_mb", "floor_cpu")
        ]
        shown = [f"{value:.2f}" if value is not None else "" for value in told]
        yield f"{kind:12} {shown[0]:>9} {shown[1]:>9} {shown[2]:>8} {shown[3]:>9}"


def exponent(points: Iterable[tuple[float, float]]) -> float | None:
    """The slope of the least-squares line through the logarithms; None where one is of nought."""
    found = list(points)
    if any(y <= 0 for _, y in found):
        return None
    logs = [(math.log(x), math.log(y)) for x, y in found]
    x_mean, y_mean = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    above = sum((x - x_mean) * (y - y_mean) for x, y in logs)
    return above / sum((x - x_mean) ** 2 for x, _ in logs)
