"""What is known of a release: what was published of it, or else what the specification says."""

import json
from dataclasses import dataclass
from typing import Any

from datafirst.catalogue import descriptor
from datafirst.compare import Side
from datafirst.deidentify import release as leaving
from datafirst.deliver import published
from datafirst.errors import StoreError
from datafirst.package.manifest import NAME, read
from datafirst.run import Record, recorded
from datafirst.settings import Settings
from datafirst.spec import Release, Share, Specification, share_in
from datafirst.store import store

from .derive import ledger_of
from .release import run_place


@dataclass(frozen=True)
class Publication:
    """The run of a release that counts, and where what it made is."""

    version: str
    run: str
    recipients: dict[str, list[str]]
    """By share, who received it."""
    settings: Settings

    def record(self, store_name: str, stage: str, *under: str) -> Record:
        """What a stage of the run did. StoreError where its record is gone."""
        place = "/".join((run_place(self.version, self.run), *under))
        kept = store(store_name, self.settings)
        record = recorded(kept, place, stage)
        if record is None:
            raise StoreError(
                f"{kept.url(place)}/{stage}.json is not there, though it was published"
            )
        return record

    def read(self, record: Record, name: str) -> bytes:
        """A file of a package."""
        [key] = [a.key for a in record.artefacts if a.name == name]
        return store("release", self.settings).read(key)


def publication(version: str, settings: Settings) -> Publication | None:
    """The run of a release that was published, if one was."""
    told = published(store("release", settings), version)
    if told is None:
        return None
    recipients = {share: sorted(sent) for share, sent in sorted(told["packages"].items())}
    return Publication(version, told["run"], recipients, settings)


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
    return Side(run["release"], tables, made.run, run, rows, ledger, keys)


def as_described(spec: Specification, release: Release) -> Side:
    """A release as the specification describes it now."""
    tables = {
        f"{name}.{each['name']}": each
        for name in release.shares
        for each in _resources(spec, release, share_in(spec, release, name))
    }
    return Side(release.model_dump(mode="json"), tables)


def _resources(spec: Specification, release: Release, share: Share) -> list[dict[str, Any]]:
    tables = {name: leaving(spec, table)[0] for name, table in share.tables.items()}
    recipient = spec.recipients[release.recipients[0]]
    nowhere = {name: {str(recipient.formats[0]): [name]} for name in tables}
    resources: list[dict[str, Any]] = descriptor(
        spec.programme, share, release, recipient, tables, nowhere
    )["resources"]
    return resources
