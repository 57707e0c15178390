"""An age tells the month of birth at most."""

from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datafirst.deidentify.ages import AGE_AT, PLACEHOLDERS

UNKNOWN = [date.fromisoformat(placeholder) for placeholder in PLACEHOLDERS]
BIRTHS = st.dates(date(1900, 1, 1), date(2021, 12, 31)).filter(lambda born: born not in UNKNOWN)
EVENTS = st.dates(date(1900, 1, 1), date(2021, 12, 31))


Age = Callable[[date | None, date | None], int | None]


@pytest.fixture(scope="module")
def age() -> Iterator[Age]:
    with duckdb.connect() as con:
        con.execute(AGE_AT)
        query = "SELECT age_at(CAST(? AS DATE), CAST(? AS DATE))"
        yield lambda born, event: (con.execute(query, [born, event]).fetchone() or (None,))[0]


@pytest.mark.parametrize(
    ("born", "event", "years"),
    [
        (date(1990, 3, 15), date(2020, 3, 14), 30),  # a day before the birthday
        (date(1990, 3, 15), date(2020, 2, 29), 29),
        (date(1990, 3, 31), date(2020, 4, 1), 30),
        (date(2000, 2, 29), date(2021, 2, 1), 21),
        (date(2020, 1, 31), date(2020, 1, 1), 0),
        (date(2020, 2, 1), date(2020, 1, 31), None),  # not yet born
        (date(1900, 2, 1), date(2020, 12, 31), 120),
        (date(1900, 2, 1), date(2021, 2, 1), None),  # nobody's age
        (date(1900, 1, 1), date(2000, 1, 1), None),  # placeholders
        (date(1970, 1, 1), date(2000, 1, 1), None),
        (None, date(2020, 1, 1), None),
        (date(2020, 1, 1), None, None),
    ],
)
def test_completed_years_from_the_month_of_birth(
    age: Age, born: date | None, event: date | None, years: int | None
) -> None:
    assert age(born, event) == years


@given(BIRTHS, st.integers(2, 28), EVENTS)
def test_everybody_born_in_a_month_has_the_same_age_at_every_event(
    age: Age, born: date, day: int, event: date
) -> None:
    assert age(born, event) == age(born.replace(day=day), event)


@given(BIRTHS, st.integers(1, 28), EVENTS)
def test_the_day_of_the_event_makes_no_difference_either(
    age: Age, born: date, day: int, event: date
) -> None:
    assert age(born, event) == age(born, event.replace(day=day))


@given(BIRTHS, EVENTS)
def test_it_is_at_most_a_year_more_than_the_exact_age(age: Age, born: date, event: date) -> None:
    exact = event.year - born.year - ((event.month, event.day) < (born.month, born.day))
    found = age(born, event)
    assert found in ((exact, exact + 1) if 0 <= exact < 120 else (exact, exact + 1, None))
    if found is not None:
        assert 0 <= found <= 120
