"""Does a release say all that its shares and models need?"""

from collections.abc import Iterator

from .locate import Disagreement
from .model import Share, Specification
from .release import Release
from .rungs import crossed


def lacking(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """Everything that a release names and is not there, or needs and does not name."""
    place = ("releases", release.version)
    for key, named, known in (
        ("shares", release.shares, spec.shares),
        ("coverage", release.coverage, spec.shares),
        ("snapshots", release.snapshots, spec.systems),
        ("models", release.models, spec.linkage.models),
        ("impossible", release.impossible, spec.linkage.impossible),
        ("bridges", [release.bridges] if release.bridges else [], spec.linkage.bridges),
        ("ladders", release.ladders, spec.linkage.ladders),
        ("recipients", release.recipients, spec.recipients),
    ):
        for name in sorted(set(named) - set(known)):
            yield Disagreement((*place, key), f"no such {key.removesuffix('s')} as {name}")
    yield from _tables(spec, release)
    for what, system in _read(spec, release):
        if system not in release.snapshots:
            yield Disagreement((*place, "snapshots"), f"{what} needs a snapshot of {system}")
    yield from _compared(spec, release)
    yield from _once(spec, release)
    yield from _bridged(spec, release)
    for share in _shares(spec, release):
        if share.accounts and share.id not in release.coverage:
            says = f"no [coverage.{share.id}] says what period share {share.id} covers"
            yield Disagreement((*place, "coverage"), says)
    yield from _continues(spec, release)
    yield from _drifting(spec, release)
    yield from crossed(spec, release)


def _shares(spec: Specification, release: Release) -> list[Share]:
    """Those of the release. What they follow is there without rows, where it is not of them."""
    return [spec.shares[name] for name in sorted(set(release.shares) & set(spec.shares))]


def _tables(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """What [tables] names is there, and leaves something of the share."""
    for name, tables in sorted(release.tables.items()):
        place = ("releases", release.version, "tables", name)
        if name not in release.shares or name not in spec.shares:
            yield Disagreement(place, f"the release has no share {name}")
            continue
        if not tables:
            yield Disagreement(place, "name a table, or leave the share out of the release")
        for table in sorted(set(tables) - set(spec.shares[name].tables)):
            yield Disagreement(place, f"share {name} has no table {table}")


def _read(spec: Specification, release: Release) -> list[tuple[str, str]]:
    """Who reads which system."""
    found = {
        (f"share {share.id}", account.table.split(".")[0])
        for share in _shares(spec, release)
        for account in share.accounts
    }
    for name in set(release.ladders) & set(spec.linkage.ladders):
        for dataset in set(spec.linkage.ladders[name].datasets) & set(spec.linkage.datasets):
            found.add((f"ladder {name}", spec.linkage.datasets[dataset].system))
    return sorted(found)


def _compared(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """A model compares those of its datasets that are there: one at least, or two to be linked."""
    for name in sorted(set(release.models) & set(spec.linkage.models)):
        model = spec.linkage.models[name]
        known = [spec.linkage.datasets[d] for d in model.datasets if d in spec.linkage.datasets]
        absent = sorted({d.system for d in known} - set(release.snapshots))
        there = [d for d in known if d.system not in absent]
        if absent and len(there) < model.least:
            says = f"model {name} needs a snapshot of {' or '.join(absent)}"
            yield Disagreement(("releases", release.version, "snapshots"), says)


def _once(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """Each pair of datasets is scored by one model at most, so that every edge is there once."""
    scored: dict[tuple[str, str], str] = {}
    for name in release.models:
        model = spec.linkage.models.get(name)
        if model is None or model.produces != "people":
            continue
        for pair in model.pairs:
            if pair in scored:
                says = f"models {scored[pair]} and {name} both score {' with '.join(pair)}"
                yield Disagreement(("releases", release.version, "models"), says)
            scored.setdefault(pair, name)


def _bridged(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """Where people are found, it is said when they are too many records: never silently."""
    found = (spec.linkage.models[n] for n in release.models if n in spec.linkage.models)
    if release.bridges is None and any(model.produces == "people" for model in found):
        says = "say bridges, the rule of linkage/bridges by which people are taken apart"
        yield Disagreement(("releases", release.version), says)


def _continues(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """People go on from an earlier release, and under its key: else no identifier could last."""
    if release.previous is None:
        return
    place = ("releases", release.version, "previous")
    before = spec.releases.get(release.previous)
    if before is None:
        yield Disagreement(place, f"no such release as {release.previous}")
    elif before.date >= release.date:
        yield Disagreement(place, f"{release.previous} is not earlier than {release.version}")
    elif before.key_epoch != release.key_epoch:
        says = f"key_epoch is not that of {release.previous}, so that no pseudonym would last"
        yield Disagreement(place, says)


def _drifting(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """By how much linkage may differ is said once; what a release accepts is a thing of those."""
    place = ("releases", release.version)
    if release.previous and release.models and spec.linkage.drift is None:
        says = "linkage/drift.toml must say by how much it may differ from it"
        yield Disagreement((*place, "previous"), says)
    known = set(spec.linkage.drift.bounds()) if spec.linkage.drift and release.previous else set()
    named = [each.moved for each in release.accepts_drift]
    for number, moved in enumerate(named):
        at = (*place, "accepts_drift", number, "moved")
        kind = moved.split(":")[0]
        if kind not in known:
            says = f"{kind} is no kind of drift from a previous release; there are "
            yield Disagreement(at, says + (", ".join(sorted(known)) or "none, without `previous`"))
        if moved in named[:number]:
            yield Disagreement(at, "it is accepted twice")
