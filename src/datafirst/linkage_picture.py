"""How does the linkage plan look? Datasets on a ring, and a line for each pair that is compared."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import combinations
from textwrap import shorten, wrap

from .linkage_plan import Bond, bonds, datasets_in, ladders_in, models_in, newest
from .spec import Release, Specification

WIDTH, MIDDLE, RING = 1060, (530.0, 310.0), (425.0, 255.0)
BOX = (166.0, 46.0)
LOOP, BEND = 18.0, 34.0
SIDEWAYS = 0.6
"""How far from level a box may stand, of the ring's height, and have its loop at its side."""
LEGEND, LINE, LETTERS = 640, 22, 112
STYLES = (
    ("#0072b2", "", 3.0),
    ("#b3450a", "14 5", 3.0),
    ("#00785a", "14 4 3 4", 3.0),
    ("#8a4a7d", "3 5", 4.0),
    ("#4d4d4d", "7 7", 2.0),
)
"""Colours that the colour-blind tell apart, each with a stroke of its own for black and white."""
LADDERS = ("#000000", "1 4", 2.5)
OWN = ("#777777", "", 2.0)
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
    'font-family="Helvetica, Arial, sans-serif" font-size="14" role="img" '
    'aria-label="Which datasets are compared, and by which model">\n'
    '<rect width="{w}" height="{h}" fill="#ffffff"/>'
)
Style = tuple[str, str, float]
Point = tuple[float, float]


def picture(spec: Specification) -> str:
    """docs/pictures/linkage-plan.svg, for the newest release."""
    release = newest(spec)
    known, styles = bonds(spec, release), _styles(spec, release)
    places = _places([d.id for d in datasets_in(spec, release)], known)
    cut = {spec.linkage.impossible[name].dataset for name in release.impossible}
    titles = {d.id: spec.systems[d.system].title.split(",")[0] for d in datasets_in(spec, release)}
    legend = list(_legend(spec, release, styles))
    lines = [
        HEAD.format(w=WIDTH, h=LEGEND + LINE * len(legend) + 10),
        *_lines(known, places, styles),
        *(_box(places[name], name, titles[name], name in cut) for name in sorted(places)),
        *(entry.format(y=LEGEND + n * LINE) for n, entry in enumerate(legend)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _styles(spec: Specification, release: Release) -> dict[str, Style]:
    """How each model's lines are drawn: those of a dataset's own model and ladders alike."""
    linking = [model.id for model in models_in(spec, release) if len(model.datasets) > 1]
    styles = {name: STYLES[n % len(STYLES)] for n, name in enumerate(linking)}
    own = {model.id: OWN for model in models_in(spec, release) if len(model.datasets) == 1}
    return styles | own | {ladder.id: LADDERS for ladder in ladders_in(spec, release)}


def _places(names: list[str], known: Sequence[Bond]) -> dict[str, Point]:
    """Where each dataset stands on the ring: in the order in which fewest lines cross."""
    pairs = sorted({(b.left, b.right) for b in known if b.left != b.right})
    order, least = names, _tangle(names, pairs)
    while True:
        better = min(_swapped(order), key=lambda o: _tangle(o, pairs), default=order)
        if _tangle(better, pairs) >= least:
            break
        order, least = better, _tangle(better, pairs)
    turn = 2 * math.pi / max(1, len(order))
    return {
        name: (MIDDLE[0] + RING[0] * math.sin(n * turn), MIDDLE[1] - RING[1] * math.cos(n * turn))
        for n, name in enumerate(order)
    }


def _swapped(order: list[str]) -> list[list[str]]:
    """Every order in which two have changed places. The first stays: the ring may turn."""
    found = []
    for i, j in combinations(range(1, len(order)), 2):
        other = list(order)
        other[i], other[j] = other[j], other[i]
        found.append(other)
    return found


def _tangle(order: list[str], pairs: list[tuple[str, str]]) -> tuple[int, int]:
    """How many lines cross, and how far they go together."""
    at = {name: n for n, name in enumerate(order)}
    chords = [sorted((at[left], at[right])) for left, right in pairs]
    crossing = sum(a < c < b < d or c < a < d < b for (a, b), (c, d) in combinations(chords, 2))
    return crossing, sum(min(b - a, len(order) - b + a) for a, b in chords)


def _lines(known: list[Bond], places: dict[str, Point], styles: dict[str, Style]) -> Iterator[str]:
    drawn: dict[tuple[str, str], int] = {}
    for bond in known:
        stroke = _stroke(styles[bond.by])
        if bond.left == bond.right:
            x, y = _outside(places[bond.left])
            yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{LOOP:.0f}" {stroke}/>'
            continue
        low, high = sorted((bond.left, bond.right))
        before = drawn.setdefault((low, high), 0)
        drawn[low, high] += 1
        yield f'<path d="{_path(places[low], places[high], before * BEND)}" {stroke}/>'


def _path(start: Point, end: Point, bend: float) -> str:
    """A line, bent away where another joins the same two already."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    x = (x1 + x2) / 2 + 2 * bend * (y2 - y1) / length
    y = (y1 + y2) / 2 - 2 * bend * (x2 - x1) / length
    return f"M{x1:.0f} {y1:.0f}Q{x:.0f} {y:.0f} {x2:.0f} {y2:.0f}"


def _outside(place: Point) -> Point:
    """The middle of the side of a box that faces away from the ring."""
    dx, dy = ((p - m) / ring for p, m, ring in zip(place, MIDDLE, RING, strict=True))
    if abs(dy) < SIDEWAYS:
        return place[0] + math.copysign(BOX[0] / 2, dx), place[1]
    return place[0], place[1] + math.copysign(BOX[1] / 2, dy)


def _box(place: Point, name: str, system: str, cut: bool) -> str:
    x, y = (p - size / 2 for p, size in zip(place, BOX, strict=True))
    frames = [(0.0, "#ffffff")] + ([(4.0, "none")] if cut else [])
    rects = "".join(
        f'<rect x="{x + d:.0f}" y="{y + d:.0f}" width="{BOX[0] - 2 * d:.0f}" '
        f'height="{BOX[1] - 2 * d:.0f}" rx="6" fill="{fill}" stroke="#000000"/>'
        for d, fill in frames
    )
    system = shorten(system, 26, placeholder=" …")
    middle = f'x="{place[0]:.0f}" text-anchor="middle"'
    return (
        f'{rects}<text {middle} y="{place[1] - 3:.0f}" font-weight="bold">{escape(name)}</text>'
        f'<text {middle} y="{place[1] + 15:.0f}" font-size="12">{escape(system)}</text>'
    )


def _stroke(style: Style) -> str:
    colour, dashes, width = style
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}'


def _legend(spec: Specification, release: Release, styles: dict[str, Style]) -> Iterator[str]:
    """Entries with {y} to be filled in: a sample of the line, and what it means."""
    for model in models_in(spec, release):
        if len(model.datasets) > 1:
            what = "journeys of cases" if model.produces == "journeys" else "people"
            yield from _entry(_sample(styles[model.id]), f"{model.id}: {model.title} ({what})")
    if ladders := ladders_in(spec, release):
        names = ", ".join(ladder.id for ladder in ladders)
        yield from _entry(_sample(LADDERS), f"ladders of deterministic rules: {names}")
    if any(len(model.datasets) == 1 for model in models_in(spec, release)):
        ring = f'<circle cx="55" cy="{{y}}" r="8" {_stroke(OWN)}/>'
        yield from _entry(ring, "a dataset's own model, which finds its duplicates")
    if release.impossible:
        box = "".join(
            f'<rect x="{30 + d}" y="{{y}}" width="{50 - 2 * d}" height="{16 - 2 * d}" '
            f'transform="translate(0 {d - 8})" fill="none" stroke="#000000"/>'
            for d in (0, 4)
        )
        rules = [spec.linkage.impossible[name] for name in release.impossible]
        of_one = ", ".join(rule.id for rule in rules if rule.dataset)
        of_all = ", ".join(rule.id for rule in rules if rule.dataset is None)
        what = "clusters that cannot be one person are cut"
        yield from _entry(box, f"{what}: {of_one}") if of_one else ()
        yield from _entry("", f"{what}, of any dataset: {of_all}") if of_all else ()


def _sample(style: Style) -> str:
    return f'<path d="M30 {{y}}H80" {_stroke(style)}/>'


def _entry(sample: str, text: str) -> Iterator[str]:
    for n, line in enumerate(wrap(text, LETTERS)):
        words = f'<text x="95" y="{{y}}" dy="5">{escape(line)}</text>'
        yield sample + words if n == 0 else words
