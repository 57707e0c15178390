"""A query may read what another of its share made, however they are named."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from datafirst.derive.reads import in_order
from datafirst.errors import SpecificationError
from datafirst.spec import Specification

Make = Callable[..., tuple[Any, ...]]
PERSON = (
    "SELECT person._row, person_id, sex, born, postcode AS area, count(visit_id) AS visits "
    "FROM person LEFT JOIN {visits} USING (person_id) GROUP BY ALL"
)
VISIT = (
    "SELECT visit._row, visit_id, person_id, place_id, region, visited, 5 AS age_at_visit "
    "FROM visit LEFT JOIN place USING (place_id)"
)


def ordered(con: duckdb.DuckDBPyConnection, spec: Specification, **queries: str) -> list[str]:
    share = spec.shares["visits"].model_copy(update={"queries": queries})
    return list(in_order(con, share))


@pytest.mark.parametrize("reading", ["visits.visit", 'visits."visit"', "VISITS.VISIT"])
def test_a_table_is_made_after_the_one_it_reads(
    made: Make, con: duckdb.DuckDBPyConnection, reading: str
) -> None:
    made({"person": PERSON.format(visits=f"{reading} AS visit")})
    counted = "SELECT sum(visits), (SELECT count(*) FROM visits.visit) FROM visits.person"
    assert con.execute(counted).fetchone() == (3, 3)


def test_the_order_follows_what_is_read(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    a = "WITH x AS (FROM visits.c) SELECT * FROM x WHERE EXISTS (FROM visits.b)"
    assert ordered(con, spec, a=a, b="FROM visits.c", c="FROM visit") == ["c", "b", "a"]


def test_a_table_named_in_a_remark_or_a_text_is_not_read(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    a = "SELECT 'visits.b' AS t -- not from visits.b\nFROM visit"
    assert ordered(con, spec, a=a, b="FROM visits.a") == ["a", "b"]


@pytest.mark.parametrize(
    ("queries", "says"),
    [
        (
            {"person": PERSON.format(visits="visits.visit"), "visit": f"{VISIT}, visits.person"},
            r"visits\.person reads visits\.visit|visits\.visit reads visits\.person",
        ),
        ({"visit": f"{VISIT}, visits.visit"}, r"visits\.visit reads visits\.visit"),
    ],
)
def test_a_circle_is_refused_by_name(made: Make, queries: dict[str, str], says: str) -> None:
    with pytest.raises(SpecificationError, match=says):
        made(queries)


def test_a_query_without_a_table_is_a_step(made: Make, con: duckdb.DuckDBPyConnection) -> None:
    step = "SELECT visit_id, person_id FROM visit"
    made({"person": PERSON.format(visits="visits.zeal"), "zeal": step})
    assert con.execute("SELECT sum(visits) FROM visits.person").fetchone() == (3,)


def test_a_step_that_cannot_be_asked_is_named(made: Make) -> None:
    with pytest.raises(SpecificationError, match=r"visits/zeal\.sql"):
        made({"zeal": "SELECT nothing FROM visit"})


def test_a_table_that_is_not_there_is_named(made: Make) -> None:
    with pytest.raises(SpecificationError, match=r"person\.sql: (?s:.*)nowhere"):
        made({"person": PERSON.format(visits="visits.nowhere")})
