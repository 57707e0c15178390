"""Does a release say all that its shares and models need?"""

from collections.abc import Iterator

from .accounted import followed
from .locate import Disagreement
from .model import Share, Specification
from .release import Release


def lacking(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """Everything that a release names and is not there, or needs and does not name."""
    place = ("releases", release.version)
    for key, named, known in (
        ("shares", release.shares, spec.shares),
        ("coverage", release.coverage, spec.shares),
        ("snapshots", release.snapshots, spec.systems),
        ("models", release.models, spec.linkage.models),
        ("recipients", release.recipients, spec.recipients),
    ):
        for name in sorted(set(named) - set(known)):
            yield Disagreement((*place, key), f"no such {key.removesuffix('s')} as {name}")
    for what, system in _read(spec, release):
        if system not in release.snapshots:
            yield Disagreement((*place, "snapshots"), f"{what} needs a snapshot of {system}")
    for share in _shares(spec, release):
        if share.accounts and share.id not in release.coverage:
            says = f"no [coverage.{share.id}] says what period share {share.id} covers"
            yield Disagreement((*place, "coverage"), says)
    yield from _weights(spec, release)


def _shares(spec: Specification, release: Release) -> list[Share]:
    """Those of the release and all that they follow: those are made too, though not delivered."""
    named = {name: spec.shares[name] for name in release.shares if name in spec.shares}
    for share in list(named.values()):
        named |= followed(spec, share)
    return [named[name] for name in sorted(named)]


def _read(spec: Specification, release: Release) -> list[tuple[str, str]]:
    """Who reads which system."""
    found = {
        (f"share {share.id}", account.table.split(".")[0])
        for share in _shares(spec, release)
        for account in share.accounts
    }
    for name in set(release.models) & set(spec.linkage.models):
        for dataset in set(spec.linkage.models[name].datasets) & set(spec.linkage.datasets):
            found.add((f"model {name}", spec.linkage.datasets[dataset].system))
    return sorted(found)


def _weights(spec: Specification, release: Release) -> Iterator[Disagreement]:
    place = ("releases", release.version)
    if release.models and release.thresholds is None:
        yield Disagreement(place, "a release that links needs thresholds")
    models = [spec.linkage.models[m] for m in release.models if m in spec.linkage.models]
    if release.journeys_above is None and any(m.produces == "journeys" for m in models):
        says = "say journeys_above, the match weight above which two cases are one journey"
        yield Disagreement(place, says)
