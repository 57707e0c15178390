"""What does making a release need, and what run is it?"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from datafirst.errors import RunRefused, SourceError, SpecificationError
from datafirst.run import Record, code_digest, identity, recorded
from datafirst.settings import Settings, settings
from datafirst.spec import (
    LinkModel,
    Recipient,
    Release,
    Share,
    Specification,
    System,
    load,
    share_in,
)
from datafirst.spec.linkage import LEVELS
from datafirst.spec.load import digest
from datafirst.spec.reach import reached
from datafirst.store import Store, store

from .publication import Publication, publication, run_place


def specification() -> Specification:
    """The specification of this deployment, read anew where a file of it has changed."""
    config = settings().config
    return _as_it_stands(config, digest(config))


@lru_cache(maxsize=2)
def _as_it_stands(config: Path, _files: str) -> Specification:
    return load(config)


def snapshot_place(system: str, day: object) -> str:
    return f"snapshots/{system}/{day}"


def validation(system: System, taken: Record) -> str:
    """The name of the validation of a snapshot: another specification is another validation."""
    rules = [system.model_dump(mode="json"), taken.digest, code_digest()]
    return f"validate-{identity(rules)[:12]}"


def model_place(model: LinkModel) -> str:
    return f"models/{model.id}/{model.version}"


@dataclass(frozen=True)
class Plan:
    """A release, all that goes into it, and the run that follows from that."""

    spec: Specification
    release: Release
    snapshots: dict[str, Record]
    models: dict[str, Record]
    settings: Settings
    previous: Publication | None = None
    """The release whose people this one goes on with."""

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """All that decides a release's bytes."""
        return {
            "release": self.release.model_dump(mode="json"),
            "specification": reached(self.spec, self.release),
            "snapshots": {name: record.digest for name, record in self.snapshots.items()},
            "models": {name: record.digest for name, record in self.models.items()},
            "thresholds": thresholds_of(self.spec, self.release),
            "previous": self.previous.run if self.previous else None,
            "key_epoch": self.release.key_epoch,
            "code": code_digest(),
        }

    @cached_property
    def run_id(self) -> str:
        return identity(self.inputs)[:12]

    @property
    def place(self) -> str:
        """Where the run's artefacts are, in each store."""
        return run_place(self.release.version, self.run_id)

    def share_place(self, share: str, recipient: str) -> str:
        return f"{self.place}/{share}/{recipient}"

    @property
    def shares(self) -> tuple[Share, ...]:
        """The shares of the release, those that follow others after them."""
        named = [share_in(self.spec, self.release, name) for name in self.release.shares]
        return tuple(sorted(named, key=lambda share: bool(share.follows)))

    @property
    def deliveries(self) -> list[tuple[Share, Recipient]]:
        """Every share to every recipient."""
        return [(s, self.spec.recipients[r]) for s in self.shares for r in self.release.recipients]

    def store(self, name: str) -> Store:
        return store(name, self.settings)

    def validated(self, system: str) -> Record:
        """What validation found in a system's snapshot. RunRefused if it has not passed."""
        day = self.release.snapshots[system]
        name = validation(self.spec.systems[system], self.snapshots[system])
        record = recorded(self.store("landing"), snapshot_place(system, day), name)
        if record is None:
            raise RunRefused(
                f"snapshot {day} of {system} has not passed validation: "
                f"run `datafirst validate {system} --snapshot {day}`"
            )
        return record

    def done(self, store_name: str, stage: str, place: str | None = None) -> Record:
        """What an earlier stage of this run did. RunRefused if it has not been done."""
        record = recorded(self.store(store_name), place or self.place, stage)
        if record is None:
            raise RunRefused(
                f"release {self.release.version}: {stage} has not been done in run {self.run_id}: "
                f"run `datafirst release {self.release.version}`"
            )
        return record


def release_named(spec: Specification, version: str) -> Release:
    if version not in spec.releases:
        known = ", ".join(sorted(spec.releases)) or "none"
        raise SpecificationError(f"unknown release {version}: config/releases describes {known}")
    return spec.releases[version]


def thresholds_of(spec: Specification, release: Release) -> dict[str, float]:
    """Every match weight at which a model of the release takes two records for one."""
    found: dict[str, float] = {}
    for model in (spec.linkage.models[name] for name in release.models):
        if model.above is not None:
            found[f"{model.id} above"] = model.above
        for level in LEVELS if model.thresholds else ():
            found[f"{model.id} {level}"] = getattr(model.thresholds, level)
    return found


def continued(release: Release) -> Publication | None:
    """The publication of the release whose people this one goes on with, if there is to be one.

    RunRefused where it has not been published here: else everybody would get a new identifier.
    """
    if release.previous is None:
        return None
    before = publication(release.previous, settings())
    if before is None:
        raise RunRefused(
            f"release {release.version} goes on with the people of {release.previous}, which has "
            f"not been published here: run `datafirst release {release.previous}` first, or take "
            f"`previous` out of releases/{release.version}.toml: then everybody is a new person"
        )
    return before


def snapshots_of(spec: Specification, release: Release) -> dict[str, Record]:
    """The snapshots that a release is made from. SourceError naming those that are absent."""
    landing = store("landing", settings())
    found = {
        system: recorded(landing, snapshot_place(system, day), "extract")
        for system, day in sorted(release.snapshots.items())
    }
    absent = [s for s, record in found.items() if record is None]
    if absent:
        commands = "; ".join(
            f"`datafirst extract {s} --snapshot {release.snapshots[s]}`" for s in absent
        )
        raise SourceError(f"release {release.version} needs snapshots not yet taken: {commands}")
    return {system: record for system, record in found.items() if record}


def plan(version: str) -> Plan:
    """All that a release needs, read from the stores.

    Raises SpecificationError for an unknown release, SourceError for an absent snapshot,
    RunRefused for a model that has not been trained.
    """
    spec = specification()
    release = release_named(spec, version)
    index = store("index", settings())
    models = {}
    for name in release.models:
        model = spec.linkage.models[name]
        record = recorded(index, model_place(model), "train")
        if record is None:
            raise RunRefused(
                f"release {version} uses model {name} {model.version}, which has not been "
                f"trained: run `datafirst train {name} --release {version}`"
            )
        models[name] = record
    taken = snapshots_of(spec, release)
    return Plan(spec, release, taken, models, settings(), continued(release))
