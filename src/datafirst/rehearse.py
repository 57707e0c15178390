"""Can everything be asked that the specification asks? Its SQL is bound on tables without rows."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from .deidentify import release as leaving
from .derive import Inputs, Landed, derive
from .derive.typed import typed
from .disclose import closed
from .errors import DataFirstError
from .link.records import records
from .link.settings import settings as linkage_settings
from .spec import Release, Share, Specification, Table
from .validate.conditions import SQL_TYPES
from .validate.schema import schema


def faults(spec: Specification) -> list[str]:
    """What of the specification's SQL cannot be asked, or yields other than declared."""
    with tempfile.TemporaryDirectory() as folder:
        landed = {
            table.id: _nothing(table, Path(folder))
            for system in spec.systems.values()
            for table in system.tables.values()
        }
        checks: list[Callable[[], object]] = [
            *(lambda t=one.table: schema(t) for one in landed.values()),
            *(lambda r=r, s=s: _share(spec, r, s, landed, Path(folder)) for r, s in _shares(spec)),
            *(lambda d=d: _records(spec, d, landed) for d in spec.linkage.datasets),
            *(lambda m=m: linkage_settings(spec, m) for m in spec.linkage.models.values()),
        ]
        return list(dict.fromkeys(fault for check in checks for fault in _told(check)))


def _told(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except (DataFirstError, duckdb.Error) as error:
        # On tables without rows no message can quote a value.
        yield str(error)


def _shares(spec: Specification) -> Iterator[tuple[Release, Share]]:
    """Every share, in the newest release that it is in."""
    for share in spec.shares.values():
        within = [r for r in spec.releases.values() if share.id in r.shares]
        if within:
            yield max(within, key=lambda release: release.version), share


def _nothing(table: Table, folder: Path) -> Landed:
    """The table as it lands, without a row."""
    columns = ", ".join(
        f'NULL::{"VARCHAR" if v.format else SQL_TYPES[v.type]} AS "{v.name}"' for v in table
    )
    path = folder / f"{table.id}.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {columns}, 0::BIGINT AS _row WHERE false) TO '{path}'")
    return Landed(table, (path,), 0)


def _records(spec: Specification, dataset: str, landed: dict[str, Landed]) -> None:
    of = spec.linkage.datasets[dataset]
    with duckdb.connect() as con:
        for table in spec.systems[of.system].tables.values():
            con.execute(f'CREATE VIEW "{table.name}" AS {typed(landed[table.id])}')
        try:
            con.execute(f"DESCRIBE {records(spec, dataset)}")
        except duckdb.Error as error:
            raise DataFirstError(f"linkage/datasets/{dataset}.toml: {error}") from None


def _share(
    spec: Specification, release: Release, share: Share, landed: dict[str, Landed], folder: Path
) -> None:
    followed: dict[str, list[Path]] = {}
    for name in share.follows:
        with duckdb.connect() as con:
            derive(con, spec, release, spec.shares[name], Inputs(landed))
            for table in spec.shares[name].tables:
                path = folder / f"{share.id}.{name}.{table}.parquet"
                con.execute(f"COPY {name}.{table} TO '{path}'")
                followed[f"{name}.{table}"] = [path]
    with duckdb.connect() as con:
        derive(con, spec, release, share, Inputs(landed, followed=followed))
    closed(leaving(spec, table)[0] for table in share.tables.values())
