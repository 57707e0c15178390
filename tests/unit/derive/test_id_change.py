"""Researchers are told of every id of the release before, by what joins to the linking table."""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.deidentify import kinds
from datafirst.derive.proofs import prove
from datafirst.derive.tables import make
from datafirst.errors import ValidationFailed
from datafirst.link.lasting import CHANGES, ID_CHANGES, lasting
from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

TABLE = '"linking"."id_change"'


@pytest.fixture(scope="module")
def real() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two releases of two courts' records: of o, who is new, none is released."""
    with duckdb.connect() as con:
        for table, persons in (("was", "abbccde"), ("people", "xxxyyz no")):
            rows = ", ".join(
                f"('{court}', '{place}', '{person}')"
                for place, person in enumerate(persons)
                for court in ("crown", "magistrates")
                if person != " "
            )
            con.execute(
                f"CREATE TABLE {table} AS SELECT dataset, record_id, 0 AS _row, person AS "
                "person_strict, person AS person_standard, person AS person_loose, "
                f"dataset || person AS dataset_person FROM (VALUES {rows}) "
                "t(dataset, record_id, person)"
            )
        lasting(con, "was", "v1")
        lasting(con, "people", "v2", "was")
        con.execute("CREATE VIEW linked AS FROM people WHERE record_id <> '8'")
        yield con


def test_every_id_before_has_one_row_that_is_not_split(
    con: duckdb.DuckDBPyConnection, real: Specification
) -> None:
    share = real.shares["linking"]
    make(con, share, share.tables["id_change"])
    prove(con, [share.tables["id_change"]])
    for level, column in (("strict", "person_strict"), ("dataset", "dataset_person")):
        before = f"{'dataset_' if level == 'dataset' else ''}person_id_before"
        told = con.execute(
            f"SELECT {before} FROM {TABLE} WHERE level = '{level}' "
            "AND change NOT IN ('split', 'new') ORDER BY 1"
        ).fetchall()
        ids = con.execute(f"SELECT DISTINCT {column} FROM was ORDER BY 1").fetchall()
        assert told == ids


def test_a_new_person_is_told_of_only_where_a_row_of_his_is_released(
    con: duckdb.DuckDBPyConnection, real: Specification
) -> None:
    share = real.shares["linking"]
    make(con, share, share.tables["id_change"])
    new = con.execute(
        f"SELECT level, coalesce(person_id_now, dataset_person_id_now) FROM {TABLE} "
        "WHERE change = 'new' ORDER BY ALL"
    ).fetchall()
    assert new == [
        ("dataset", "v2/crown/7"), ("dataset", "v2/magistrates/7"), ("loose", "v2/crown/7"),
        ("standard", "v2/crown/7"), ("strict", "v2/crown/7"),
    ]  # fmt: skip


def test_ids_of_a_dataset_stand_apart_from_those_across_datasets(
    con: duckdb.DuckDBPyConnection, real: Specification
) -> None:
    """They are pseudonyms of another kind, each as in the table that it joins to."""
    share = real.shares["linking"]
    make(con, share, share.tables["id_change"])
    of = {column: kind for kind, columns in kinds(real, share).items() for _, column in columns}
    assert of["person_id_before"] == of["person_id_now"] == of["estimated_person_id_strict"]
    assert (
        of["dataset_person_id_before"] == of["dataset_person_id_now"]
        == of["estimated_dataset_person_id"]
    )  # fmt: skip
    apart = con.execute(
        f"SELECT level = 'dataset', count(person_id_now) > 0, count(dataset_person_id_now) > 0, "
        f"count(source_dataset) = count(*) FROM {TABLE} GROUP BY ALL ORDER BY ALL"
    )
    assert apart.fetchall() == [(False, True, False, False), (True, False, True, True)]


@pytest.mark.parametrize(
    "wrong",
    [
        "now = before WHERE change = 'merged'",
        "now = 'v2/crown/9' WHERE change = 'retained'",
        "before = NULL WHERE change = 'merged'",
        "now = NULL WHERE change = 'merged'",
        "dataset = NULL WHERE change = 'retained'",
    ],
)
def test_a_row_that_says_what_is_not_so_is_found(
    con: duckdb.DuckDBPyConnection, real: Specification, wrong: str
) -> None:
    con.execute(f"UPDATE id_changes SET {wrong}")
    share = real.shares["linking"]
    make(con, share, share.tables["id_change"])
    with pytest.raises(ValidationFailed, match="break the rule"):
        prove(con, [share.tables["id_change"]])


def test_codes_are_those_of_the_table_of_changes(real: Specification) -> None:
    variables = real.shares["linking"].tables["id_change"].variables
    assert set(variables["change"].codes or {}) == set(CHANGES)
    assert set(variables["level"].codes or {}) == {"strict", "standard", "loose", "dataset"}
    assert {"before", "now", "change", "level", "dataset"} <= set(ID_CHANGES)
    named = (variables["level"].codes or {}).values()
    assert set(named) <= set(real.shares["linking"].tables["xjs_link"].variables)


def test_only_a_release_that_continues_another_has_the_table(real: Specification) -> None:
    having = {
        version
        for version, release in real.releases.items()
        if "linking" in release.shares
        and "id_change" in release.tables.get("linking", ("id_change",))
    }
    assert having == {v for v, r in real.releases.items() if r.previous and "linking" in r.shares}
