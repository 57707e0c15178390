"""How many edits make one text the other, where they are at most so many?

Levenshtein 1966, "Binary codes capable of correcting deletions, insertions, and reversals";
Damerau 1964, "A technique for computer detection and correction of spelling errors", with Lowrance
and Wagner's 1975 rule: letters that changed places may have been parted by edits. A letter is a
byte, as in DuckDB, and so the distances are the same.

What both texts begin and end with is left out, which changes neither distance. Texts are given by
address: handing arrays on costs more than comparing names. Scratch is the thread's own,
`similarity.room` int32 of it.
"""

from ..compiled import kernel
from .places import BEHIND, alike, alike_back, letter
from .prefixes import by_rows, in_a_band, in_bits


@kernel
def _same(left: int, right: int, length: int) -> bool:
    """Are the next letters the same?"""
    return alike(left, right, length) >= length


@kernel
def _two(left: int, n: int, right: int, m: int) -> bool:
    """Do two edits do, where neither the first nor the last letters are the same?

    One edit is at either end, then, and what lies between is left as it is: of the nine pairs of
    edits those that fit the lengths.
    """
    if n < m:
        left, n, right, m = right, m, left, n
    if n == m + 2:
        return _same(left + 1, right, m)
    if n == m + 1:
        return _same(left + 1, right, m - 1) or _same(left + 1, right + 1, m - 1)
    return (
        _same(left + 1, right + 1, m - 2)
        or _same(left + 1, right, m - 1)
        or _same(left, right + 1, m - 1)
    )


@kernel
def _levenshtein(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Levenshtein's distance, or up_to + 1, of what neither begins nor ends with the same letter;
    n is at most m."""
    if n <= BEHIND:
        return min(in_bits(left, n, right, m, False), up_to + 1)
    return in_a_band(left, n, right, m, min(up_to, m), spare)


@kernel
def _damerau(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Damerau's distance, or up_to + 1, of what neither begins nor ends with the same letter;
    n is at most m.

    Where swaps are of neighbours alone, two edits stay two, and a swap of letters parted by g
    edits, which costs g + 1, costs g + 2 at most: so d edits become d + d // 2 at most.
    """
    if n <= BEHIND:
        found = in_bits(left, n, right, m, True)
        if found <= 2:
            return found
        if 2 * found > 3 * up_to:
            return up_to + 1
    return by_rows(left, n, right, m, up_to, spare)


@kernel
def edits_between(
    left: int, n: int, right: int, m: int, up_to: int, swaps: bool, spare: int
) -> int:
    """levenshtein of texts given by address, or with swaps damerau_levenshtein; up_to + 1 where it
    is more than that."""
    if abs(n - m) > up_to:
        return up_to + 1
    same = alike(left, right, min(n, m))
    left, right, n, m = left + same, right + same, n - same, m - same
    same = alike_back(left + n, right + m, min(n, m))
    n, m = n - same, m - same
    if n == 0 or m == 0 or n == m == 1:
        return min(max(n, m), up_to + 1)
    if swaps and n == m == 2 and letter(left) == letter(right + 1):
        return min(up_to + 1, 1 + int(letter(left + 1) != letter(right)))
    if up_to <= 1:
        return up_to + 1
    if up_to == 2 and not swaps:
        return 2 if _two(left, n, right, m) else 3
    if m < n:
        left, n, right, m = right, m, left, n
    if swaps:
        return _damerau(left, n, right, m, up_to, spare)
    return _levenshtein(left, n, right, m, up_to, spare)
