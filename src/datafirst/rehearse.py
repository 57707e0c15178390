"""Can everything be asked that the specification asks? Its SQL is bound on tables without rows."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from .deidentify import release as leaving
from .derive import Inputs, Landed, derive
from .derive.typed import typed
from .disclose import closed
from .errors import DataFirstError
from .link.ladder import climbable
from .link.records import records
from .link.settings import settings as linkage_settings
from .spec import Impossible, Ladder, Release, Share, Specification, Table, share_in
from .validate.conditions import SQL_TYPES
from .validate.schema import schema


def faults(spec: Specification) -> list[str]:
    """What of the specification's SQL cannot be asked, or yields other than declared."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        landed = {
            table.id: _nothing(con, table, Path(folder))
            for system in spec.systems.values()
            for table in system.tables.values()
        }
        checks: list[Callable[[], object]] = [
            *(lambda t=one.table: schema(t) for one in landed.values()),
            *(lambda r=r, s=s: _share(spec, r, s, landed) for r, s in _shares(spec)),
            *(lambda d=d: _records(spec, d, landed) for d in spec.linkage.datasets),
            *(lambda i=i: _apart(spec, i, landed) for i in spec.linkage.impossible.values()),
            *(lambda m=m: linkage_settings(spec, m) for m in spec.linkage.models.values()),
            *(lambda x=x: _ladder(spec, x, landed) for x in spec.linkage.ladders.values()),
        ]
        return list(dict.fromkeys(fault for check in checks for fault in _told(check)))


def _told(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except (DataFirstError, duckdb.Error) as error:
        # On tables without rows no message can quote a value.
        yield str(error)


def _shares(spec: Specification) -> Iterator[tuple[Release, Share]]:
    """Every share as each release has it: once where several have the same of it."""
    seen: list[Share] = []
    for release in sorted(spec.releases.values(), key=lambda r: r.version, reverse=True):
        for name in release.shares:
            share = share_in(spec, release, name)
            # Which changes of method had been made by then is told, and alters no query.
            told = share.model_copy(update={"method_changes": {}})
            if told not in seen:
                seen.append(told)
                yield release, share


def _nothing(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> Landed:
    """The table as it lands, without a row."""
    columns = ", ".join(
        f'NULL::{"VARCHAR" if v.format else SQL_TYPES[v.type]} AS "{v.name}"' for v in table
    )
    path = folder / f"{table.id}.parquet"
    con.execute(f"COPY (SELECT {columns}, 0::BIGINT AS _row WHERE false) TO '{path}'")
    return Landed(table, (path,), 0)


def _records(spec: Specification, dataset: str, landed: dict[str, Landed]) -> None:
    of, what = spec.linkage.datasets[dataset], f"linkage/datasets/{dataset}"
    known = {"_row", "variant", *spec.linkage.fields}
    with _typed(spec, of.system, landed) as con:
        if of.query and (strange := _yielded(con, of.query, f"{what}.sql") - known):
            named = ", ".join(sorted(strange))
            raise DataFirstError(f"{what}.sql: linkage/fields.toml has no field {named}")
        _yielded(con, records(spec, dataset), f"{what}.toml")


def _apart(spec: Specification, rule: Impossible, landed: dict[str, Landed]) -> None:
    of = [rule.dataset] if rule.dataset else sorted(spec.linkage.datasets)
    ends = ("_row_l", "_row_r") if rule.dataset else ("dataset_l", "_row_l", "dataset_r", "_row_r")
    what = f"linkage/impossible/{rule.id}.sql"
    with _typed(spec, spec.linkage.datasets[of[0]].system, landed) as con:
        if rule.dataset is None:
            con.execute(f"CREATE VIEW records AS {records(spec, of[0])}")
        con.execute(
            "CREATE VIEW together AS SELECT '' AS dataset, 0 AS _row, '' AS person WHERE false"
        )
        if _yielded(con, rule.query or "", what) != set(ends):
            said = f"{', '.join(ends[:-1])} and {ends[-1]}"
            raise DataFirstError(f"{what}: the query must yield {said}, and no more")


def _ladder(spec: Specification, ladder: Ladder, landed: dict[str, Landed]) -> None:
    climbable(spec, ladder)
    asked = f"FROM ({records(spec, ladder.left)}) WHERE {ladder.left_when}"
    with _typed(spec, spec.linkage.datasets[ladder.left].system, landed) as con:
        _yielded(con, asked, f"linkage/ladders/{ladder.id}.toml: left_when")


@contextmanager
def _typed(
    spec: Specification, system: str, landed: dict[str, Landed]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for table in spec.systems[system].tables.values():
            con.execute(f'CREATE VIEW "{table.name}" AS {typed(landed[table.id])}')
        yield con


def _yielded(con: duckdb.DuckDBPyConnection, query: str, what: str) -> set[str]:
    try:
        described = con.execute(f"DESCRIBE\n{query.strip().rstrip(';')}\n").fetchall()
    except duckdb.Error as error:
        raise DataFirstError(f"{what}: {error}") from None
    return {name for name, *_ in described}


def _share(spec: Specification, release: Release, share: Share, landed: dict[str, Landed]) -> None:
    with duckdb.connect() as con:
        derive(con, spec, release, share, Inputs(landed))
    closed(leaving(spec, table)[0] for table in share.tables.values())
