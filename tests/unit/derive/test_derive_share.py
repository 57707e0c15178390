"""A share is just what is declared, of just the rows that were kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.derive import Entry, Inputs, Landed, derive, rendered
from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Join, Rule, Specification

Make = Callable[..., tuple[Entry, ...]]
VISIT = (
    "SELECT visit._row, visit_id, person_id, place_id, region, visited, 5 AS age_at_visit "
    "FROM visit LEFT JOIN place USING (place_id)"
)


def test_the_tables_hold_the_kept_rows_and_typed_values(
    made: Make, con: duckdb.DuckDBPyConnection
) -> None:
    made()
    visits = con.execute(
        "SELECT visit_id, region, age_at_visit FROM visits.visit ORDER BY visit_id"
    ).fetchall()
    assert visits == [(100001, "N", 30), (100003, "N", 21), (100007, None, 34)]
    people = con.execute("SELECT person_id, year(born) FROM visits.person ORDER BY 1").fetchall()
    assert people == [("P00001", 1990), ("P00002", 2000), ("P00005", 1985)]


def test_every_source_row_has_one_outcome(made: Make) -> None:
    told = {(e.table, e.outcome, e.reason): e.rows for e in made()}
    assert told == {
        ("register.person", "snapshot", ""): 5,
        ("register.person", "quarantined", "codes:sex"): 1,
        ("register.person", "excluded", "trial"): 1,
        ("register.person", "delivered", "person"): 3,
        ("register.visit", "snapshot", ""): 8,
        ("register.visit", "quarantined", "minimum:visited"): 1,
        ("register.visit", "excluded", "obsolete"): 1,
        ("register.visit", "excluded", "outside_coverage"): 1,
        ("register.visit", "excluded", "person_left_out"): 2,
        ("register.visit", "delivered", "visit"): 3,
        ("register.place", "snapshot", ""): 3,
        ("register.place", "not_referenced", ""): 2,
        ("register.place", "delivered", "with the rows that point to them"): 1,
    }


def test_the_ledger_is_a_table_for_people(made: Make) -> None:
    lines = rendered(made()).splitlines()
    assert lines[0] == "share,table,outcome,reason,rows"
    assert "visits,register.visit,excluded,obsolete,1" in lines


def test_the_first_exclusion_that_holds_is_the_reason(made: Make, spec: Specification) -> None:
    known = spec.shares["visits"].exclusions
    obsolete = next(e for e in known if e.reason == "obsolete")
    later = obsolete.model_copy(update={"reason": "later"})
    told = made(exclusions=(*known, later))
    reasons = {e.reason: e.rows for e in told if e.table == "register.visit"}
    assert reasons["obsolete"] == 1
    assert "later" not in reasons


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"{VISIT} WHERE visit_id <> 100001", "loses 1 kept rows of register.visit, repeats 0"),
        (f"{VISIT} UNION ALL ({VISIT} LIMIT 1)", "loses 0 kept rows of register.visit, repeats 1"),
        (VISIT.replace("visit._row", "visit._row + 90 AS _row"), "gives 3 that were not kept"),
    ],
)
def test_a_query_that_loses_or_repeats_rows_is_refused(made: Make, query: str, says: str) -> None:
    with pytest.raises(ValidationFailed, match=says):
        made({"visit": query})


def test_a_row_that_never_arrived_is_missed(
    spec: Specification, con: duckdb.DuckDBPyConnection, landed: dict[str, Landed]
) -> None:
    table = landed["register.visit"]
    landed["register.visit"] = replace(table, rows=table.rows + 1)
    with pytest.raises(ValidationFailed, match="has 9 rows, the ledger accounts for 8"):
        derive(con, spec, spec.releases["2022-02"], spec.shares["visits"], Inputs(landed))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (VISIT.replace("region, ", ""), "declares region, which the query does not yield"),
        (VISIT.replace("region", "region, 1 AS more"), "yields more, which visits.visit does not"),
        (VISIT.replace("visit._row, ", ""), "must yield _row"),
        (VISIT.replace("5 AS", "'5' AS"), "age_at_visit is declared integer, the query yields VAR"),
        (VISIT.replace("visited", "visitd AS visited"), "visitd"),
        ("SELEC 1", "syntax error"),
    ],
)
def test_a_query_that_yields_other_than_declared_is_refused(
    made: Make, query: str, says: str
) -> None:
    with pytest.raises(SpecificationError, match=says) as error:
        made({"visit": query})
    assert "visit.sql" in str(error.value)


def test_a_value_that_does_not_fit_is_not_told(made: Make) -> None:
    query = VISIT.replace("5 AS", "CAST(person_id AS BIGINT) AS")
    with pytest.raises(SpecificationError, match="ConversionException") as error:
        made({"visit": query})
    assert "P0000" not in str(error.value)


def test_a_repeated_or_empty_key_is_refused(made: Make, spec: Specification) -> None:
    tables = spec.shares["visits"].tables
    by_person = tables["visit"].model_copy(update={"key": ("region",)})
    with pytest.raises(ValidationFailed) as error:
        made(tables={**tables, "visit": by_person})
    assert "the key (region) is empty in 1 rows" in str(error.value)
    assert "1 values of the key (region) stand in more than one row" in str(error.value)


def test_a_join_that_does_not_meet_is_refused(made: Make, spec: Specification) -> None:
    tables = spec.shares["visits"].tables
    join = Join(on=("visit_id",), table="visits.person", to=("visits",))
    astray = tables["visit"].model_copy(update={"joins": (join,)})
    with pytest.raises(ValidationFailed, match=r"3 of 3 rows find no row in visits\.person"):
        made(tables={**tables, "visit": astray})


def test_a_join_is_tolerated_as_far_as_it_says(made: Make, spec: Specification) -> None:
    tables = spec.shares["visits"].tables
    join = Join(on=("visit_id",), table="visits.person", to=("visits",), unmatched_up_to=1.0)
    made(tables={**tables, "visit": tables["visit"].model_copy(update={"joins": (join,)})})


def test_a_rule_of_the_share_is_enforced(made: Make, spec: Specification) -> None:
    tables = spec.shares["visits"].tables
    rule = Rule(says="Nobody visits the north.", holds="region <> 'N'")
    ruled = tables["visit"].model_copy(update={"rules": (rule,)})
    with pytest.raises(ValidationFailed, match=r"2 of 3 rows break the rule 'Nobody visits"):
        made(tables={**tables, "visit": ruled})


def test_an_exclusion_that_cannot_be_asked_is_named(made: Make, spec: Specification) -> None:
    first, *rest = spec.shares["visits"].exclusions
    with pytest.raises(SpecificationError, match=r"accounts of register\.person"):
        made(exclusions=(first.model_copy(update={"where": "row.nothing = 1"}), *rest))


def test_a_share_without_coverage_is_refused(
    spec: Specification, con: duckdb.DuckDBPyConnection, landed: dict[str, Landed]
) -> None:
    release = spec.releases["2022-02"].model_copy(update={"coverage": {}})
    with pytest.raises(SpecificationError, match=r"coverage\.visits"):
        derive(con, spec, release, spec.shares["visits"], Inputs(landed))


NOBODY = """
SELECT 1 AS visit_id, 'P1' AS person_id, 'visits' AS dataset, NULL::VARCHAR AS linked_person
WHERE false
"""


class TestAShareThatFollowsAnother:
    @pytest.fixture
    def inputs(self, spec: Specification, landed: dict[str, Landed], tmp_path: Path) -> Inputs:
        people, visits = tmp_path / "people.parquet", tmp_path / "visits.parquet"
        with duckdb.connect() as con:
            con.execute(
                "COPY (SELECT 'visits' AS dataset, '100001' AS record_id, 0::BIGINT AS _row, "
                "'a' AS person_strict, 'b' AS person_standard, 'c' AS person_loose, 'd' AS "
                f"dataset_person, NULL AS flag, NULL AS band) TO '{people}'"
            )
            derive(con, spec, spec.releases["2022-02"], spec.shares["visits"], Inputs(landed))
            con.execute(f"COPY visits.visit TO '{visits}'")
        return Inputs(landed, [people], [], {"visits.visit": [visits]})

    def derive(self, spec: Specification, inputs: Inputs, query: str | None = None) -> list[Any]:
        share = spec.shares["pairs"]
        if query:
            share = share.model_copy(update={"queries": {"pair": query}})
        with duckdb.connect() as con:
            assert derive(con, spec, spec.releases["2022-02"], share, inputs) == ()
            query = "SELECT visit_id, linked_person FROM pairs.pair ORDER BY visit_id"
            return list(con.execute(query).fetchall())

    def test_it_reads_their_kept_rows_and_who_is_who(
        self, spec: Specification, inputs: Inputs
    ) -> None:
        assert self.derive(spec, inputs) == [(100001, "b"), (100003, None), (100007, None)]

    def test_it_runs_without_linkage(self, spec: Specification, inputs: Inputs) -> None:
        without = replace(inputs, people=[])
        assert self.derive(spec, without) == [(100001, None), (100003, None), (100007, None)]

    def test_what_is_not_in_the_release_is_there_without_rows(
        self, spec: Specification, inputs: Inputs
    ) -> None:
        assert self.derive(spec, replace(inputs, followed={})) == []

    def test_its_joins_lead_into_their_tables(self, spec: Specification, inputs: Inputs) -> None:
        query = (
            spec.shares["pairs"]
            .queries["pair"]
            .replace("visit_id,", "visit_id + 1 AS visit_id,", 1)
        )
        with pytest.raises(ValidationFailed, match=r"find no row in visits\.visit by visit_id"):
            self.derive(spec, inputs, query)

    def test_its_joins_need_what_it_follows(self, spec: Specification, inputs: Inputs) -> None:
        share = spec.shares["pairs"].model_copy(update={"follows": (), "queries": {"pair": NOBODY}})
        with duckdb.connect() as con, pytest.raises(SpecificationError, match="cannot be proved"):
            derive(con, spec, spec.releases["2022-02"], share, Inputs({}))
