"""Where in a text does a letter stand, and how is that asked of 64 letters at once?

Texts are bytes of UTF-8, many in one array, and a letter is a byte: so DuckDB counts. Kernels take
a text by the address of its first letter, because an array is seven numbers to hand on. Answers
are the bits of an int64, the lowest for the first letter. What Numba has no word for (vectors,
counts of bits, products that are added before they are rounded) is said to LLVM here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from ..compiled import kernel

Text = NDArray[np.uint8]

AROUND, BEHIND = 8, 64
"""So many bytes before a text's first letter and from its end on are read, whoever's they are: who
makes the array of texts lets it begin with 8 bytes and end with 64 that are no text's."""

_BYTE, _LONG, _INDEX = ir.IntType(8), ir.IntType(64), ir.IntType(32)
_ALWAYS = ir.Constant(ir.IntType(1), 0)
"""LLVM's answer is wanted for nought too."""


def _read(builder: Any, at: Any, kind: Any) -> Any:
    return builder.load(builder.inttoptr(at, kind.as_pointer()), align=1)


def _widened(builder: Any, found: Any, width: int) -> Any:
    return found if width == _LONG.width else builder.zext(found, _LONG)


def _of_numbers(how: Callable[[Any, list[Any]], Any]) -> Callable[..., int]:
    """The intrinsic that makes a number of numbers."""

    def one(_typing: Any, a: Any) -> Any:
        return types.int64(types.int64), lambda _c, builder, _s, given: how(builder, given)

    return intrinsic(one)  # type: ignore[no-any-return]


def _reading(width: int) -> Callable[[int], int]:
    """The intrinsic that reads so many bits at an address as one number, the first byte lowest."""
    return _of_numbers(lambda builder, given: _widened(
        builder, _read(builder, given[0], ir.IntType(width)), width))  # fmt: skip


def _among(width: int) -> Callable[[int, int], int]:
    """The intrinsic that compares so many bytes with a letter."""

    def among(_typing: Any, at: Any, letter: Any) -> Any:
        several = ir.VectorType(_BYTE, width)
        blank = ir.Constant(several, ir.Undefined)
        lanes = ir.Constant(ir.VectorType(_INDEX, width), [0] * width)

        def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            wanted = builder.trunc(given[1], _BYTE)
            once = builder.insert_element(blank, wanted, ir.Constant(_INDEX, 0))
            everywhere = builder.shuffle_vector(once, blank, lanes)
            same = builder.icmp_unsigned("==", _read(builder, given[0], several), everywhere)
            return _widened(builder, builder.bitcast(same, ir.IntType(width)), width)

        return types.int64(types.int64, types.int64), generate

    return intrinsic(among)  # type: ignore[no-any-return]


def _address(_typing: Any, array: Any, at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        start = context.make_array(signature.args[0])(context, builder, given[0]).data
        return builder.ptrtoint(builder.gep(start, [given[1]]), _LONG)

    return types.int64(array, types.int64), generate


def _indexed(kind: Any) -> Callable[[int], Any]:
    """The intrinsic that makes an address one of numbers of a kind, to be read and written."""

    def indexed(_typing: Any, at: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), generate

    return intrinsic(indexed)  # type: ignore[no-any-return]


def _fused(_typing: Any, a: Any, b: Any, c: Any) -> Any:
    whole = types.float64(types.float64, types.float64, types.float64)
    return whole, lambda _c, builder, _s, given: builder.fma(*given)


def _over(_typing: Any, a: Any, b: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.fdiv(*given)

    return types.float64(types.float64, types.float64), generate


address: Callable[[Any, int], int] = intrinsic(_address)
"""Where an array's element is: not looked up from the end, not checked."""
letter, eight = _reading(8), _reading(64)
"""The byte at an address, and the eight from it on."""
marks, counts = _indexed(types.uint8), _indexed(types.int32)
"""The bytes, or the numbers of 32 bits, from an address on: what an array would be, but that none
counts who has it."""
among_32, among_64 = _among(32), _among(64)
"""Which of the 32 or 64 bytes from an address on are a letter."""
ones = _of_numbers(lambda builder, given: builder.ctpop(given[0]))
"""How many bits are set."""
lowest = _of_numbers(lambda builder, given: builder.cttz(given[0], _ALWAYS))
"""How many bits are clear below the lowest one that is set: 64 where none is."""
highest = _of_numbers(lambda builder, given: builder.ctlz(given[0], _ALWAYS))
"""How many bits are clear above the highest one that is set: 64 where none is."""
fused: Callable[[float, float, float], float] = intrinsic(_fused)
"""a * b + c, rounded once (IEEE 754), whether or not the machine has an instruction for it."""
over: Callable[[float, float], float] = intrinsic(_over)
"""a / b, where b is known not to be nought."""


@kernel
def first(count: int) -> int:
    """The lowest bits, 1 to 64 of them."""
    return (2 << (count - 1)) - 1


@kernel
def alike(left: int, right: int, most: int) -> int:
    """How many letters two texts have in common from here on, of so many that are looked at."""
    at = 0
    while at < most:
        differ = eight(left + at) ^ eight(right + at)
        if differ:
            return min(most, at + (lowest(differ) >> 3))
        at += 8
    return most


@kernel
def alike_back(left: int, right: int, most: int) -> int:
    """How many letters two texts have in common before here, of so many that are looked at."""
    at = 0
    while at < most:
        differ = eight(left - at - 8) ^ eight(right - at - 8)
        if differ:
            return min(most, at + (highest(differ) >> 3))
        at += 8
    return most
