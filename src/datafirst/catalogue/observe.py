"""What is there to say about a share as it was really released?"""

from collections.abc import Iterable, Mapping

from duckdb import DuckDBPyConnection

from datafirst.quality.section import Section
from datafirst.spec import Join, Ladder, LinkModel, Recipient, Release, Share, Specification, Table

from .figures import Joined, measure, measure_join
from .linkage import Concern, concerning
from .subject import Subject, inside


def observe(
    con: DuckDBPyConnection,
    spec: Specification,
    share: Share,
    release: Release,
    recipient: Recipient,
    tables: Mapping[str, Table],
    quality: Iterable[Section] = (),
) -> Subject:
    """The subject of a catalogue, measured on relations named like the released tables.

    `quality` are the published sections of the report on the release's linkage.
    """
    concern = _concern(spec, share, release)
    about = (concerning(section, concern) for section in quality)
    return Subject(
        programme=spec.programme,
        share=share,
        release=release,
        recipient=recipient,
        tables=tuple(tables.values()),
        figures={name: measure(con, table, name) for name, table in tables.items()},
        joined=_joined(con, tables),
        sources={
            spec.systems[name].title: day
            for name, day in sorted(release.snapshots.items())
            if name in _systems(spec, share, release)
        },
        models=_models(spec, share, release),
        ladders=_ladders(spec, share, release),
        quality=tuple(section for section in about if section),
    )


def _systems(spec: Specification, share: Share, release: Release) -> set[str]:
    """The systems that a share, or the shares of the release that it follows, account for."""
    shares = (share, *(spec.shares[name] for name in share.follows if name in release.shares))
    return {account.table.split(".")[0] for s in shares for account in s.accounts}


def _models(spec: Specification, share: Share, release: Release) -> tuple[LinkModel, ...]:
    """The models that judged this share's records: those of its systems and no others."""
    read = _systems(spec, share, release)
    models = (spec.linkage.models[name] for name in release.models)
    datasets = spec.linkage.datasets
    there = set(release.snapshots)
    return tuple(m for m in models if {datasets[d].system for d in m.datasets} & there <= read)


def _ladders(spec: Specification, share: Share, release: Release) -> tuple[Ladder, ...]:
    """The ladders between datasets of this share's systems."""
    read, datasets = _systems(spec, share, release), spec.linkage.datasets
    ladders = (spec.linkage.ladders[name] for name in release.ladders)
    return tuple(each for each in ladders if {datasets[d].system for d in each.datasets} <= read)


def _concern(spec: Specification, share: Share, release: Release) -> Concern:
    """The models, ladders and datasets that a share has to do with."""
    models = {model.id for model in _models(spec, share, release)}
    systems = _systems(spec, share, release)
    names = {
        "model": models,
        "ladder": {ladder.id for ladder in _ladders(spec, share, release)},
        "dataset": {d.id for d in spec.linkage.datasets.values() if d.system in systems},
    }
    return Concern(names, whole=models >= set(release.models))


def _joined(con: DuckDBPyConnection, tables: Mapping[str, Table]) -> dict[tuple[str, Join], Joined]:
    return {
        (table.name, join): measure_join(
            con, join, table.name, join.table.split(".")[1], set(table.key) <= set(join.on)
        )
        for table in tables.values()
        for join in table.joins
        if inside(table, join, tables)
    }
