"""Which lists do records have? Each different one is written down once, its values in order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .conditions import NotUnderstood
from .values import Coded, Codes, dictionary, together

Listed = tuple[Coded, NDArray[np.int32], NDArray[np.int64]]
"""The lists that records have, as codes; the different values of each list in order of their codes,
one list after the other; and where each begins."""


def lists(columns: Sequence[pa.ChunkedArray]) -> list[Listed]:
    """The lists of columns that are compared with each other: a value has one code in all."""
    wholes = [_whole(column) for column in columns]
    values = together(dictionary(pa.chunked_array([whole.flatten()])) for whole in wholes)
    return [_listed(whole, each.codes) for whole, each in zip(wholes, values, strict=True)]


def _whole(column: pa.ChunkedArray) -> Any:
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        raise NotUnderstood("a comparison of what are not lists")
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return whole


def _listed(whole: Any, element: Codes) -> Listed:
    record = pc.list_parent_indices(whole).to_numpy(zero_copy_only=False).astype(np.int64)
    kept = element >= 0
    pair = np.unique(record[kept] << 32 | element[kept])
    own, value = pair >> 32, (pair & 0xFFFFFFFF).astype(np.int32)
    begin = np.searchsorted(own, np.arange(len(whole) + 1)).astype(np.int64)
    return _distinct(whole, begin, value)


def _distinct(
    whole: Any, begin: NDArray[np.int64], value: NDArray[np.int32]
) -> tuple[Coded, NDArray[np.int32], NDArray[np.int64]]:
    """Lists of the same values are one: as so many bytes they can be told apart."""
    known = whole.is_valid()
    content = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(whole), [None, pa.py_buffer(begin * 4), pa.py_buffer(value)]
    )
    made = dictionary(pa.chunked_array([pc.if_else(known, content, None)]))
    _, offsets, data = made.values.buffers()
    of = np.frombuffer(offsets, np.int64, len(made.values) + 1) // 4
    told = np.frombuffer(data, np.int32) if data else np.empty(0, np.int32)
    return made, told, of
