"""What is kept of each record? One row of codes, and tables of what the codes stand for."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Rows = NDArray[np.int32]


class Tables(NamedTuple):
    """What codes stand for, columns one after the other; `_at` says where a column begins."""

    text: NDArray[np.uint8]
    """With room around all texts, so that eight bytes and more can be read at once."""
    begin: NDArray[np.int64]
    letters: NDArray[np.int64]
    """By text, which letters it has."""
    text_at: NDArray[np.int64]
    number: NDArray[np.float64]
    number_at: NDArray[np.int64]
    element: NDArray[np.int32]
    list_begin: NDArray[np.int64]
    list_at: NDArray[np.int64]
    share: NDArray[np.float64]
    """By adjustment, one after the other, log2 of the frequency of each code; NaN if unknown."""
    share_at: NDArray[np.int64]
    longest: int
    """Bytes of the longest text."""


@dataclass(frozen=True)
class Kept:
    """Records in the order in which Splink calls one the left and another the right of a pair."""

    rows: Rows
    """By record and column, its code."""
    tables: Tables
    dataset: NDArray[np.int8]
    ids: pa.Array
    rarest: dict[str, float]
    """log2 of the least frequency in each column that adjusts weights."""
