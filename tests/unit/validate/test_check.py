"""Every kind of constraint catches its bad row, and a clean batch passes."""

import datetime as dt
import string
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context

from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Rule, Table, Variable
from datafirst.validate.check import check


def variable(name: str, type: str, **constraints: Any) -> Variable:
    said = {"role": "research", "description": "A variable.", "missing_up_to": 1.0, **constraints}
    return Variable(name=name, type=type, **said)  # type: ignore[arg-type]


def table(*variables: Variable, rules: tuple[Rule, ...] = ()) -> Table:
    named = {v.name: v for v in variables}
    return Table(
        id="court.case",
        title="Cases",
        description="Cases.",
        grain="One row per case.",
        key=(variables[0].name,),
        variables=named,
        rules=rules,
    )


DAY_FIRST = {"format": "%d/%m/%Y"}
IN_1900 = dt.date(1900, 1, 1)

ONE_BAD_ROW = [
    ("required:v", variable("v", "string", missing_up_to=0.0), pl.String, "a", None),
    ("type:v", variable("v", "number"), pl.Float64, 1.5, float("nan")),
    ("type:v", variable("v", "number"), pl.Float64, 1.5, float("inf")),
    ("type:v", variable("v", "date", **DAY_FIRST), pl.String, "29/02/2020", "30/02/2020"),
    ("type:v", variable("v", "date", **DAY_FIRST), pl.String, "29/02/2020", ""),
    ("codes:v", variable("v", "string", codes={"01": "One"}), pl.String, "01", "1"),
    ("codes:v", variable("v", "string", codes={"M": "Male"}), pl.String, "M", "m"),
    ("pattern:v", variable("v", "string", pattern=r"\d{3}|X"), pl.String, "123", "1234"),
    ("pattern:v", variable("v", "string", pattern=r"\d{3}|X"), pl.String, "X", "aX"),
    ("pattern:v", variable("v", "string", pattern=r"\d{3}"), pl.String, "123", "123\n"),
    ("minimum:v", variable("v", "integer", minimum=1), pl.Int64, 1, 0),
    ("maximum:v", variable("v", "integer", maximum=9), pl.Int64, 9, 10),
    ("minimum:v", variable("v", "number", minimum=0), pl.Float64, 0.0, -0.5),
    ("minimum:v", variable("v", "date", minimum=IN_1900), pl.Date, IN_1900, dt.date(1899, 12, 31)),
    (
        "maximum:v",
        variable("v", "date", maximum=IN_1900, **DAY_FIRST),
        pl.String,
        "01/01/1900",
        "02/01/1900",
    ),
]


@pytest.mark.parametrize(("rule", "described", "dtype", "good", "bad"), ONE_BAD_ROW)
def test_one_bad_row_among_good_ones_is_found(
    rule: str, described: Variable, dtype: Any, good: Any, bad: Any
) -> None:
    frame = pl.DataFrame({"v": [good, good, bad, good]}, schema={"v": dtype})
    assert check(table(described), frame).broken == {rule: (2,)}
    assert check(table(described), frame.filter(pl.int_range(4) != 2)).broken == {}


@pytest.mark.parametrize(("rule", "described", "dtype", "good", "bad"), ONE_BAD_ROW[1:])
def test_a_missing_value_breaks_only_the_rule_that_requires_it(
    rule: str, described: Variable, dtype: Any, good: Any, bad: Any
) -> None:
    frame = pl.DataFrame({"v": [None, good]}, schema={"v": dtype})
    found = check(table(described), frame)
    assert (found.broken, found.missing) == ({}, {"v": 1})


@pytest.mark.parametrize("required", [0.0, 1.0])
def test_a_date_beyond_the_calendar_is_of_the_wrong_type_and_not_missing(required: float) -> None:
    days = pl.Series("v", [0, -800_000, 2_932_897, None], pl.Int32).cast(pl.Date).to_frame()
    found = check(table(variable("v", "date", missing_up_to=required)), days)
    wrong = {"type:v": (1, 2)}
    assert found.broken == (wrong if required else {**wrong, "required:v": (3,)})
    assert found.missing == {"v": 1}


def test_a_rule_sees_dates_and_passes_where_it_is_not_known() -> None:
    rule = Rule(says="No one is received before birth.", holds="received >= born")
    described = table(
        variable("born", "date", **DAY_FIRST), variable("received", "date"), rules=(rule,)
    )
    frame = pl.DataFrame(
        {
            "born": ["02/01/2000", "02/01/2000", None, "02/01/2000"],
            "received": [dt.date(2000, 1, 1), dt.date(2000, 1, 2), dt.date(1, 1, 1), None],
        }
    )
    assert check(described, frame).broken == {"rule:no_one_is_received_before_birth": (0,)}


def test_a_row_may_break_several_rules() -> None:
    described = table(variable("v", "string", pattern=r"\d", codes={"1": "One"}))
    frame = pl.DataFrame({"v": ["1", "a"]})
    assert check(described, frame).broken == {"codes:v": (1,), "pattern:v": (1,)}


def test_settings_of_pandera_cannot_switch_the_checks_off() -> None:
    described, bad = table(variable("v", "integer", minimum=1)), pl.DataFrame({"v": [0]})
    with config_context(validation_enabled=False):
        assert check(described, bad).broken == {"minimum:v": (0,)}
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert check(described, bad).broken == {"minimum:v": (0,)}


@pytest.mark.parametrize(
    ("frame", "rule"),
    [
        (pl.DataFrame({"v": ["1"]}), "type:v"),
        (pl.DataFrame({"w": [1]}), "required:v"),
        (pl.DataFrame({"v": [1], "w": [1]}), "undeclared:w"),
    ],
)
def test_other_columns_than_those_specified_are_refused_by_name(
    frame: pl.DataFrame, rule: str
) -> None:
    with pytest.raises(ValidationFailed, match=rule):
        check(table(variable("v", "integer", minimum=0)), frame)


@pytest.mark.parametrize("holds", ["unknown > 1", "v >", "true"])
def test_a_rule_that_is_no_condition_over_the_row_is_refused(holds: str) -> None:
    described = table(variable("v", "string"), rules=(Rule(says="It holds.", holds=holds),))
    with pytest.raises(SpecificationError, match=r"court\.case: rule:it_holds"):
        check(described, pl.DataFrame({"v": ["1"]}))


def test_a_rule_that_fails_on_a_value_does_not_tell_the_value() -> None:
    described = table(variable("v", "string"), rules=(Rule(says="It holds.", holds="v::INT > 1"),))
    with pytest.raises(SpecificationError, match="rule:it_holds") as refusal:
        check(described, pl.DataFrame({"v": ["SECRET"]}))
    assert "SECRET" not in str(refusal.value)


def test_a_rule_cannot_read_files() -> None:
    holds = "v IN (SELECT content FROM read_text('/etc/hostname'))"
    described = table(variable("v", "string"), rules=(Rule(says="It holds.", holds=holds),))
    with pytest.raises(SpecificationError):
        check(described, pl.DataFrame({"v": ["1"]}))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.text(string.digits + "\nX", max_size=4), min_size=1, max_size=20))
def test_a_pattern_is_matched_by_the_whole_value(values: list[str | None]) -> None:
    import re

    frame = pl.DataFrame({"v": values}, schema={"v": pl.String})
    bad = tuple(
        i for i, v in enumerate(values) if v is not None and not re.fullmatch(r"\d{1,2}|X", v)
    )
    found = check(table(variable("v", "string", pattern=r"\d{1,2}|X")), frame)
    assert found.broken == ({"pattern:v": bad} if bad else {})
