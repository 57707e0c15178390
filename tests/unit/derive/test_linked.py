"""Does the linking table hold every released record of every dataset, and its person?"""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.derive import Inputs, derive
from datafirst.errors import ValidationFailed
from datafirst.spec import Dataset, Role, Share, Specification, Type, Variable

XJS = "SELECT record_id, dataset, person_standard AS person FROM linked"


def variable(name: str, missing: float = 0.0) -> Variable:
    return Variable(
        name=name, role=Role.INTERNAL_ID, type=Type.STRING, description="A name.",
        missing_up_to=missing, identifies="record",
    )  # fmt: skip


@pytest.fixture
def two(spec: Specification) -> Specification:
    """Two datasets, whose records are released in the two tables of the share of visits."""
    datasets = {
        name: Dataset(
            id=name, title=name, system="register", table=name, released_in=f"visits.{name}"
        )
        for name in ("person", "visit")
    }
    visits = spec.shares["visits"]
    tables = {
        name: t.replace([*t, variable("record_id")]) if "record_id" not in t.variables else t
        for name, t in visits.tables.items()
    }
    pair = spec.shares["pairs"].tables["pair"]
    columns = [variable("record_id"), variable("dataset"), variable("person", 1.0)]
    link = pair.replace(columns, key=("record_id",), joins=())
    shares = {
        **spec.shares,
        "visits": visits.model_copy(update={"tables": tables}),
        "pairs": spec.shares["pairs"].model_copy(update={"tables": {"pair": link}}),
    }
    linkage = spec.linkage.model_copy(update={"datasets": datasets})
    return spec.model_copy(update={"shares": shares, "linkage": linkage})


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Three visits and two people as derived, of whom the second visitor is the second person."""
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT dataset, record_id, _row::BIGINT AS _row, 'x' AS person_strict, person "
            "AS person_standard, 'z' AS person_loose, 'd' AS dataset_person, NULL AS flag, "
            "NULL AS band FROM "
            "(VALUES ('visit', 'a', 5, 'p'), ('person', 'b', 6, 'p'), ('person', 'c', 5, 'q')) "
            f"t(dataset, record_id, _row, person)) TO '{tmp_path}/people.parquet'"
        )
        for table, rows in (
            ("visit", "('v1', 5), ('v2', 9), ('v3', NULL)"),
            ("person", "('p1', 6)"),
        ):
            con.execute(
                "COPY (SELECT record_id, _record::BIGINT AS _record FROM (VALUES "
                f"{rows}) t(record_id, _record)) TO '{tmp_path}/{table}.parquet'"
            )
    followed = {f"visits.{t}": [tmp_path / f"{t}.parquet"] for t in ("visit", "person")}
    return Inputs({}, [tmp_path / "people.parquet"], [], followed)


def linked(spec: Specification, inputs: Inputs, query: str = XJS) -> list[Any]:
    share: Share = spec.shares["pairs"].model_copy(update={"queries": {"pair": query}})
    with duckdb.connect() as con:
        derive(con, spec, spec.releases["2022-02"], share, inputs)
        return con.execute("FROM pairs.pair ORDER BY record_id").fetchall()


def test_each_record_of_each_dataset_is_there_with_its_person(
    two: Specification, inputs: Inputs
) -> None:
    assert linked(two, inputs) == [
        ("p1", "person", "p"), ("v1", "visit", "p"), ("v2", "visit", None), ("v3", "visit", None),
    ]  # fmt: skip


def test_a_dataset_that_is_not_in_the_release_is_not_missed(
    two: Specification, inputs: Inputs
) -> None:
    only = Inputs({}, inputs.people, [], {"visits.person": inputs.followed["visits.person"]})
    assert linked(two, only) == [("p1", "person", "p")]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"{XJS} WHERE dataset = 'visit'", "loses 1 released records"),
        (f"{XJS} UNION ALL SELECT 'other', '', ''", "gives 1 that are not released"),
    ],
)
def test_a_record_lost_or_invented_is_refused(
    two: Specification, inputs: Inputs, query: str, says: str
) -> None:
    with pytest.raises(ValidationFailed, match=says):
        linked(two, inputs, query)


def test_records_that_are_none_of_those_linked_are_refused(
    two: Specification, inputs: Inputs, tmp_path: Path
) -> None:
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT 'p1' AS record_id, 77::BIGINT AS _record) "
            f"TO '{tmp_path}/another.parquet'"
        )
    wrong = {**inputs.followed, "visits.person": [tmp_path / "another.parquet"]}
    with pytest.raises(ValidationFailed, match="person: none of its 1 released records"):
        linked(two, Inputs({}, inputs.people, [], wrong))
