"""Every record is of one group of each kind, told by the record itself."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from datafirst.quality.groups import GROUPS, NOT_KNOWN, groups
from datafirst.spec import Specification, load

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(CONFIG)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect(config={"threads": 1})
    yield made
    made.close()


NAMES = [
    ("ANYBODY", "SMITH", "British and Irish"),
    ("ANYBODY", "HEATHFIELD", "British and Irish"),
    ("ANYBODY", "PATEL", "South Asian"),
    ("ANYBODY", "HUSSAIN", "Arabic and Muslim"),
    ("ANYBODY", "OKONKWO", "Black African"),
    ("ANYBODY", "NGUYEN", "East Asian"),
    ("ANYBODY", "LEWANDOWSKI", "Eastern European"),
    ("ANYBODY", "FERREIRA", "Other European"),
    ("ANYBODY", "SMITH JONES", "double-barrelled"),
    ("ANYBODY", "PATEL SMITH", "double-barrelled"),
    ("ANYBODY", "AL HASSAN", "Arabic and Muslim"),
    ("ANYBODY", "VAN DER QUX", "not told by the name"),
    ("ANYBODY", "QUX", "not told by the name"),
    ("MOHAMMED", "QUX", "Arabic and Muslim"),
    ("PIOTR", "SMITH", "British and Irish"),
    # Two traditions list them: the forename tells, or else it is the majority's.
    ("KULDEEP", "GILL", "South Asian"),
    ("PETER", "GILL", "British and Irish"),
    ("FATIMA", "SHAH", "Arabic and Muslim"),
    ("PETER", "SHAH", "not told by the name"),
    ("KWOK", "LEE", "East Asian"),
]
READ = [
    ("'F' AS sex", "sex", "female"),
    ("'A4' AS ethnicity", "ethnicity", "Asian"),
    ("'B1' AS ethnicity", "ethnicity", "Black"),
    ("'SW' AS postcode_area", "area", "London"),
    ("'CF' AS postcode_area", "area", "Wales"),
    ("'EH' AS postcode_area", "area", "elsewhere"),
    ("DATE '2014-12-31' AS recorded_on", "year", "2010 to 2014"),
    ("DATE '2015-01-01' AS recorded_on", "year", "2015 to 2019"),
    ("DATE '1953-01-01' AS recorded_on", "year", "before 2000"),
    ("DATE '2000-06-30' AS date_of_birth, DATE '2018-06-01' AS recorded_on", "age", "18 to 24"),
    ("DATE '2000-06-01' AS date_of_birth, DATE '2018-05-31' AS recorded_on", "age", "under 18"),
    ("DATE '1950-06-01' AS date_of_birth, DATE '2018-05-31' AS recorded_on", "age",
     "60 and over"),
    # Before birth, or with no day of record: nobody's age.
    ("DATE '2020-06-01' AS date_of_birth, DATE '2018-05-31' AS recorded_on", "age", NOT_KNOWN),
    ("DATE '1980-06-01' AS date_of_birth", "age", NOT_KNOWN),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(spec: Specification) -> dict[str, dict[str, str]]:
    """The groups of a record with these columns, asked of all at once."""
    asked = [f"'{first}' AS forename1, '{last}' AS surname" for first, last, _ in NAMES]
    asked += [columns for columns, _, _ in READ]
    with duckdb.connect(config={"threads": 1}) as con:
        each = " UNION ALL BY NAME ".join(
            f"SELECT 'd' AS dataset, {i}::BIGINT AS _row, 0 AS variant, {columns}"
            for i, columns in enumerate(asked)
        )
        con.execute(f"CREATE TABLE r AS {each}")
        groups(con, spec, {"d": "r"})
        rows = con.execute("FROM grouped ORDER BY _row").fetchall()
    told = [dict(zip(GROUPS, row[2:], strict=True)) for row in rows]
    return dict(zip(asked, told, strict=True))


@pytest.mark.parametrize(("forename", "surname", "tradition"), NAMES)
def test_a_name_tells_its_tradition(
    found: dict[str, dict[str, str]], forename: str, surname: str, tradition: str
) -> None:
    read = f"'{forename}' AS forename1, '{surname}' AS surname"
    assert found[read]["naming"] == tradition


@pytest.mark.parametrize(("columns", "group", "is_of"), READ)
def test_groups_are_broad(
    found: dict[str, dict[str, str]], columns: str, group: str, is_of: str
) -> None:
    assert found[columns][group] == is_of


def test_what_records_lack_is_not_known(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    con.execute("CREATE TABLE r AS SELECT 'd' AS dataset, 7::BIGINT AS _row, 0 AS variant")
    groups(con, spec, {"d": "r"})
    assert con.execute("FROM grouped").fetchall() == [("d", 7, *[NOT_KNOWN] * len(GROUPS))]


def test_a_person_written_in_several_ways_is_of_one_group(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    con.execute(
        "CREATE TABLE r AS SELECT 'd' AS dataset, 0::BIGINT AS _row, unnest([0, 1]) AS variant, "
        "unnest(['PATEL', 'SMITH']) AS surname"
    )
    con.execute("CREATE TABLE other AS SELECT * REPLACE ('c' AS dataset) FROM r")
    groups(con, spec, {"d": "r", "c": "other"})
    rows = con.execute("SELECT dataset, _row, naming FROM grouped").fetchall()
    assert rows == [("c", 0, "South Asian"), ("d", 0, "South Asian")]


def test_where_nobody_is_linked_nobody_is_grouped(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    groups(con, spec, {})
    assert con.execute("SELECT count(*) FROM grouped").fetchall() == [(0,)]


def test_lists_are_written_as_linkage_standardises_names(spec: Specification) -> None:
    """Each tradition has names that no other has, and no name stands in it twice."""
    for tradition in spec.linkage.naming.values():
        others = {
            name
            for other in spec.linkage.naming.values()
            if other is not tradition
            for name in other.surnames
        }
        assert len(set(tradition.surnames) - others) > 30
        for names in (tradition.surnames, tradition.forenames):
            assert len(set(names)) == len(names)
