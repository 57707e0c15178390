"""Diff: two releases -> which tables, variables, codes, rows and people differ, and why."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst import compare
from datafirst.compare import Side
from datafirst.derive.typed import files
from datafirst.errors import SpecificationError
from datafirst.run import Record, bring
from datafirst.scratch import Scratch, scratch
from datafirst.settings import settings
from datafirst.spec import Specification
from datafirst.store import store

from .publication import Publication, publication
from .published import as_described, as_published
from .release import release_named, specification


def diff(old: str, new: str) -> dict[str, Any]:
    """What changed from one release to another, in names, descriptions and counts.

    From what was published where both have been; else from the specification alone, which knows
    nothing of rows and people. Raises SpecificationError for an unknown release.
    """
    if old == new:
        raise SpecificationError(f"{old} is compared with itself: name two releases")
    spec = specification()
    described = [release_named(spec, version) for version in (old, new)]
    made = [publication(version, settings()) for version in (old, new)]
    if made[0] and made[1]:
        sides = as_published(made[0]), as_published(made[1])
        return _answer(spec, *sides) | _counted(made[0], made[1], *sides)
    missing = [v for v, publication in zip((old, new), made, strict=True) if publication is None]
    notes = [f"{v} has not been made: `datafirst release {v}` makes it" for v in missing]
    sides = as_described(spec, described[0]), as_described(spec, described[1])
    return _answer(spec, *sides) | {"not_compared": notes, "ledger": [], "people": {}}


def _answer(spec: Specification, old: Side, new: Side) -> dict[str, Any]:
    """All that does not ask for rows."""
    return {
        "old": _named(old),
        "new": _named(new),
        "from": "what was published" if old.run and new.run else "the specification alone",
        "why": [asdict(change) for change in compare.reasons(old, new)],
        "pseudonyms": compare.pseudonyms(old, new),
        "method_changes": list(_methods(spec, old, new)),
        "shares": {
            "added": [share for share in new.shares if share not in old.shares],
            "removed": [share for share in old.shares if share not in new.shares],
        },
        "tables": compare.tables(old, new),
        "variables": compare.variables(old, new),
        "codes": compare.codes(old, new),
    }


def _named(side: Side) -> dict[str, Any]:
    said = {key: str(side.release[key]) for key in ("version", "title", "date", "status")}
    return {**said, "run": side.run}


def _methods(spec: Specification, old: Side, new: Side) -> Iterator[dict[str, str]]:
    """What shares of either release say of versions after the one, up to the other."""
    first, last = sorted((old.version, new.version))
    for name in dict.fromkeys((*old.shares, *new.shares)):
        told = spec.shares[name].method_changes if name in spec.shares else {}
        for version, says in sorted(told.items()):
            if first < version <= last:
                yield {"share": name, "version": version, "says": says}


def _counted(old_made: Publication, new_made: Publication, old: Side, new: Side) -> dict[str, Any]:
    """Rows by key, and people, where both releases are there to be asked."""
    notes: list[str] = []
    with scratch(settings()) as folder, folder.connect() as con:
        each = compare.tables(old, new)
        for table in each:
            id = f"{table['share']}.{table['table']}"
            if id in old.tables and id in new.tables:
                before, after = (
                    made.record("landing", f"derive-{table['share']}")
                    for made in (old_made, new_made)
                )
                table["rows"] |= _rows(con, folder, id, (old, before), (new, after), notes)
        people = _people(con, folder, old_made, new_made, notes)
    return {
        "tables": each,
        "ledger": compare.recounted(old, new),
        "people": people,
        "not_compared": notes,
    }


def _rows(
    con: DuckDBPyConnection,
    folder: Scratch,
    id: str,
    old: tuple[Side, Record],
    new: tuple[Side, Record],
    notes: list[str],
) -> dict[str, Any]:
    """The rows of a table in the one, the other, or both, as they were before de-identification."""
    keys = [side.tables[id]["schema"]["primaryKey"] for side, _ in (old, new)]
    if keys[0] != keys[1]:
        notes.append(f"rows of {id}: the key was {', '.join(keys[0])}, and is {', '.join(keys[1])}")
        return {}
    name = id.split(".")[1]
    parts = [
        files(bring(store("landing", settings()), record.of(name), folder / side.version / id))
        for side, record in (old, new)
    ]
    fields = [field["name"] for field in new[0].tables[id]["schema"]["fields"]]
    return compare.rows(con, parts[0], parts[1], keys[0], fields)


def _people(
    con: DuckDBPyConnection,
    folder: Scratch,
    old: Publication,
    new: Publication,
    notes: list[str],
) -> dict[str, Any]:
    """What became of people by their records, and of their ids where the new release goes on with
    those of the old one."""

    def relation(made: Publication, table: str) -> str:
        linked = made.record("index", "link").of(table)
        paths = bring(store("index", settings()), linked, folder / made.version / "linked")
        return files(paths)

    found: dict[str, Any] = compare.people(con, relation(old, "people"), relation(new, "people"))
    if new.record("index", "link").inputs.get("previous") == old.run:
        return found | {"ids": compare.ids(con, relation(new, "id_changes"))}
    if found["records"]["both"]:
        notes.append(f"identifiers of people: {new.version} does not go on with {old.version}")
    return found
