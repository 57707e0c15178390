"""What is there to say about a share as it was really released?"""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from datafirst.spec import Join, LinkModel, Recipient, Release, Share, Specification, Table

from .about_share import systems
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
        models=_models(spec, share, release),
    )


def _models(spec: Specification, share: Share, release: Release) -> tuple[LinkModel, ...]:
    """The models that judged this share's records: those of its systems and no others."""
    shares = (share, *(spec.shares[name] for name in share.follows))
    read = set().union(*(systems(s) for s in shares))
    models = (spec.linkage.models[name] for name in release.models)
    datasets = spec.linkage.datasets
    return tuple(m for m in models if {datasets[d].system for d in m.datasets} <= read)


def _joined(con: DuckDBPyConnection, tables: Mapping[str, Table]) -> dict[tuple[str, Join], Joined]:
    return {
        (table.name, join): measure_join(
            con, join, table.name, join.table.split(".")[1], set(table.key) <= set(join.on)
        )
        for table in tables.values()
        for join in table.joins
        if inside(table, join, tables)
    }
