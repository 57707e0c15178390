"""How old was somebody at an event? As far as the month of birth tells."""

from functools import reduce

AGE_LIMIT = 120
"""An age above it, or below nought, is a mistyped date: it says nothing and singles people out."""

PLACEHOLDERS = ("1900-01-01", "1970-01-01")
"""Dates that systems write where a date of birth is unknown (the Ministry of Justice's own list).
An age made from one would be wrong without looking wrong."""


def without_placeholders(day: str) -> str:
    """The SQL expression of a date (an SQL expression itself), missing where a placeholder."""
    return reduce(lambda x, none: f"nullif({x}, DATE '{none}')", PLACEHOLDERS, day)


BORN = without_placeholders("date_of_birth")
YEARS = f"""
(year(event_date) - year({BORN})
 - CASE WHEN month(event_date) < month(date_of_birth) THEN 1 ELSE 0 END)
"""

AGE_AT = f"""
CREATE OR REPLACE MACRO age_at(date_of_birth, event_date) AS
CASE WHEN {YEARS} BETWEEN 0 AND {AGE_LIMIT} THEN {YEARS} END
"""
"""The only way to compute an age. It counts as if everybody were born on the first of a month.

Ages from full dates of birth at a few dated events give the date of birth back: they change on
the birthday. These change on the first of the month, so they give the month and no more.
"""
