"""Ages

Ages in years at dated events, computed in one place only.
"""

import re
from datetime import date

import duckdb
import pytest

from datafirst.deidentify.ages import AGE_AT
from datafirst.spec import Specification


def age(con: duckdb.DuckDBPyConnection, born: date | None, event: date | None) -> int | None:
    con.execute(AGE_AT)
    row = con.execute("SELECT age_at(?::DATE, ?::DATE)", [born, event]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("day", [1, 15, 31])
def test_an_age_tells_the_month_of_birth_at_most(con: duckdb.DuckDBPyConnection, day: int) -> None:
    """Everybody is taken to be born on the first of their month.

    Exact ages at several dated events would give the date of birth back.
    """
    born = date(1980, 5, day)
    assert age(con, born, date(2000, 4, 30)) == 19
    assert age(con, born, date(2000, 5, 1)) == 20


def test_an_impossible_age_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    """An age below 0 or above 120 comes from a mistyped date and is left empty."""
    assert age(con, date(2001, 1, 1), date(2000, 1, 1)) is None
    assert age(con, date(1850, 1, 1), date(2000, 1, 1)) is None
    assert age(con, None, date(2000, 1, 1)) is None


@pytest.mark.parametrize("born", [date(1900, 1, 1), date(1970, 1, 1)])
def test_a_placeholder_gives_no_age(con: duckdb.DuckDBPyConnection, born: date) -> None:
    """Dates that systems write for an unknown date of birth give no age."""
    assert age(con, born, date(2015, 6, 1)) is None


def test_no_share_computes_an_age_of_its_own(spec: Specification) -> None:
    """No share computes an age in any other way, nor gives the days between birth and an event.

    A step may hand a date of birth to the queries of its share as it stands.
    """
    tables = [t for system in spec.systems.values() for t in system.tables.values()]
    births = "|".join({v.name for t in tables for v in t if v.links_as == "date_of_birth"})
    for share in spec.shares.values():
        for name, query in share.queries.items():
            bare = re.sub(rf"\bage_at\(\s*(\w+\.)?({births})\s*,(\s*({births})\))?", "", query)
            if name not in share.tables:
                bare = re.sub(rf"(?m)^\s*(\w+\.)?({births}),?$", "", bare)
            assert not re.search(rf"\b({births})\b", bare), f"{share.id}.{name}"
