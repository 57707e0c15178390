"""Why do two releases differ? What went into each of them, side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .side import Side


@dataclass(frozen=True)
class Change:
    """Something that went into both releases and is not the same, or into only one of them."""

    what: str
    of: str
    old: str | None
    new: str | None


def reasons(old: Side, new: Side) -> list[Change]:
    """Coverage, snapshots, models, thresholds, key epoch, recipients and code that differ."""
    return [change for change in _compared(old, new) if change.old != change.new]


def _compared(old: Side, new: Side) -> Iterator[Change]:
    yield from _each("coverage", _windows(old), _windows(new))
    yield from _each("snapshot", _plain(old, "snapshots"), _plain(new, "snapshots"))
    yield from _each("model", _learned(old), _learned(new))
    yield from _each("ladder", _named(old, "ladders"), _named(new, "ladders"))
    yield from _each("impossible", _named(old, "impossible"), _named(new, "impossible"))
    yield from _each("threshold", _plain(old, "thresholds"), _plain(new, "thresholds"))
    for what in ("bridges", "previous", "key_epoch"):
        yield Change(what.replace("_", " "), "", _text(old, what), _text(new, what))
    yield from _each("recipient", _named(old, "recipients"), _named(new, "recipients"))
    if old.run and new.run:
        yield Change("code", "", old.inputs["code"][:12], new.inputs["code"][:12])


def pseudonyms(old: Side, new: Side) -> dict[str, Any]:
    """Whether the pseudonyms of the one release mean anything in the other, and why not."""
    if old.release["key_epoch"] != new.release["key_epoch"]:
        says = (
            f"The key epoch is {new.release['key_epoch']} and was {old.release['key_epoch']}: "
            "every pseudonym differs, and tables of the two releases do not join."
        )
        return {"same": False, "says": says}
    held = [name for name in old.keys if name in new.keys and old.keys[name] != new.keys[name]]
    if held:
        says = f"The root key of {', '.join(held)} is another: every pseudonym differs."
        return {"same": False, "says": says}
    says = "Key epoch and recipient decide them: the same thing has the same pseudonym in both."
    return {"same": True, "says": says}


def recounted(old: Side, new: Side) -> list[dict[str, Any]]:
    """The lines of the conservation ledger whose counts differ."""
    lines = dict.fromkeys((*old.ledger, *new.ledger))
    return [
        {
            **dict(zip(("share", "table", "outcome", "reason"), line, strict=True)),
            "old": old.ledger.get(line, 0),
            "new": new.ledger.get(line, 0),
        }
        for line in sorted(lines)
        if old.ledger.get(line, 0) != new.ledger.get(line, 0)
    ]


def _each(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for of in dict.fromkeys((*old, *new)):
        yield Change(what, of, old.get(of), new.get(of))


def _windows(side: Side) -> dict[str, str]:
    covered = side.release.get("coverage") or {}
    return {share: f"{w['start']} to {w['end']}" for share, w in covered.items()}


def _plain(side: Side, what: str) -> dict[str, str]:
    return {name: str(value) for name, value in (side.release.get(what) or {}).items()}


def _learned(side: Side) -> dict[str, str]:
    """Each model, as it was trained where that is known: another digest is another training."""
    trained = side.inputs.get("models", {})
    return {name: trained.get(name, "used")[:12] for name in side.release.get("models") or ()}


def _named(side: Side, what: str) -> dict[str, str]:
    names: Iterable[str] = side.release.get(what) or ()
    return dict.fromkeys(names, "used")


def _text(side: Side, what: str) -> str | None:
    value = side.release.get(what)
    return None if value is None else str(value)
