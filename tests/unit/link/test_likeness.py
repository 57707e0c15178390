"""Are two values alike exactly where each way says so?"""

from typing import Any

import pytest
from duckdb import DuckDBPyConnection as Con

from datafirst.link.likeness import WAYS, likeness
from datafirst.spec import Alike

PAIRS = [
    ("jaro_winkler", "MARTHA", "MARHTA", True),
    ("jaro_winkler", "MARTHA", "MARGARET", False),
    ("soundex", "ROBERT", "RUPERT", True),
    ("soundex", "ROBERT", "RUBIN", False),
    ("shortened", "ALEX", "ALEXANDER", True),
    ("shortened", "ALEXANDER", "ALEX", True),
    ("shortened", "JO", "JOHN", False),
    ("shortened", "SANDER", "ALEXANDER", False),
    ("one_digit_apart", "1990-01-02", "1990-01-12", True),
    ("one_digit_apart", "1990-01-02", "1991-01-02", True),
    ("one_digit_apart", "1990-01-02", "1991-01-12", False),
    ("day_and_month_swapped", "1990-01-02", "1990-02-01", True),
    ("day_and_month_swapped", "1990-01-02", "1990-01-02", False),
    ("day_and_month_swapped", "1990-01-02", "1991-02-01", False),
]
NEEDS: dict[str, dict[str, Any]] = {
    "jaro_winkler": {"at_least": 0.9},
    "swapped_with": {"against": "surname"},
}


def alike(con: Con, by: str, left: tuple[str | None, ...], right: tuple[str | None, ...]) -> Any:
    """Whether two people with these values (field, and surname) are alike by a way."""
    field = "date_of_birth" if by in ("one_digit_apart", "day_and_month_swapped") else "forename1"
    kind = "DATE" if field == "date_of_birth" else "VARCHAR"
    person = f"(SELECT CAST(? AS {kind}) AS {field}, CAST(? AS VARCHAR) AS surname)"
    way = likeness(Alike(field=field, by=by, **NEEDS.get(by, {})))  # type: ignore[arg-type]
    return con.execute(f"SELECT {way} FROM {person} l, {person} r", [*left, *right]).fetchall()[0][
        0
    ]


@pytest.mark.parametrize(("by", "left", "right", "are"), PAIRS)
def test_values_are_alike_or_not(con: Con, by: str, left: str, right: str, are: bool) -> None:
    assert alike(con, by, (left, None), (right, None)) is are


def test_names_are_swapped_when_each_stands_in_the_others_place(con: Con) -> None:
    assert alike(con, "swapped_with", ("ALI", "KHAN"), ("KHAN", "ALI")) is True
    assert alike(con, "swapped_with", ("ALI", "KHAN"), ("KHAN", "AHMED")) is False
    assert alike(con, "swapped_with", ("ALI", "KHAN"), ("ALI", "KHAN")) is False


@pytest.mark.parametrize("by", WAYS)
def test_nothing_is_alike_to_a_missing_value(con: Con, by: str) -> None:
    value = "1990-01-01" if by in ("one_digit_apart", "day_and_month_swapped") else "ANNA"
    assert not alike(con, by, (None, "JONES"), (value, "JONES"))
    assert not alike(con, by, (value, "JONES"), (None, "JONES"))
