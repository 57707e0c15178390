"""Which different values does an expression have, and which of them has each record?

A value is written down once and is a number from then on: its code, or -1 where there is none.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .conditions import NotUnderstood
from .sides import columns_read

Codes = NDArray[np.int32]

NONE = -1
"""The code of a record that has no value."""

FALSE, NULL, TRUE = 0, 1, 2
"""What is said of a condition, in an order in which AND is the least and OR the greatest."""


@dataclass(frozen=True)
class Coded:
    """The code of each record, and the value of each code, all different."""

    codes: Codes
    values: pa.Array


@dataclass(frozen=True)
class Source:
    """Tables of records, one after the other: in this order records are numbered from nought."""

    con: duckdb.DuckDBPyConnection
    tables: Mapping[str, str]
    order: Codes | None = None
    """The place of each number in the tables as they are scanned, if another."""

    def column(self, sql: str) -> pa.ChunkedArray:
        """An expression over one record, for each of them."""
        whole = self._scanned(sql)
        return whole if self.order is None else whole.take(pa.array(self.order))

    def coded(self, sql: str) -> "Coded":
        """The same as codes, which are put in order faster than values are."""
        found = dictionary(self._scanned(sql))
        return found if self.order is None else Coded(found.codes[self.order], found.values)

    def _scanned(self, sql: str) -> pa.ChunkedArray:
        found = [self._asked(f'SELECT {sql} AS v FROM "{t}"') for t in self.tables.values()]
        if len({each.type for each in found}) > 1:
            raise NotUnderstood("a column that has two types")
        return pa.chunked_array([chunk for each in found for chunk in each.chunks], found[0].type)

    @contextmanager
    def scanned_in_order(self) -> Iterator[None]:
        """Columns are asked for one after the other: each scan must meet records in one order."""
        setting = "preserve_insertion_order"
        [(before,)] = self.con.execute(f"SELECT current_setting('{setting}')").fetchall()
        self.con.execute(f"SET {setting} = true")
        try:
            yield
        finally:
            self.con.execute(f"SET {setting} = {before}")

    def kind(self, sql: str) -> pa.DataType:
        """Of which type an expression over one record is."""
        table = next(iter(self.tables.values()))
        return self._asked(f'SELECT {sql} AS v FROM "{table}" LIMIT 0').type

    def of_values(self, sql: str, column: str, values: pa.Array) -> pa.ChunkedArray:
        """An expression over one column, for each of its values and, last, for none."""
        told = pa.concat_arrays([values, pa.nulls(1, values.type)])
        place = "code" if column.lower() != "code" else "place"
        table = pa.table({place: pa.array(np.arange(len(told))), column: told})
        self.con.register("values_told", table)
        try:
            return self._asked(f"SELECT {sql} AS v FROM values_told ORDER BY {place}")
        finally:
            self.con.unregister("values_told")

    def _asked(self, query: str) -> pa.ChunkedArray:
        try:
            return self.con.sql(query).to_arrow_table().column("v")
        except (
            duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException,
        ) as error:  # fmt: skip
            # SQL asks it of no record that an earlier level has decided; here all are asked.
            raise NotUnderstood("an expression that fails for some record") from error
        except duckdb.BinderException as error:  # Splink has columns more, as source_dataset
            raise NotUnderstood("a column or a function that a record does not have") from error


def coded(source: Source, sql: str, known: dict[str, Coded]) -> Coded:
    """The values of an expression. Those of columns are kept in `known`: what is derived from one
    column is derived once for each of its values, not once for each record."""
    own = columns_read(sql)
    of = _column(source, own[0], known) if len(own) == 1 else None
    if of is None:
        return source.coded(sql)
    if sql == f'"{own[0]}"':
        return of
    return derived(of, dictionary(source.of_values(sql, own[0], of.values)))


def _column(source: Source, column: str, known: dict[str, Coded]) -> Coded | None:
    """The values of a column; None of a column of lists, whose values are not told apart here, and
    of one where two values are equal (nought and -0) of which not the same need be derived."""
    if column not in known:
        kind = source.kind(f'"{column}"')
        if pa.types.is_nested(kind) or pa.types.is_floating(kind):
            return None
        known[column] = source.coded(f'"{column}"')
    return known[column]


def derived(of: Coded, each: Coded) -> Coded:
    """What is derived from values: `each` has a code for each of them, and last for none."""
    return Coded(each.codes[of.codes], each.values)  # -1, of none, is the last one


def dictionary(column: pa.ChunkedArray) -> Coded:
    """A column's different values, in the order in which they are met."""
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind) or pa.types.is_interval(kind):
        raise NotUnderstood("an equality of what are neither texts, numbers nor times")
    if not len(column):
        return Coded(np.empty(0, np.int32), pa.array([], kind))
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.equal(column, 0.0), pa.scalar(0.0, kind), column)  # no -0
        column = pc.if_else(pc.is_nan(column), pa.scalar(math.nan, kind), column)  # one NaN
    found = pc.dictionary_encode(column).combine_chunks()
    if isinstance(found, pa.ChunkedArray):
        found = (
            found.chunk(0) if found.num_chunks else pa.array([], pa.dictionary(pa.int32(), kind))
        )
    codes = found.indices.fill_null(NONE).to_numpy(zero_copy_only=False)
    codes = codes.astype(np.int32, copy=False)
    return Coded(codes, found.dictionary)


def together(each: Iterable[Coded]) -> list[Coded]:
    """The same with one code for one value in all of them."""
    many = list(each)
    if len({one.values.type for one in many}) > 1:
        raise NotUnderstood("an equality of two types")
    if len(many) == 1:
        return many
    whole = dictionary(pa.chunked_array([one.values for one in many]))
    start = np.cumsum([0, *(len(one.values) for one in many)])
    maps = [np.append(whole.codes[a:b], np.int32(NONE)) for a, b in pairwise(start)]
    return [Coded(of[one.codes], whole.values) for one, of in zip(many, maps, strict=True)]


def truths(source: Source, sql: str, known: dict[str, Coded]) -> Codes:
    """What is said of each record: FALSE, NULL or TRUE."""
    own = columns_read(sql)
    of = _column(source, own[0], known) if len(own) == 1 else None
    if of is None:
        return _said(source.column(sql))
    found: Codes = _said(source.of_values(sql, own[0], of.values))[of.codes]
    return found


def _said(column: pa.ChunkedArray) -> Codes:
    if not pa.types.is_boolean(column.type):
        raise NotUnderstood("a condition that is no truth value")
    said = pc.if_else(column, TRUE, FALSE).fill_null(NULL)
    return np.asarray(said.to_numpy(), np.int32)


def numbers(values: pa.Array) -> NDArray[np.float64]:
    """Values as numbers that differ by as much as the values do in SQL; dates as days."""
    kind = values.type
    if pa.types.is_date32(kind):
        return np.asarray(values.cast(pa.int32()).to_numpy(zero_copy_only=False), np.float64)
    if not (pa.types.is_integer(kind) or pa.types.is_float64(kind)):
        raise NotUnderstood("a difference of what are neither numbers nor dates")
    found = np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
    if pa.types.is_integer(kind) and found.size and np.abs(found).max() >= 2.0**53:
        raise NotUnderstood("a difference of very large numbers")
    return found


def texts(values: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All texts, one after the other, and where each begins; one more than there are."""
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        raise NotUnderstood("a likeness of what are not texts")
    told = values.cast(pa.large_string())
    _, offsets, data = told.buffers()
    begin = np.frombuffer(offsets, np.int64, len(told) + 1, told.offset * 8)
    text = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
    return text[begin[0] : begin[-1]], begin - begin[0]
