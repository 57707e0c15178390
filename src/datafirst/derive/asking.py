"""How does SQL of the specification fail? With a message that names it and holds no value."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from datafirst.errors import SpecificationError

WRITTEN_WRONG = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
"""Their messages quote the SQL and the names of columns: nothing from the data."""
WRONG_FOR_A_VALUE = (
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
    duckdb.TypeMismatchException,
)
"""Their messages quote the value, so they are not passed on."""


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Names what the SQL in the block is for, should it fail. Raises SpecificationError."""
    try:
        yield
    except WRITTEN_WRONG as error:
        raise SpecificationError(f"{what}: {error}") from None
    except WRONG_FOR_A_VALUE as error:
        raise SpecificationError(
            f"{what}: {type(error).__name__}: a value does not fit; use try_cast, or a rule of the "
            "source table that quarantines such rows"
        ) from None
