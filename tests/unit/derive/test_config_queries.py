"""Every query of the real specification yields what is declared, and can be asked."""

from pathlib import Path

import duckdb
import pytest

from datafirst.deidentify import release
from datafirst.derive import Inputs, Landed, derive
from datafirst.disclose import closed
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Type, load

SQL = {
    Type.STRING: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
}
SHARES = sorted(path.parent.name for path in PROJECT.glob("config/shares/*/share.toml"))


@pytest.fixture(scope="module")
def real() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture(scope="module")
def nothing(real: Specification, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Landed]:
    """Every source table without a row."""
    folder, found = tmp_path_factory.mktemp("landed"), {}
    with duckdb.connect() as con:
        for system in real.systems.values():
            for table in system.tables.values():
                columns = ", ".join(
                    f'NULL::{"VARCHAR" if v.format else SQL[v.type]} AS "{v.name}"' for v in table
                )
                path = folder / f"{table.id}.parquet"
                con.execute(f"COPY (SELECT {columns}, 0::BIGINT AS _row WHERE false) TO '{path}'")
                found[table.id] = Landed(table, (path,), 0)
    return found


@pytest.mark.parametrize("share", SHARES)
def test_a_share_of_nothing_is_as_declared(
    real: Specification, nothing: dict[str, Landed], tmp_path: Path, share: str
) -> None:
    latest = real.releases[max(real.releases)]
    followed = {}
    for name in real.shares[share].follows:
        with duckdb.connect() as con:
            derive(con, real, latest, real.shares[name], Inputs(nothing))
            for table in real.shares[name].tables:
                path = tmp_path / f"{name}.{table}.parquet"
                con.execute(f"COPY {name}.{table} TO '{path}'")
                followed[f"{name}.{table}"] = [path]
    with duckdb.connect() as con:
        inputs = Inputs(nothing, followed=followed)
        told = derive(con, real, latest, real.shares[share], inputs)
    assert all(entry.rows == 0 for entry in told)


@pytest.mark.parametrize("share", SHARES)
def test_a_share_is_closed_to_identifiers(real: Specification, share: str) -> None:
    closed(release(real, table)[0] for table in real.shares[share].tables.values())
