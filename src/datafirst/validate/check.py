"""Which rows of a batch break which rule?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors

from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Table

from .schema import schema

EPOCH = date(1970, 1, 1)
CALENDAR = ((date.min - EPOCH).days, (date.max - EPOCH).days)


@dataclass(frozen=True)
class Found:
    """What is wrong in a batch: positions of rows and counts, no value."""

    broken: Mapping[str, tuple[int, ...]]
    """Rule -> positions of the rows that break it, ascending."""
    missing: Mapping[str, int]
    """Variable -> rows without a value, where there are any."""


def check(table: Table, frame: pl.DataFrame) -> Found:
    """What breaks the table's specification in a batch of its rows.

    Raises ValidationFailed where the batch has not the columns that are specified: then checks
    of their values mean nothing.
    """
    return found(schema(table), frame)


def found(described: pa.DataFrameSchema, frame: pl.DataFrame) -> Found:
    """The same, for a schema that serves many batches."""
    missing = {
        name: nulls for name, nulls in frame.null_count().row(0, named=True).items() if nulls
    }
    beyond, frame = _beyond_the_calendar(frame)
    # Said here, because an environment variable of Pandera's could switch the checks off.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            described.validate(frame, lazy=True)
        except SchemaErrors as errors:
            return Found(_together(_rules(errors), beyond), missing)
    return Found(beyond, missing)


def _together(
    broken: dict[str, tuple[int, ...]], beyond: dict[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """A date beyond the calendar was taken out, which does not make it a missing one."""
    for rule, positions in beyond.items():
        required = rule.replace("type:", "required:")
        left = tuple(sorted(set(broken.pop(required, ())) - set(positions)))
        broken |= {required: left} if left else {}
    return broken | beyond


def _beyond_the_calendar(
    frame: pl.DataFrame,
) -> tuple[dict[str, tuple[int, ...]], pl.DataFrame]:
    """Dates before year 1 or after 9999, and the frame without them.

    PostgreSQL holds such dates (a year typed with five digits), its 'infinity' arrives as one,
    and Polars cannot show them to Pandera.
    """
    dates = [name for name, dtype in frame.schema.items() if dtype == pl.Date]
    odd = frame.select(~pl.col(dates).to_physical().is_between(*CALENDAR))
    broken = {
        f"type:{name}": tuple(odd[name].arg_true().to_list()) for name in dates if odd[name].any()
    }
    if not broken:
        return {}, frame
    return broken, frame.with_columns(
        pl.when(pl.col(d).to_physical().is_between(*CALENDAR)).then(pl.col(d)) for d in dates
    )


def _rules(errors: SchemaErrors) -> dict[str, tuple[int, ...]]:
    reasons = {error.reason_code for error in errors.schema_errors}
    cases = errors.failure_cases.select(
        _rule().alias("rule"), pl.col("index"), _of_columns().alias("of_columns")
    )
    if cases["of_columns"].any():
        raise ValidationFailed(
            f"{errors.schema.name}: the columns are not those that are specified: "
            f"{', '.join(_named(cases.filter('of_columns')))}; correct the specification, or make "
            "the table anew from it (for a source: take a new snapshot)"
        ) from None
    if SchemaErrorReason.CHECK_ERROR in reasons:
        failed = ", ".join(_named(cases.filter(pl.col("index").is_null())))
        raise SpecificationError(
            f"{errors.schema.name}: {failed} cannot be evaluated on some value; correct the "
            "pattern, or write TRY_CAST around what may fail"
        ) from None
    grouped = cases.group_by("rule").agg(pl.col("index").unique().sort()).sort("rule")
    return {rule: tuple(positions) for rule, positions in grouped.iter_rows()}


def _named(cases: pl.DataFrame) -> list[str]:
    return sorted(cases["rule"].unique().to_list())


def _of_columns() -> pl.Expr:
    check = pl.col("check")
    return check.str.starts_with("dtype(") | check.is_in(
        ["column_in_dataframe", "column_in_schema"]
    )


def _rule() -> pl.Expr:
    """Our name for Pandera's missing value, wrong type, and column too few or too many.

    For the last two it gives the column's name as the failure case.
    """
    check, column, case = pl.col("check"), pl.col("column"), pl.col("failure_case")
    return (
        pl.when(check == "not_nullable")
        .then("required:" + column)
        .when(check.str.starts_with("dtype("))
        .then("type:" + column)
        .when(check == "column_in_dataframe")
        .then("required:" + case)
        .when(check == "column_in_schema")
        .then("undeclared:" + case)
        .otherwise(check)
    )
