"""Derive: snapshots and links -> the tables of a share, still identifiable, and its ledger."""

from dataclasses import asdict
from typing import Any

from datafirst.derive import Entry, Inputs
from datafirst.derive import derive as derived
from datafirst.derive.share import variables
from datafirst.parts import write
from datafirst.run import Made, Record, bring, once
from datafirst.scratch import Scratch
from datafirst.spec import Share

from .landed import followed, landed, read_by, share_named
from .release import Plan, plan


def derive(release: str, share: str) -> dict[str, Any]:
    """Makes a share's tables, after those of the shares that it follows.

    Raises SpecificationError or ValidationFailed where a table is not what it is declared to be
    or the ledger does not add up.
    """
    made = plan(release)
    record = derived_share(made, share_named(made, share))
    rows = {table: counted["rows"] for table, counted in record.counts["tables"].items()}
    return {"place": made.place, "share": share, "rows": sum(rows.values()), "rows_of": rows}


def derived_share(made: Plan, share: Share) -> Record:
    """What deriving a share made; it is done now unless it has been."""
    earlier = {n: derived_share(made, share_named(made, n)) for n in followed(made, share)}
    linked = made.release.models or made.release.ladders
    links = made.done("index", "link") if linked else None
    systems = sorted({table.split(".")[0] for table in read_by(share)})
    inputs = {
        "run": made.inputs,
        "share": share.id,
        "followed": {name: record.digest for name, record in earlier.items()},
        "link": links.digest if links else None,
        "validated": {system: made.validated(system).digest for system in systems},
    }

    def work(scratch: Scratch) -> Made:
        return _work(made, share, earlier, links, scratch)

    stage = f"derive-{share.id}"
    return once(made.store("landing"), made.place, stage, inputs, work, made.settings)


def _work(
    made: Plan, share: Share, earlier: dict[str, Record], links: Record | None, scratch: Scratch
) -> Made:
    index, landing = made.store("index"), made.store("landing")
    people, journeys, individuals, id_changes = (
        bring(index, links.of(name), scratch / "links") if links else []
        for name in ("people", "journeys", "individuals", "id_changes")
    )
    tables = {
        f"{name}.{table}": bring(landing, record.of(table), scratch / "followed" / name)
        for name, record in earlier.items()
        for table in record.counts["tables"]
    }
    inputs = Inputs(landed(made, share, scratch), people, journeys, tables, individuals, id_changes)
    result = Made()
    with scratch.connect() as con:
        ledger = derived(con, made.spec, made.release, share, inputs)
        result.counts = {"tables": {}, "ledger": [asdict(entry) for entry in ledger]}
        for name, table in share.tables.items():
            parts = write(
                con, variables(made.spec, share, name), table.key, scratch / "derived" / name
            )
            for part in parts:
                result.add(f"{name}/{part.name}", part.path, part.rows)
            result.counts["tables"][name] = {"rows": sum(part.rows for part in parts)}
    return result


def ledger_of(record: Record) -> tuple[Entry, ...]:
    """The lines of the ledger that deriving a share wrote down."""
    return tuple(Entry(**line) for line in record.counts["ledger"])
