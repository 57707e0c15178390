"""What has moved since the previous release, and is it more than may pass without a word?"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datafirst.errors import LinkageRefused
from datafirst.link.guards import prior_now
from datafirst.link.inputs import pairs_possible
from datafirst.spec import Accepted, Drift

Profile = Mapping[str, Any]
"""What profile.py counts."""

ALL = 64.0
"""Bits from something to nothing."""

DECIMALS = 6
"""Of how far something moved, so that it is the same on any machine."""


@dataclass(frozen=True)
class Move:
    """One thing then and now, and how far that is apart in the measure of its kind."""

    kind: str
    thing: tuple[str, ...]
    then: float | None
    now: float | None
    """None where a whole distribution is compared."""
    moved: float
    counted: float
    """How many it is counted from, in the release in which there are more."""

    @property
    def name(self) -> str:
        return ": ".join((self.kind, *self.thing))


def moves(then: Profile, now: Profile) -> list[Move]:
    """Everything that both releases have, compared. What only one has is no drift: the
    specification says that it came or went."""
    found = [
        *_records(then, now),
        *_completeness(then, now),
        *_people(then, now),
        *_journeys(then, now),
    ]
    for model, before in lineage(then["models"], now["models"]).items():
        found += _model(model, then["models"][before], now["models"][model], then, now)
    return sorted(found, key=lambda move: (move.kind, move.thing))


def lineage(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """The model of the previous release that each model goes on from: the one of its name, or
    else one that does the same for the same datasets or, where it links several, for some of
    them."""
    found = {}
    for name, model in now.items():
        related = [other for other in then if _related(then[other], model)]
        if name in then:
            found[name] = name
        elif related:
            common = {o: len(set(then[o]["datasets"]) & set(model["datasets"])) for o in related}
            found[name] = max(related, key=lambda other: (common[other], other))
    return found


def beyond(found: Iterable[Move], bounds: Drift) -> list[Move]:
    """What moved further than its bound, and is counted often enough for that to be no chance."""
    limits = bounds.bounds()
    return [
        move
        for move in found
        if move.moved > limits[move.kind].at_most and move.counted >= bounds.fewest
    ]


def refuse(
    found: Iterable[Move], bounds: Drift, accepted: Iterable[Accepted], release: str, previous: str
) -> None:
    """LinkageRefused, naming everything that moved beyond its bound and that the release does not
    accept, and what to write where the change is real."""
    known = {each.moved: each.up_to for each in accepted}
    open_ = [move for move in beyond(found, bounds) if move.moved > known.get(move.name, 0.0)]
    if not open_:
        return
    limits = bounds.bounds()
    lines = [
        f"- {move.name}: {_said(move)} (moved {move.moved:.3g}, "
        f"bound {limits[move.kind].at_most:g})"
        for move in sorted(open_, key=lambda m: (-m.moved / limits[m.kind].at_most, m.name))
    ]
    first = max(open_, key=lambda m: (m.moved / limits[m.kind].at_most, m.name))
    raise LinkageRefused(
        f"release {release} has drifted from {previous} beyond the bounds of linkage/drift.toml:\n"
        + "\n".join(lines)
        + "\nLook at the source and its snapshot first. Where a change is real, say so for each in "
        f'releases/{release}.toml:\n[[accepts_drift]]\nmoved = "{first.name}"\n'
        f'up_to = {math.ceil(first.moved * 100) / 100:g}\nbecause = "What was found."'
    )


def _said(move: Move) -> str:
    if move.then is None or move.now is None:
        return "its distribution is another"
    return f"{move.then:.4g} then, {move.now:.4g} now"


def _records(then: Profile, now: Profile) -> Iterator[Move]:
    for dataset, n in _both(then["records"], now["records"]):
        yield _times("records", (dataset,), *n, max(n))


def _completeness(then: Profile, now: Profile) -> Iterator[Move]:
    for dataset, fields in _both(then["known"], now["known"]):
        of = then["records"][dataset], now["records"][dataset]
        for field, known in _both(*fields):
            yield _share("completeness", (dataset, field), known, of)


def _people(then: Profile, now: Profile) -> Iterator[Move]:
    same = set(then["records"]) == set(now["records"])
    for dataset, told in _both(then["people"], now["people"]):
        sizes = told[0]["sizes"], told[1]["sizes"]
        yield Move("people", (dataset,), None, None, index(*sizes), _more(*sizes))
        of = then["records"][dataset], now["records"][dataset]
        for to in ("own", "other") if same else ("own",):
            linked = told[0]["linked"].get(to, 0), told[1]["linked"].get(to, 0)
            yield _share("linked", (dataset, to), linked, of)


def _journeys(then: Profile, now: Profile) -> Iterator[Move]:
    for dataset, found in _both(then["journeys"], now["journeys"]):
        each = [n / p["records"][dataset] for n, p in zip(found, (then, now), strict=True)]
        yield _times("journeys", (dataset,), each[0], each[1], max(found))


def _model(
    name: str, then: Mapping[str, Any], now: Mapping[str, Any], before: Profile, after: Profile
) -> Iterator[Move]:
    if (then["prior"], then["levels"]) != (now["prior"], now["levels"]):
        yield from _trained(name, then, now)
    if set(then["datasets"]) != set(now["datasets"]):
        return  # its volumes are of other things
    of = [sum(p["records"][d] for d in now["datasets"]) or 1 for p in (before, after)]
    for rule, pairs in _both(then["pairs"], now["pairs"]):
        yield _times("pairs", (name, rule), pairs[0] / of[0], pairs[1] / of[1], max(pairs))
    for least in ("1", "2", "3"):
        up = [sum(n for s, n in m["edges"].items() if s >= least) for m in (then, now)]
        yield _times("edges", (name, least), up[0] / of[0], up[1] / of[1], max(up))
    weights = then["weights"], now["weights"]
    yield Move("weights", (name,), None, None, index(*weights), _more(*weights))


def _trained(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Move]:
    """An m is counted from the matches that show its level, a u from the other pairs that do."""
    pairs = max(pairs_possible(model["trained_on"]) for model in (then, now))
    of = {"m": max(then["prior"], now["prior"]) * pairs, "u": pairs}
    if set(then["trained_on"]) == set(now["trained_on"]):
        rescaled = prior_now(then["prior"], then["trained_on"], now["trained_on"])
        yield _times("prior", (name,), rescaled, now["prior"], of["m"])
    for comparison, levels in _both(then["levels"], now["levels"]):
        for level, both in _both(*levels):
            for kind, old, new in zip(("m", "u"), *both, strict=True):
                thing = (name, comparison, level)
                yield _times(kind, thing, old, new, max(old, new) * of[kind])


def index(then: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index of two distributions, half a count in each class more
    (Siddiqi 2006, Credit Risk Scorecards)."""
    classes = sorted(set(then) | set(now))
    shares = []
    for counts in (then, now):
        more = [counts.get(each, 0) + 0.5 for each in classes]
        shares.append([n / sum(more) for n in more])
    terms = ((b - a) * math.log(b / a) for a, b in zip(*shares, strict=True))
    return round(float(sum(terms)), DECIMALS)


def _times(kind: str, thing: tuple[str, ...], then: float, now: float, counted: float) -> Move:
    """How many times as much, in bits."""
    moved = abs(math.log2(now / then)) if then and now else ALL if then != now else 0.0
    return Move(kind, thing, then, now, round(min(moved, ALL), DECIMALS), counted)


def _share(kind: str, thing: tuple[str, ...], part: tuple[int, int], of: tuple[int, int]) -> Move:
    then, now = (n / whole if whole else 0.0 for n, whole in zip(part, of, strict=True))
    return Move(kind, thing, then, now, round(abs(now - then), DECIMALS), max(of))


def _more(then: Mapping[str, int], now: Mapping[str, int]) -> float:
    return max(sum(then.values()), sum(now.values()))


def _related(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    old, new = set(then["datasets"]), set(now["datasets"])
    linking = len(old) > 1 and old < new
    return bool(then["produces"] == now["produces"] and (old == new or linking))


def _both(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What both have, in order of names."""
    for name in sorted(set(then) & set(now)):
        yield name, (then[name], now[name])
