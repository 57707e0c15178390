"""Validate: a snapshot -> its quarantined rows and a report of counts, or a refusal."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from datafirst.errors import SourceError, ValidationFailed
from datafirst.run import Made, Record, canonical, code_digest, identity, once, recorded
from datafirst.scratch import Scratch
from datafirst.settings import settings
from datafirst.spec import System, Table
from datafirst.store import Store, store
from datafirst.validate.examine import examine, quarantine
from datafirst.validate.report import Report, excesses

from .release import snapshot_place, specification, validation
from .snapshot import day, system_named


def validate(system: str, snapshot: date | str) -> dict[str, Any]:
    """Checks a snapshot against the specification.

    Raises ValidationFailed naming every table, rule and count beyond tolerance; the report of
    counts is kept then too.
    """
    described, landing = system_named(specification(), system), store("landing", settings())
    place = snapshot_place(system, day(snapshot))
    taken = _taken(landing, place, system, day(snapshot))
    record = once(
        landing,
        place,
        validation(described, taken),
        {"snapshot": taken.digest, "code": code_digest()},
        lambda scratch: _examined(described, taken, landing, place, scratch),
        settings(),
    )
    tables = record.counts["tables"]
    return {
        "place": place,
        "rows": sum(t["rows"] for t in tables.values()),
        "quarantined": {name: t["quarantined"] for name, t in tables.items() if t["quarantined"]},
    }


def _taken(landing: Store, place: str, system: str, of: date) -> Record:
    if record := recorded(landing, place, "extract"):
        return record
    raise SourceError(
        f"no snapshot {of} of {system}: run `datafirst extract {system} --snapshot {of}`"
    )


def _examined(system: System, taken: Record, landing: Store, place: str, scratch: Scratch) -> Made:
    tables = list(system.tables.values())
    with scratch.connect() as con:
        reports = examine(con, tables, lambda table: _parts(table, taken, landing, scratch))
        made = Made(counts={"tables": {t.name: reports[t.id].counts() for t in tables}})
        _refuse_excesses(tables, reports, landing, place, made.counts)
        for table in tables:
            path = scratch / f"quarantine/{table.name}.parquet"
            quarantine(con, table, path)
            made.add(f"{table.name}/quarantine.parquet", path, None)
    return made


def _parts(table: Table, taken: Record, landing: Store, scratch: Scratch) -> Iterator[Path]:
    """Brings one part at a time, so that scratch holds no more than that."""
    for artefact in taken.of(table.name):
        path = landing.fetch(artefact.key, scratch / artefact.name, artefact.sha256)
        yield path
        path.unlink()


def _refuse_excesses(
    tables: list[Table],
    reports: dict[str, Report],
    landing: Store,
    place: str,
    counts: dict[str, Any],
) -> None:
    faults = [fault for table in tables for fault in excesses(table, reports[table.id])]
    if not faults:
        return
    key = f"{place}/validate-failed-{identity(counts)[:12]}.json"
    landing.put_once(key, canonical(counts))
    remedy = (
        "Correct the source and take a new snapshot; or, if the data are right, correct the "
        f"specification. All counts are in {landing.url(key)}"
    )
    raise ValidationFailed("\n".join((*faults, remedy)))
