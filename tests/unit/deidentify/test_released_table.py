"""What leaves is decided by the specification: its columns, its rules, its joins."""

from pathlib import Path

import duckdb
import pytest

from datafirst.deidentify import PATTERN, kinds, ledger, release
from datafirst.errors import SpecificationError
from datafirst.spec import Rule, Specification, Table, Treatment, Type, load

CONFIG = Path(__file__).parents[2] / "hamlet" / "config"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(CONFIG)


@pytest.fixture
def person(spec: Specification) -> Table:
    return spec.shares["visits"].tables["person"]


def with_release(table: Table, name: str, treatment: Treatment) -> Table:
    return table.replace(
        v.model_copy(update={"release": treatment}) if v.name == name else v for v in table
    )


def test_the_query_gives_the_released_columns_in_their_order(
    spec: Specification, person: Table
) -> None:
    released, query = release(spec, person)
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA visits; CREATE SCHEMA pseudonyms")
        con.execute(
            "CREATE TABLE visits.person AS SELECT 'P00001' AS person_id, 'F' AS sex, "
            "DATE '1990-05-17' AS born, 'AB1 2CD' AS area, 3::BIGINT AS visits "
            "UNION ALL SELECT NULL, NULL, NULL, NULL, NULL"
        )
        con.execute("CREATE TABLE pseudonyms.person AS SELECT 'P00001' AS value, 'B' AS pseudonym")
        rows = con.execute(f"{query} ORDER BY visits").fetchall()
        columns = [c[0] for c in con.execute(query).description]
    assert columns == list(released.variables) == ["person_id", "sex", "born", "area", "visits"]
    assert rows == [("B", "F", 1990, "AB1", 3), (None, None, None, None, None)]


def test_the_released_table_says_what_became_of_it(spec: Specification, person: Table) -> None:
    released, _ = release(spec, person)
    assert released.variables["person_id"].pattern == PATTERN
    assert released.variables["born"].type is Type.INTEGER
    assert released.variables["born"].description.endswith("Reduced to the year.")
    assert released.id == person.id


def test_what_is_dropped_is_in_neither(spec: Specification, person: Table) -> None:
    released, query = release(spec, with_release(person, "born", Treatment.DROP))
    assert "born" not in released.variables
    assert "born" not in query


def test_a_key_that_does_not_leave_is_refused(spec: Specification, person: Table) -> None:
    with pytest.raises(SpecificationError, match="the key has person_id, which is dropped"):
        release(spec, with_release(person, "person_id", Treatment.DROP))


def test_a_treatment_that_does_not_suit_is_refused(spec: Specification, person: Table) -> None:
    with pytest.raises(SpecificationError, match="sex: a string cannot be released as year"):
        release(spec, with_release(person, "sex", Treatment.YEAR))


@pytest.mark.parametrize(
    ("holds", "stays"),
    [
        ("visits >= 0", True),
        ("sex = 'F' OR visits IS NULL", True),
        ("person_id IS NOT NULL", True),
        ("born > DATE '1900-01-01'", False),
        ("person_id <> 'P00001'", False),
        ("area IS NULL", False),
    ],
)
def test_only_rules_that_still_hold_are_told(
    spec: Specification, person: Table, holds: str, stays: bool
) -> None:
    ruled = person.model_copy(update={"rules": (Rule(says="A rule.", holds=holds),)})
    assert bool(release(spec, ruled)[0].rules) is stays


def test_only_joins_whose_both_sides_leave_are_told(spec: Specification) -> None:
    visit = spec.shares["visits"].tables["visit"]
    assert release(spec, visit)[0].joins == visit.joins
    keyless = visit.model_copy(update={"key": ("visited",)})
    dropped = with_release(keyless, "person_id", Treatment.DROP)
    assert release(spec, dropped)[0].joins == ()


def test_one_kind_of_thing_gets_one_pseudonym_wherever_it_stands(spec: Specification) -> None:
    assert kinds(spec, spec.shares["visits"]) == {
        "person": [('"visits"."person"', "person_id"), ('"visits"."visit"', "person_id")],
        "place": [('"visits"."visit"', "place_id")],
        "visit": [('"visits"."visit"', "visit_id")],
    }


def test_the_ledger_has_a_line_for_each_variable(spec: Specification) -> None:
    lines = [line.split() for line in ledger(spec, spec.shares["visits"]).splitlines()]
    assert ["person_id", "internal_id", "pseudonymise", "as", "person"] in lines
    assert ["born", "linkage", "year"] in lines
    assert ["sex", "research", "keep"] in lines
