"""How is drift reported? What moved, by how much of its bound, and match weights then and now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datafirst.spec import Accepted, Drift

from .charts import (
    AGAINST,
    DASHES,
    FOR,
    SOFT,
    WIDTH,
    Chart,
    Row,
    category,
    chart,
    number,
    small_multiples,
)
from .drift import Move, Profile, beyond
from .section import Section

MEASURED = {
    "completeness": "share",
    "linked": "share",
    "weights": "index",
    "people": "index",
}
"""In what each kind is measured that is not measured in bits."""

MOST = 40
"""Things listed by name; those that came nearest to their bounds."""

HEADER = ("What", "Then", "Now", "Moved", "In", "Bound", "Of its bound", "Verdict")


def drifted(
    found: Sequence[Move],
    bounds: Drift,
    accepted: Iterable[Accepted],
    then: Profile,
    now: Profile,
) -> list[Section]:
    """The sections about drift from the previous release."""
    return [_kinds(found, bounds), _things(found, bounds, accepted), _weights(then, now)]


def _kinds(found: Sequence[Move], bounds: Drift) -> Section:
    """A line for each kind, and each thing as a mark at its share of the bound."""
    limits = bounds.bounds()
    rows = []
    for kind, bound in limits.items():
        moved = [m for m in found if m.kind == kind]
        counting = [m.moved for m in moved if m.counted >= bounds.fewest]
        most = round(max(counting), 4) if counting else None
        rows.append((kind, bound.says, len(moved), len(counting), most, bound.at_most))
    return Section(
        name="Drift from the previous release",
        says="What was compared with the previous release, how far the furthest of it moved, and "
        "the bound beyond which a release is refused. Things counted less often than "
        f"{bounds.fewest:,} times in both releases are not held against it.",
        header=("Kind", "What is compared", "Things", "Counted often", "Moved at most", "Bound"),
        rows=tuple(rows),
        chart=_marks(found, bounds),
    )


def _marks(found: Sequence[Move], bounds: Drift) -> Chart:
    limits = bounds.bounds()
    shares = ((m, m.moved / limits[m.kind].at_most) for m in found if m.counted >= bounds.fewest)
    values: list[Row] = [
        {"kind": move.kind, "thing": move.name, "share": round(min(share, 2), 3)}
        for move, share in shares
    ]
    far = {"condition": {"test": "datum.share > 1", "value": AGAINST}, "value": FOR}
    where = {
        "y": category("kind", list(limits), axis={"domain": False, "ticks": False}),
        "x": number("share", "Moved, as a share of the bound", scale={"domain": [0, 2]}),
        "color": far,
    }
    mark = {"type": "tick", "thickness": 2, "size": 16, "opacity": 0.75}
    line = {"type": "rule", "color": SOFT, "strokeDash": DASHES[1]}
    return chart(
        "How far linkage moved, of what is allowed",
        "A mark for each thing that is compared; right of the line it is refused unless accepted.\n"
        "What moved more than twice its bound stands at two.",
        values,
        width=WIDTH,
        height={"step": 26},
        layer=[
            {"mark": mark, "encoding": where},
            {"mark": line, "encoding": {"x": {"datum": 1}}},
        ],
    )


def _things(found: Sequence[Move], bounds: Drift, accepted: Iterable[Accepted]) -> Section:
    limits = bounds.bounds()
    known = {each.moved: each for each in accepted}
    over = {move.name for move in beyond(found, bounds)}
    counting = [m for m in found if m.counted >= bounds.fewest and m.moved > 0]
    nearest = sorted(counting, key=lambda m: (-m.moved / limits[m.kind].at_most, m.name))
    rows = tuple(
        (
            move.name,
            _rounded(move.then),
            _rounded(move.now),
            round(move.moved, 4),
            MEASURED.get(move.kind, "bits"),
            limits[move.kind].at_most,
            round(move.moved / limits[move.kind].at_most, 2),
            _verdict(move, over, known),
        )
        for move in nearest[:MOST]
    )
    idle = sorted(set(known) - over)
    says = "What came nearest to its bound, or went beyond it."
    if idle:
        says += " The release accepts what did not move beyond its bound: " + ", ".join(idle) + "."
    return Section("What moved most", says, HEADER, rows)


def _verdict(move: Move, over: set[str], known: Mapping[str, Accepted]) -> str:
    if move.name not in over:
        return "within its bound"
    if move.name in known and move.moved <= known[move.name].up_to:
        return f"accepted: {known[move.name].because}"
    return "beyond its bound"


def _weights(then: Profile, now: Profile) -> Section:
    """The match weights of each model that both releases have, as shares of its edges."""
    both = sorted(set(then["models"]) & set(now["models"]))
    values: list[dict[str, Any]] = []
    for model in both:
        for release, told in (("previous release", then), ("this release", now)):
            weights = told["models"][model]["weights"]
            whole = sum(weights.values()) or 1
            values += [
                {
                    "model": model,
                    "release": release,
                    "weight": int(weight),
                    "edges": n,
                    "share": round(n / whole, 5),
                }
                for weight, n in sorted(weights.items(), key=lambda each: int(each[0]))
            ]
    return Section(
        name="Match weights then and now",
        says="The edges of each model by match weight, in this release and in the previous one.",
        header=("Model", "Release", "Match weight", "Edges", "Share of edges"),
        rows=tuple(tuple(value.values()) for value in values),
        chart=_lines(values) if values else None,
    )


def _lines(values: list[dict[str, Any]]) -> Chart:
    releases = ["previous release", "this release"]
    scale = {"domain": releases, "range": [AGAINST, FOR]}
    dashes = {"domain": releases, "range": [DASHES[1], DASHES[0]]}
    said = {"field": "release", "type": "nominal", "legend": {"orient": "top", "title": None}}
    made = chart(
        "Match weights then and now",
        "Share of each model's edges by match weight, one bit a step.",
        values,
        width=WIDTH // 2 - 20,
        height=150,
        mark={"type": "line", "interpolate": "step-after", "strokeWidth": 1.8},
        encoding={
            "x": number("weight", "Match weight (log2 odds)"),
            "y": number("share", "Share of edges", axis={"format": ".0%", "tickCount": 4}),
            "color": {**said, "scale": scale},
            "strokeDash": {**said, "scale": dashes},
        },
    )
    return small_multiples(made, "model", axes="xy")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
