"""Which different values are there, and which of them has each record?

A value is written down once and is a number from then on: its code, or -1 where there is none.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .conditions import NotUnderstood

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


def derived(of: Coded, each: Coded) -> Coded:
    """What is derived from values: `each` has a code for each of them, and last for none."""
    return Coded(each.codes[of.codes], each.values)  # -1, of none, is the last one


def narrowed(of: Coded, which: Codes | None) -> Coded:
    """The same of some records, with no other values than theirs."""
    if which is None:
        return of
    codes = of.codes[which]
    met = np.zeros(len(of.values) + 1, bool)
    met[codes] = True  # of none the last one
    met[-1] = False
    code = np.cumsum(met, dtype=np.int32) - np.int32(1)
    code[-1] = NONE
    return Coded(code[codes], of.values.take(pa.array(np.flatnonzero(met))))


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
