"""What are different values called, and which differ by how much?"""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.values import Coded, dictionary, narrowed, numbers, texts, together


def test_columns_that_are_held_against_each_other_share_codes() -> None:
    each = [dictionary(pa.chunked_array([pa.array(of)])) for of in (["a", "b"], ["c", "b", None])]
    one, other = together(each)
    assert one.codes[1] == other.codes[1]
    assert len({*one.codes.tolist(), *other.codes.tolist()} - {-1}) == 3
    assert other.codes[2] == -1
    with pytest.raises(NotUnderstood):
        together([*each, dictionary(pa.chunked_array([pa.array([1])]))])


def test_numbers_differ_as_values_do() -> None:
    dates = pa.array([0, 1, 20_000, -1], pa.date32())
    assert numbers(dates).tolist() == [0, 1, 20_000, -1]
    assert numbers(pa.array([-5, 2**53 - 1], pa.int64())).tolist() == [-5, 2**53 - 1]
    assert numbers(pa.array([2, 255], pa.uint8())).tolist() == [2, 255]
    assert numbers(pa.array([0.1, -2.0])).tolist() == [0.1, -2.0]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([2**53]),
        pa.array([-(2**53) - 1, 0]),
        pa.array([0.5], pa.float32()),
        pa.array(["1"]),
        pa.array([True]),
        pa.array([1], pa.timestamp("us")),
        pa.array([1], pa.decimal128(9, 2)),
    ],
    ids=lambda values: str(values.type),
)
def test_other_differences_are_not_understood(values: pa.Array) -> None:
    with pytest.raises(NotUnderstood):
        numbers(values)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_texts_are_side_by_side(kind: pa.DataType) -> None:
    """Those of a part of an array too, and none of none."""
    whole = pa.array(["zz", "a", "", "é😀", "b"], kind)
    text, begin = texts(whole[1:4])
    each = [bytes(text[a:b]).decode() for a, b in pairwise(begin)]
    assert each == ["a", "", "é😀"]
    assert [len(part) for part in texts(pa.array([], kind))] == [0, 1]
    with pytest.raises(NotUnderstood):
        texts(pa.array([b"a"]))


def test_some_records_have_no_values_but_theirs() -> None:
    """In the order in which they were met, and none stays none."""
    of = Coded(np.array([2, 0, -1, 3, 2, 1], np.int32), pa.array(["a", "b", "c", "d"]))
    made = narrowed(of, np.array([4, 2, 5, 0], np.int32))
    assert made.values.to_pylist() == ["b", "c"]
    assert made.codes.tolist() == [1, -1, 0, 1] and made.codes.dtype == np.int32
    assert narrowed(of, np.array([2], np.int32)).codes.tolist() == [-1]
