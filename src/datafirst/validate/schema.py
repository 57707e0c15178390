"""What does Pandera check of a table, by the specification?

Each check is named `kind:variable`, and that is all that is ever told of a failure: Pandera's
own messages quote the data.
"""

from collections.abc import Iterator
from typing import Any

import pandera.polars as pa
import polars as pl

from datafirst.errors import SpecificationError
from datafirst.spec import Table, Type, Variable

from .conditions import Condition, parses, rules, within

DTYPES = {
    Type.STRING: pl.String,
    Type.INTEGER: pl.Int64,
    Type.NUMBER: pl.Float64,
    Type.BOOLEAN: pl.Boolean,
    Type.DATE: pl.Date,
}


def schema(table: Table) -> pa.DataFrameSchema:
    """The Pandera schema of a table: as landed, as derived or as released.

    The key is not in it: it is a matter of the whole table, not of a batch (see whole.py).
    Raises SpecificationError where a pattern or a rule cannot be understood.
    """
    return pa.DataFrameSchema(
        {v.name: _column(table, v) for v in table},
        checks=[_sql(name, condition) for name, condition in rules(table).items()],
        name=table.id,
        strict=True,
    )


def _column(table: Table, variable: Variable) -> pa.Column:
    return pa.Column(
        pl.String if variable.format else DTYPES[variable.type],
        checks=[*(_texts if variable.format else _values)(table, variable)],
        nullable=variable.missing_up_to > 0,
        description=variable.description,
    )


def _texts(table: Table, variable: Variable) -> Iterator[pa.Check]:
    """The checks of a date that is held as text."""
    yield _sql(f"type:{variable.name}", parses(table, variable))
    for bound in ("minimum", "maximum"):
        if getattr(variable, bound) is not None:
            yield _sql(f"{bound}:{variable.name}", within(table, variable, bound))


def _values(table: Table, variable: Variable) -> Iterator[pa.Check]:
    column = pl.col(variable.name)
    if variable.type is Type.NUMBER:
        yield _check(f"type:{variable.name}", column.is_finite())
    if variable.codes is not None:
        yield _check(f"codes:{variable.name}", column.is_in(list(variable.codes)))
    if variable.pattern is not None:
        yield _check(f"pattern:{variable.name}", column.str.contains(_pattern(table, variable)))
    if variable.minimum is not None:
        yield _check(f"minimum:{variable.name}", column >= pl.lit(variable.minimum))
    if variable.maximum is not None:
        yield _check(f"maximum:{variable.name}", column <= pl.lit(variable.maximum))


def _pattern(table: Table, variable: Variable) -> str:
    """The regular expression of the whole value. SpecificationError where it is none."""
    # Rust's `$` is the very end; Python's would let a line feed pass.
    whole = f"^(?:{variable.pattern})$"
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.ComputeError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        reason = next((line for line in lines if line.startswith("error: ")), "error: unknown")
        raise SpecificationError(
            f"{table.id}: pattern:{variable.name} is not a regular expression: "
            f"{reason.removeprefix('error: ')}"
        ) from None
    return whole


def _check(name: str, holds: pl.Expr) -> pa.Check:
    """A missing value breaks no check but `required`."""

    def ask(data: Any) -> pl.LazyFrame:
        found: pl.LazyFrame = data.lazyframe.select(holds.fill_null(True))
        return found

    return pa.Check(ask, name=name)


def _sql(name: str, condition: Condition) -> pa.Check:
    def ask(data: Any) -> pl.LazyFrame:
        return condition(data.lazyframe)

    return pa.Check(ask, name=name)
