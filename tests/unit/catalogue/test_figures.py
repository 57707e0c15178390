"""The catalogue's numbers are those of the released rows."""

import duckdb
import pytest

from datafirst.catalogue.figures import measure, measure_join
from datafirst.spec import Join


@pytest.fixture
def con(court):
    with court.connect() as con:
        yield con


def test_rows_gaps_codes_and_years_are_counted(court, con):
    figures = measure(con, court.tables["defendant"], "defendant")
    assert figures.rows == 1200
    assert figures.missing == {"number": 0, "sex": 200, "heard": 24, "note": 400}
    assert figures.codes == {"sex": {"F": 200, "M": 799, "I": 1}}
    assert figures.dated_by == "heard"
    assert list(figures.years) == [2011, 2012, 2013, None]
    assert sum(year[""] for year in figures.years.values()) == 1200
    assert figures.years[None] == {"": 24, "number": 24, "sex": 24, "heard": 0, "note": 16}


def test_a_range_leaves_out_the_few_at_each_end(court):
    table = court.tables["offence"]
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE offence AS SELECT 'x' AS number, "
            "CASE WHEN i < 9 THEN -777 WHEN i > 990 THEN 999999 ELSE 5 END AS sequence, "
            "NULL::DOUBLE AS fine, true AS guilty FROM range(1000) AS t(i)"
        )
        assert measure(con, table, "offence").ranges == {"sequence": "5 to 5"}


def test_a_table_without_rows_has_figures(court, con):
    con.execute("DELETE FROM defendant")
    figures = measure(con, court.tables["defendant"], "defendant")
    assert (figures.rows, figures.ranges, figures.years) == (0, {}, {})


def test_a_table_without_dates_is_counted_as_one(court, con):
    figures = measure(con, court.tables["offence"], "offence")
    assert figures.dated_by is None
    assert list(figures.years) == [None]


def test_a_join_is_measured_both_ways(court, con):
    join = Join(on=("number",), table="court.defendant")
    con.execute("DELETE FROM defendant WHERE number IN (SELECT number FROM offence LIMIT 1)")
    there = measure_join(con, join, "offence", "defendant", one_row=False)
    assert (there.rows - there.matched, there.cardinality) == (2, "many to one")
    back = measure_join(con, join, "defendant", "offence", one_row=True)
    assert back.cardinality == "one to many"
