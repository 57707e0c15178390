"""De-identify: a share's derived tables -> its tables as one recipient may have them, checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.deidentify import Scope, key_id, kinds, pseudonymise, root_key
from datafirst.deidentify import release as leaving
from datafirst.derive.typed import files
from datafirst.disclose import Source, nothing_lost, obeys, scan
from datafirst.errors import RunRefused, SpecificationError
from datafirst.parts import Part, write
from datafirst.run import Made, Record, bring, once
from datafirst.scratch import Scratch
from datafirst.spec import Recipient, Share, Table

from .landed import behind, share_named
from .release import Plan, plan


def deidentify(release: str, share: str, recipient: str) -> dict[str, Any]:
    """Makes and checks what a recipient receives of a share.

    Raises DisclosureRefused, and keeps nothing, where it is not what was declared to leave.
    """
    made = plan(release)
    of = share_named(made, share)
    if recipient not in made.release.recipients:
        raise SpecificationError(f"release {release} is not for a recipient {recipient}")
    to = made.spec.recipients[recipient]
    derived = made.done("landing", f"derive-{share}")
    secret = made.settings.root_key
    root = root_key(secret.get_secret_value() if secret else None, made.settings.embedded)
    place, key = made.share_place(share, recipient), key_id(root)

    def work(scratch: Scratch) -> Made:
        with scratch.connect() as con:
            return _work(con, made, of, to, derived, root, scratch)

    inputs = {"run": made.inputs, "derived": derived.digest, "key": key}
    record = once(made.store("release"), place, "deidentify", inputs, work, made.settings)
    if record.inputs["key"] != key:
        raise RunRefused(
            f"{place} was made under root key {record.inputs['key']} and this one is {key}: "
            "restore that key, or give the release a new key_epoch"
        )
    rows = {table: counted["rows"] for table, counted in record.counts["tables"].items()}
    return {"place": place, "rows": sum(rows.values()), "rows_of": rows, "key": key}


def _work(
    con: DuckDBPyConnection,
    made: Plan,
    share: Share,
    recipient: Recipient,
    derived: Record,
    root: bytes,
    scratch: Scratch,
) -> Made:
    _open(con, made, share, derived, scratch)
    scope = Scope(made.spec.programme.id, recipient.id, made.release.key_epoch)
    pseudonyms = {
        kind: pseudonymise(con, scope.key(root, kind), kind, columns)
        for kind, columns in kinds(made.spec, share).items()
    }
    tables: dict[str, Table] = {}
    parts: dict[str, list[Part]] = {}
    for name, table in share.tables.items():
        tables[name], query = leaving(made.spec, table)
        # In the order of the pseudonyms of the key, which is nobody's order.
        parts[name] = write(con, query, table.key, scratch / "released" / name)
    paths = {name: [part.path for part in written] for name, written in parts.items()}
    scanned = _checked(con, made, share, tables, paths, scratch)
    result = Made(counts={"tables": {}, "pseudonyms": pseudonyms, "scanned_columns": scanned})
    for name, written in parts.items():
        result.counts["tables"][name] = {"rows": sum(part.rows for part in written)}
        for part in written:
            result.add(f"{name}/{part.name}", part.path, part.rows)
    return result


def _open(
    con: DuckDBPyConnection, made: Plan, share: Share, derived: Record, scratch: Scratch
) -> None:
    con.execute(f'CREATE SCHEMA "{share.id}"')
    for name in share.tables:
        paths = bring(made.store("landing"), derived.of(name), scratch / "derived")
        con.execute(f'CREATE VIEW "{share.id}"."{name}" AS FROM {files(paths)}')


def _checked(
    con: DuckDBPyConnection,
    made: Plan,
    share: Share,
    tables: Mapping[str, Table],
    paths: Mapping[str, Sequence[Path]],
    scratch: Scratch,
) -> int:
    """How many columns were scanned, where nothing disobeys and no identifier was found."""
    obeys(con, tables, paths)
    nothing_lost(con, tables, paths)
    sources = []
    for id in behind(made, share):
        system, name = id.split(".")
        parts = bring(made.store("landing"), made.snapshots[system].of(name), scratch / system)
        sources.append(Source(made.spec.source_table(id), parts))
    return scan(con, made.spec, sources, tables, paths)
