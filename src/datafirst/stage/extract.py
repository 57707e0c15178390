"""Extract: a source as it is now -> an immutable dated snapshot in the landing store."""

from datetime import date
from typing import Any

from datafirst.extract.snapshot import take
from datafirst.extract.source import opened
from datafirst.run import Made, code_digest, once, recorded
from datafirst.scratch import Scratch
from datafirst.settings import settings
from datafirst.spec import System
from datafirst.store import store

from .release import snapshot_place, specification
from .snapshot import day, system_named


def extract(system: str, snapshot: date | str) -> dict[str, Any]:
    """Takes a snapshot, or returns what an earlier run took on that date: it never changes.

    Raises SourceError naming what is absent or changed; then nothing is visible.
    """
    spec = specification()
    described = system_named(spec, system)
    place = snapshot_place(system, day(snapshot))

    inputs = {"system": system, "specification": spec.digest, "code": code_digest()}
    landing = store("landing", settings())
    kept = recorded(landing, place, "extract") is not None
    record = once(landing, place, "extract", inputs, lambda s: _taken(described, s), settings())
    return {
        "place": place,
        "already_there": kept,
        "rows": sum(record.counts["rows"].values()),
        "rows_of": record.counts["rows"],
        "unspecified_columns": record.counts["unspecified_columns"],
        "objects": len(record.artefacts),
        "bytes": sum(a.bytes for a in record.artefacts),
    }


def _taken(system: System, scratch: Scratch) -> Made:
    made, rows, extra = Made(), {}, {}
    with opened(system, settings()) as source:
        for landed in take(system, source, scratch.folder):
            rows[landed.table] = landed.rows
            if landed.unspecified_columns:
                extra[landed.table] = landed.unspecified_columns
            for path, count in landed.parts:
                made.add(f"{landed.table}/{path.name}", path, count)
    made.counts.update(rows=rows, unspecified_columns=extra)
    return made
