"""Is a value that was lost on the way out found out, even where values may be missing?"""

from pathlib import Path

import duckdb
import pytest

from datafirst.deidentify import CHANGES
from datafirst.disclose import nothing_lost
from datafirst.errors import DisclosureRefused
from datafirst.spec import Role, Table, Treatment, Type, Variable


def variable(name: str, treatment: Treatment, type: Type = Type.STRING) -> Variable:
    return Variable(
        name=name, role=Role.INTERNAL_ID, type=type, description="A variable.",
        missing_up_to=1.0, identifies=name, release=treatment,
    )  # fmt: skip


ARREST = Table(
    id="court.arrest", title="Arrests", description="Arrests.", grain="One row per arrest.",
    key=("asn",), variables={
        v.name: v for v in (
            variable("asn", Treatment.PSEUDONYMISE),
            variable("value", Treatment.PSEUDONYMISE),
            variable("home", Treatment.OUTWARD_CODE),
            variable("day", Treatment.YEAR, Type.DATE),
        )
    },
)  # fmt: skip


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA court; CREATE SCHEMA pseudonyms")
    con.execute(
        "CREATE TABLE court.arrest AS SELECT * FROM (VALUES "
        "('a', 'x', 'M1 1AE', DATE '2020-01-02'), ('b', NULL, 'nowhere', NULL)) "
        "t(asn, value, home, day)"
    )
    for kind in ("asn", "value"):
        con.execute(
            f"CREATE TABLE pseudonyms.{kind} AS SELECT value, 'P' || value AS pseudonym "
            f"FROM (SELECT {kind} AS value FROM court.arrest) WHERE value IS NOT NULL"
        )
    return con


def released(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    columns = ", ".join(
        f'{CHANGES[v.release].expression(v)} AS "{v.name}"' for v in ARREST if v.release
    )
    path = folder / "arrest.parquet"
    con.execute(f"COPY (SELECT {columns} FROM court.arrest AS _derived) TO '{path}'")
    return path


def test_a_variable_may_be_named_like_its_kind_of_pseudonym(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Unqualified, `asn` is the table pseudonyms.asn, and `value` its column: nothing is found."""
    path = released(con, tmp_path)
    found = con.execute(f"SELECT asn, value, home, day FROM '{path}' ORDER BY 1").fetchall()
    assert found == [("Pa", "Px", "M1", 2020), ("Pb", None, None, None)]
    nothing_lost(con, {"arrest": ARREST}, {"arrest": [path]})


def test_a_pseudonym_that_was_not_made_is_found_out(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("DELETE FROM pseudonyms.asn WHERE value = 'b'")
    path = released(con, tmp_path)
    with pytest.raises(DisclosureRefused, match=r"asn: known in 2 rows as derived, 1 as rel"):
        nothing_lost(con, {"arrest": ARREST}, {"arrest": [path]})
