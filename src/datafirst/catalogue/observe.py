"""What is there to say about a share as it was really released?"""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from datafirst.spec import Join, LinkModel, Recipient, Release, Share, Specification, Table

from .figures import Joined, measure, measure_join
from .subject import Subject, inside


def observe(
    con: DuckDBPyConnection,
    spec: Specification,
    share: Share,
    release: Release,
    recipient: Recipient,
    tables: Mapping[str, Table],
) -> Subject:
    """The subject of a catalogue, measured on relations named like the released tables."""
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


def _joined(con: DuckDBPyConnection, tables: Mapping[str, Table]) -> dict[tuple[str, Join], Joined]:
    return {
        (table.name, join): measure_join(
            con, join, table.name, join.table.split(".")[1], set(table.key) <= set(join.on)
        )
        for table in tables.values()
        for join in table.joins
        if inside(table, join, tables)
    }
