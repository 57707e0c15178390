"""What is known of a release: what was published of it, or else what the specification says."""

import json
from typing import Any

from datafirst.catalogue import descriptor
from datafirst.compare import Side
from datafirst.deidentify import release as leaving
from datafirst.package.manifest import NAME, read
from datafirst.spec import Release, Share, Specification, share_in

from .derive import ledger_of
from .publication import Publication
from .release import thresholds_of


def as_published(made: Publication) -> Side:
    """A release as its packages describe it. Whichever recipient got them, the tables are alike."""
    run = made.record("landing", "ledger").inputs["run"]
    tables: dict[str, Any] = {}
    rows: dict[str, int] = {}
    keys: dict[str, str] = {}
    ledger: dict[tuple[str, str, str, str], int] = {}
    for share, recipients in made.recipients.items():
        package = made.record("release", "package", share, recipients[0])
        described = json.loads(made.read(package, "datapackage.json"))
        tables |= {f"{share}.{each['name']}": each for each in described["resources"]}
        told = read(made.read(package, NAME), f"{made.version}/{share}")
        rows |= {f"{share}.{table}": n for table, n in told.tables.items()}
        for recipient in recipients:
            done = made.record("release", "deidentify", share, recipient)
            keys[recipient] = done.inputs["key"]
        for line in ledger_of(made.record("landing", f"derive-{share}")):
            ledger[share, line.table, line.outcome, line.reason] = line.rows
    said = {**run["release"], "thresholds": run["thresholds"]}
    return Side(said, tables, made.run, run, rows, ledger, keys)


def as_described(spec: Specification, release: Release) -> Side:
    """A release as the specification describes it now."""
    tables = {
        f"{name}.{each['name']}": each
        for name in release.shares
        for each in _resources(spec, release, share_in(spec, release, name))
    }
    said = {**release.model_dump(mode="json"), "thresholds": thresholds_of(spec, release)}
    return Side(said, tables)


def _resources(spec: Specification, release: Release, share: Share) -> list[dict[str, Any]]:
    tables = {name: leaving(spec, table)[0] for name, table in share.tables.items()}
    recipient = spec.recipients[release.recipients[0]]
    nowhere = {name: {str(recipient.formats[0]): [name]} for name in tables}
    resources: list[dict[str, Any]] = descriptor(
        spec.programme, share, release, recipient, tables, nowhere
    )["resources"]
    return resources
