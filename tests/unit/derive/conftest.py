"""The registers of a hamlet, landed: five people, eight visits, three places."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from datafirst.derive import Entry, Inputs, Landed, derive
from datafirst.spec import Share, Specification, Type, load

CONFIG = Path(__file__).parents[2] / "hamlet" / "config"
COLUMN = {Type.INTEGER: "BIGINT", Type.DATE: "DATE"}
QUARANTINED = {"person": [(3, "codes:sex", True)], "visit": [(7, "minimum:visited", True)]}


@pytest.fixture(scope="session")
def spec() -> Specification:
    return load(CONFIG)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def landed(spec: Specification, tmp_path: Path) -> dict[str, Landed]:
    """The snapshot and what validation quarantined, as Parquet."""
    found = {}
    with duckdb.connect() as con:
        for table in spec.systems["register"].tables.values():
            columns = ", ".join(
                f"CAST({v.name} AS {'VARCHAR' if v.format else COLUMN.get(v.type, 'VARCHAR')}) "
                f"AS {v.name}"
                for v in table
            )
            rows = CONFIG / "rows" / f"{table.name}.csv"
            part, broken = tmp_path / f"{table.name}.parquet", tmp_path / f"{table.name}.q.parquet"
            con.execute(
                f"COPY (SELECT {columns}, row_number() OVER () - 1 AS _row FROM "
                f"read_csv('{rows}', all_varchar = true)) TO '{part}'"
            )
            con.execute("CREATE OR REPLACE TABLE q (_row BIGINT, rule VARCHAR, first BOOLEAN)")
            for row in QUARANTINED.get(table.name, []):
                con.execute("INSERT INTO q VALUES (?, ?, ?)", row)
            con.execute(f"COPY q TO '{broken}'")
            (number,) = con.execute(f"SELECT count(*) FROM '{part}'").fetchone() or (0,)
            found[table.id] = Landed(table, (part,), number, (broken,))
    return found


@pytest.fixture
def made(
    spec: Specification, con: duckdb.DuckDBPyConnection, landed: dict[str, Landed]
) -> Callable[..., tuple[Entry, ...]]:
    """Derives the share of visits, with another query or other changes to the share."""

    def make(query: dict[str, str] | None = None, **changes: object) -> tuple[Entry, ...]:
        share: Share = spec.shares["visits"]
        queries = {**share.queries, **(query or {})}
        share = share.model_copy(update={"queries": queries, **changes})
        return derive(con, spec, spec.releases["2022-02"], share, Inputs(landed))

    return make
