"""How is a dataset standardised? Once for a snapshot, whichever models ask for its records.

The records stay in the index store: training, linking and every report on linkage read them there.
"""

import hashlib
import time
from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from datafirst.errors import RunRefused
from datafirst.link.cleaned import cleaned
from datafirst.link.read import fields_read
from datafirst.link.records import records
from datafirst.parts import write
from datafirst.run import Made, Record, code_digest, identity, once
from datafirst.scratch import Scratch
from datafirst.spec import Dataset, Ladder, LinkModel
from datafirst.spec.groups import FIELDS

from .landed import typed_tables
from .release import Plan

ORDER = ("_row", "variant")
WAITS = 30
"""How often within a lease it is asked whether another stage has made the records."""
CLEANED = "cleaned"
"""What is told of the records, by field and step: how many values were mended or taken away."""


def standardised(plan: Plan, dataset: Dataset, fields: Iterable[str]) -> Record:
    """The linkage records of a dataset, with these fields and all that the release compares."""
    asked = _asked(plan, fields)
    query = records(plan.spec, dataset.id, asked)
    inputs = {
        "query": hashlib.sha256(query.encode()).hexdigest(),
        "snapshot": plan.snapshots[dataset.system].digest,
        "validated": plan.validated(dataset.system).digest,
        "code": code_digest(),
    }

    def work(folder: Scratch) -> Made:
        with folder.connect() as con:
            return _made(con, plan, dataset, asked, folder)

    place = f"records/{dataset.id}/{identity(inputs)[:12]}"
    while True:
        try:
            return once(plan.store("index"), place, "standardise", inputs, work, plan.settings)
        except RunRefused:
            # Models are trained side by side: one standardises what the others wait for. Where it
            # dies its lease lapses, and the next one takes it up.
            time.sleep(plan.settings.lease_seconds / WAITS)


def _asked(plan: Plan, fields: Iterable[str]) -> list[str]:
    """One set of fields for every stage of a release, so that its records are made once."""
    linkage, release = plan.spec.linkage, plan.release
    readers: list[LinkModel | Ladder] = [
        *(linkage.models[name] for name in release.models),
        *(linkage.ladders[name] for name in release.ladders),
    ]
    return sorted({*fields_read(plan.spec, readers), *FIELDS, *fields})


def _made(
    con: DuckDBPyConnection, plan: Plan, dataset: Dataset, fields: list[str], folder: Scratch
) -> Made:
    query = records(plan.spec, dataset.id, fields)
    with typed_tables(con, plan, dataset.system, query, folder):
        made = Made(counts={CLEANED: _cleaned(con, cleaned(plan.spec, dataset.id, fields))})
        for part in write(con, query, ORDER, folder / "records"):
            made.add(f"records/{part.name}", part.path, part.rows)
    return made


def _cleaned(con: DuckDBPyConnection, query: str | None) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field, step, values in con.execute(query).fetchall() if query else ():
        found.setdefault(field, {})[step] = int(values)
    return found
