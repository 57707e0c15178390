"""A released table that is anything but what was declared is refused, without telling a value."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from datafirst.deidentify import release
from datafirst.disclose import Source, identifying, obeys, scan
from datafirst.errors import DisclosureRefused
from datafirst.spec import Role, Specification, Table, Treatment, load

CONFIG = Path(__file__).parents[2] / "hamlet" / "config"
WORD = "BCDFGHJKLMNPQRSTV"
"""A pseudonym but for its last letter."""
COLUMNS = {
    "person_id": f"'{WORD}' || chr(66 + (i * 2)::INTEGER)",  # B, D, F: all consonants
    "sex": "'F'",
    "born": "1990::BIGINT",
    "area": "'AB1'",
    "visits": "i::BIGINT",
}
Write = Callable[..., list[Path]]


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(CONFIG)


@pytest.fixture
def person(spec: Specification) -> Table:
    return release(spec, spec.shares["visits"].tables["person"])[0]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a released table of three rows, with some columns changed."""

    def written(**changes: str) -> list[Path]:
        columns = {**COLUMNS, **changes}
        chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items() if sql)
        path = tmp_path / "part-00000.parquet"
        with duckdb.connect() as con:
            con.execute(f"COPY (SELECT {chosen} FROM range(3) AS t(i)) TO '{path}'")
        return [path]

    return written


def check(person: Table, parts: list[Path]) -> None:
    with duckdb.connect() as con:
        obeys(con, {"person": person}, {"person": parts})


def test_a_table_as_declared_is_accepted(person: Table, write: Write) -> None:
    check(person, write())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"extra": "1"}, "columns of part 1 of 1"),
        ({"area": ""}, "columns of part 1 of 1"),
        ({"born": "1990::INTEGER"}, "columns of part 1 of 1"),
        ({"sex": "", "born": "", "area": "", "visits": ""}, "columns of part 1 of 1"),
        ({"person_id": "'SECRET'"}, "3 of 3 rows break pattern:person_id"),
        ({"person_id": "NULL::VARCHAR"}, "3 of 3 rows break required:person_id"),
        ({"person_id": f"'{WORD}B'"}, "2 of 3 rows break key"),
        ({"sex": "if(i = 1, 'SECRET', 'F')"}, "1 of 3 rows break codes:sex"),
        ({"area": "'SECRET'"}, "3 of 3 rows break pattern:area"),
        ({"visits": "i::BIGINT - 2"}, "2 of 3 rows break minimum:visits"),
    ],
)
def test_anything_else_is_refused(
    person: Table, write: Write, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(DisclosureRefused, match=says) as error:
        check(person, write(**changes))
    assert "SECRET" not in str(error.value)


def test_columns_in_another_order_are_refused(person: Table, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as con:
        turned = ", ".join(f"{sql} AS {name}" for name, sql in reversed(COLUMNS.items()))
        con.execute(f"COPY (SELECT {turned} FROM range(3) AS t(i)) TO '{path}'")
    with pytest.raises(DisclosureRefused, match="columns"):
        check(person, [path])


def test_more_missing_than_declared_is_refused(person: Table, write: Write) -> None:
    variables = [
        v.model_copy(update={"missing_up_to": 0.5}) if v.name == "area" else v for v in person
    ]
    with pytest.raises(DisclosureRefused, match="rows have no area"):
        check(person.replace(variables), write(area="NULL::VARCHAR"))


def test_a_table_without_files_or_a_file_without_table_is_refused(
    person: Table, write: Write
) -> None:
    with pytest.raises(DisclosureRefused, match="no file holds it"):
        check(person, [])
    with duckdb.connect() as con, pytest.raises(DisclosureRefused, match="not those"):
        obeys(con, {}, {"person": write()})


@pytest.mark.parametrize(
    ("name", "update", "says"),
    [
        ("sex", {"codes": None}, "sex: free text"),
        ("sex", {"role": Role.DIRECT_IDENTIFIER}, "sex: a direct_identifier never leaves"),
        ("visits", {"role": Role.TRUTH}, "visits: a truth never leaves"),
        ("visits", {"role": Role.INTERNAL_ID}, "visits: an internal_id leaves only as"),
        ("area", {"release": Treatment.KEEP}, "area: a variable for linkage leaves only reduced"),
        ("person_id", {"pattern": ".*"}, "person_id: a pseudonym is a string of the pattern"),
    ],
)
def test_a_variable_that_could_carry_an_identifier_is_refused(
    person: Table, write: Write, name: str, update: dict[str, object], says: str
) -> None:
    opened = person.replace(v.model_copy(update=update) if v.name == name else v for v in person)
    with pytest.raises(DisclosureRefused, match=says):
        check(opened, write())


class TestIdentifiersOfTheSource:
    @pytest.fixture
    def source(self, spec: Specification, tmp_path: Path) -> Source:
        path = tmp_path / "source.parquet"
        with duckdb.connect() as con:
            con.execute(
                "COPY (SELECT 'P00001' AS person_id, 'ANNA' AS forename, 'SMITH' AS surname, "
                "'15/03/1990' AS born, 'ab1 2cd ' AS postcode, 'F' AS sex, "
                f"0 AS _row UNION ALL SELECT '{WORD}B', 'BEN', 'LEE', NULL, NULL, 'F', 1"
                f") TO '{path}'"
            )
        return Source(spec.source_table("register.person"), [path])

    def scanned(self, spec: Specification, source: Source, person: Table, parts: list[Path]) -> int:
        with duckdb.connect() as con:
            return scan(con, spec, [source], {"person": person}, {"person": parts})

    @pytest.mark.parametrize(
        "cell",
        [
            "P00001",
            "SMITH",
            "Anna Smith",
            "SMITH, ANNA",
            "SMITHANNA",
            " AB1 2CD",
            "Ben Lee",
            "15/03/1990",
        ],
    )
    def test_are_found_in_a_column_with_a_pattern(
        self, spec: Specification, source: Source, person: Table, write: Write, cell: str
    ) -> None:
        with pytest.raises(
            DisclosureRefused, match=r"area: 1 of its values are identifiers in register\.person"
        ) as error:
            self.scanned(spec, source, person, write(person_id="'X'", area=f"'{cell}'"))
        assert cell.strip() not in str(error.value)

    @pytest.mark.parametrize("area", ["AB1", "LONGER"])
    def test_are_found_among_pseudonyms(
        self, spec: Specification, source: Source, person: Table, write: Write, area: str
    ) -> None:
        with pytest.raises(DisclosureRefused, match="person_id: 1 of its values"):
            self.scanned(spec, source, person, write(area=f"'{area}'"))

    def test_are_not_found_where_there_are_none(
        self, spec: Specification, source: Source, person: Table, write: Write
    ) -> None:
        parts = write(person_id=f"reverse('{WORD}' || i)")
        assert self.scanned(spec, source, person, parts) == 2  # person_id and area

    def test_too_short_to_identify_are_not_sought(
        self, spec: Specification, source: Source, person: Table, write: Write
    ) -> None:
        self.scanned(spec, source, person, write(person_id="'X'", area="'LEE'"))

    def test_are_the_columns_and_the_names_put_together(self, spec: Specification) -> None:
        sought = identifying(spec, spec.source_table("register.person"))
        assert 'CAST("postcode" AS VARCHAR)' in sought
        assert '"surname" || \', \' || "forename"' in sought
        assert 'CAST("born" AS VARCHAR)' in sought
        assert not any("sex" in each for each in sought)
