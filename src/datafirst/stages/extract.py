"""Extract: a source as it is now -> an immutable dated snapshot in the landing store."""

from datetime import date
from typing import Any

from datafirst.extract.snapshot import take
from datafirst.extract.source import opened
from datafirst.run import Made, code_digest, once
from datafirst.scratch import Scratch
from datafirst.settings import settings
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

    def work(scratch: Scratch) -> Made:
        made, rows, extra = Made(), {}, {}
        with opened(described, settings()) as source:
            for landed in take(described, source, scratch.folder):
                rows[landed.table] = landed.rows
                extra[landed.table] = landed.unspecified_columns
                for path, count in landed.parts:
                    made.add(f"{landed.table}/{path.name}", path, count)
        made.counts.update(rows=rows, unspecified_columns={t: n for t, n in extra.items() if n})
        return made

    inputs = {"system": system, "specification": spec.digest, "code": code_digest()}
    record = once(store("landing", settings()), place, "extract", inputs, work, settings())
    return {
        "place": place,
        "rows": sum(record.counts["rows"].values()),
        "rows_of": record.counts["rows"],
        "unspecified_columns": record.counts["unspecified_columns"],
        "objects": len(record.artefacts),
        "bytes": sum(a.bytes for a in record.artefacts),
    }
