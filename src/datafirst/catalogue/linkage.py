"""What of the report on linkage may leave, and what of that concerns one share?

In a section an int is a count (quality.section): it is rounded or suppressed as every count of the
catalogue is, in tables and in charts alike. Shares are worked out again of the rounded counts, as
the exact ones would give back what rounding hides: of 100 records that 0.952 are known, only 99 of
104 can be meant.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from datafirst.quality.section import Cell, Section

from .publishable import CONFIDENTIAL, DIGITS, FEW, PERCENTAGES_FROM, count, rounded, share

SHARES = ("share", "difference", "value", "low", "high")
"""Fields of charts that say little of few rows, and would give them away."""

Change = Callable[[Mapping[str, Any]], dict[str, Any] | None]
"""What becomes of a row of a chart."""

ABOUT = {"Model": "model", "Data set": "dataset", "Ladder": "ladder"}
"""Which column of a section, and which field of its chart, says what a row is about."""


@dataclass(frozen=True)
class Concern:
    """What a share has to do with: by kind (a field of ABOUT), the names."""

    names: Mapping[str, Collection[str]]
    whole: bool
    """Whether all that found the release's people concerns it."""

    def holds(self, kind: str, name: object) -> bool:
        return name in self.names[kind]


def publishable(section: Section) -> Section:
    """A section with counts that may be published."""
    return replace(
        section,
        rows=tuple(_row(section, row) for row in section.rows),
        chart=section.chart and _charted(section.chart, partial(_published, section.shares)),
    )


def concerning(section: Section, concern: Concern) -> Section | None:
    """What of a section is about a share; None where nothing is."""
    about = [(n, ABOUT[title]) for n, title in enumerate(section.header) if title in ABOUT]
    if not about:
        return section if concern.whole else None
    rows = tuple(row for row in section.rows if all(concern.holds(k, row[n]) for n, k in about))
    if not rows:
        return None

    def own(row: Mapping[str, Any]) -> dict[str, Any] | None:
        known = (kind for kind in ABOUT.values() if kind in row)
        return dict(row) if all(concern.holds(kind, row[kind]) for kind in known) else None

    return replace(section, rows=rows, chart=section.chart and _charted(section.chart, own))


def _row(section: Section, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    shares = _shares(section.shares, dict(zip(section.header, row, strict=True)))
    counts = [cell for cell in row if isinstance(cell, int)]
    thin = bool(counts) and (max(counts) < PERCENTAGES_FROM or any(0 < n < FEW for n in counts))
    thin = thin or CONFIDENTIAL in shares.values()
    return tuple(
        shares[title] if title in shares else _cell(cell, bool(counts), thin)
        for title, cell in zip(section.header, row, strict=True)
    )


def _shares(of: Mapping[str, tuple[str, str]], row: Mapping[str, Any]) -> dict[str, Any]:
    """The shares in a row, of rounded counts; those of nothing are left as they are."""
    return {
        name: share(row[part], row[whole])
        for name, (part, whole) in of.items()
        if row.get(name) is not None
    }


def _cell(cell: Cell, beside_counts: bool, thin: bool) -> Cell:
    if isinstance(cell, int):
        return count(cell)
    if isinstance(cell, float) and beside_counts:
        return CONFIDENTIAL if thin else round(cell, DIGITS)
    return cell


def _published(of: Mapping[str, tuple[str, str]], row: Mapping[str, Any]) -> dict[str, Any] | None:
    """A row of a chart with its counts rounded; None where they are too small to be drawn."""
    shares = _shares(of, row)
    counts = [value for value in row.values() if isinstance(value, int)]
    if CONFIDENTIAL in shares.values() or any(0 < n < FEW for n in counts):
        return None
    told = any(name in row for name in SHARES)
    if counts and told and max(counts) < PERCENTAGES_FROM:
        return None
    return {**dict(_figures(row, bool(counts))), **shares}


def _figures(row: Mapping[str, Any], beside_counts: bool) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, int):
            yield name, rounded(value)
        elif isinstance(value, float) and beside_counts and name in SHARES:
            yield name, round(value, DIGITS)
        else:
            yield name, value


def _charted(chart: dict[str, Any], change: Change) -> dict[str, Any] | None:
    """The chart with its rows, wherever they stand in it, changed or left out. None where none of
    those that it is mainly about is left."""
    made: dict[str, Any] = _replaced(chart, change)
    return made if made["data"]["values"] else None


def _replaced(part: Any, change: Change) -> Any:
    if isinstance(part, list):
        return [_replaced(each, change) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {"values": [row for row in map(change, value["values"]) if row is not None]}
        if key == "data"
        else _replaced(value, change)
        for key, value in part.items()
    }
