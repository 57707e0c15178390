"""Each treatment does what its sentence says, and what is declared afterwards is true."""

import re
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.deidentify import CHANGES
from datafirst.deidentify.treatments import DERIVED, OUTWARD_CODE
from datafirst.spec import Role, Treatment, Type, Variable


def variable(type: Type = Type.DATE, **more: Any) -> Variable:
    return Variable(name="v", role=Role.RESEARCH, type=type, description="A variable.", **more)


def done(treatment: Treatment, type: str, values: list[Any]) -> list[Any]:
    sql = CHANGES[treatment].expression(variable())
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE t AS SELECT unnest($values::{type}[]) AS v, "
            "generate_subscripts($values, 1) AS n",
            {"values": values},
        )
        return [
            row[0] for row in con.execute(f"SELECT {sql} FROM t AS {DERIVED} ORDER BY n").fetchall()
        ]


def test_every_treatment_but_drop_is_described() -> None:
    assert set(CHANGES) == set(Treatment) - {Treatment.DROP}
    for change in CHANGES.values():
        assert change.sentence[0].isupper() and change.sentence.endswith(".")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.none() | st.dates(), min_size=1))
def test_dates_are_reduced(days: list[date | None]) -> None:
    assert done(Treatment.YEAR, "DATE", days) == [d and d.year for d in days]
    assert done(Treatment.YEAR_MONTH, "DATE", days) == [d and d.replace(day=1) for d in days]
    assert done(Treatment.KEEP, "DATE", days) == days


@pytest.mark.parametrize(
    ("postcode", "outward"),
    [
        ("SW1A 1AA", "SW1A"),
        ("m11ae", "M1"),
        (" EC1A1BB ", "EC1A"),
        ("B33 8TH", "B33"),
        ("B33", None),
        ("NFA", None),
        ("12 HIGH STREET", None),
        ("", None),
        (None, None),
    ],
)
def test_only_whole_postcodes_are_reduced(postcode: str | None, outward: str | None) -> None:
    assert done(Treatment.OUTWARD_CODE, "VARCHAR", [postcode]) == [outward]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("AZ19 k", max_size=9), min_size=1))
def test_an_outward_code_is_nothing_else(texts: list[str]) -> None:
    for outward in done(Treatment.OUTWARD_CODE, "VARCHAR", texts):
        assert outward is None or re.fullmatch(OUTWARD_CODE, outward)


def test_what_no_longer_holds_is_no_longer_declared() -> None:
    born = variable(minimum=date(1990, 5, 17), maximum=date(2020, 5, 17), format="%d/%m/%Y")
    year = CHANGES[Treatment.YEAR].describe(born, Treatment.YEAR)
    assert (year.type, year.minimum, year.maximum, year.format) == (Type.INTEGER, 1990, 2020, None)
    month = CHANGES[Treatment.YEAR_MONTH].describe(born, Treatment.YEAR_MONTH)
    assert (month.minimum, month.maximum) == (date(1990, 5, 1), date(2020, 5, 1))
    number = variable(Type.INTEGER, minimum=1, maximum=9, identifies="case", unit="things")
    word = CHANGES[Treatment.PSEUDONYMISE].describe(number, Treatment.PSEUDONYMISE)
    assert (word.type, word.minimum, word.maximum, word.unit) == (Type.STRING, None, None, None)
    coded = variable(Type.STRING, codes={"a": "A"})
    kept = CHANGES[Treatment.KEEP].describe(coded, Treatment.KEEP)
    assert (kept.codes, kept.description) == (coded.codes, coded.description)


@pytest.mark.parametrize("treatment", sorted(CHANGES))
def test_the_description_is_still_a_valid_variable(treatment: Treatment) -> None:
    for type in CHANGES[treatment].suits:
        found = CHANGES[treatment].describe(variable(type, identifies="case"), treatment)
        assert Variable.model_validate(found.model_dump()) == found
        assert found.release is treatment
