"""How many edits make one text the other, where they are at most so many?

Levenshtein 1966, "Binary codes capable of correcting deletions, insertions, and reversals";
Damerau 1964, "A technique for computer detection and correction of spelling errors", with Lowrance
and Wagner's 1975 rule: letters that changed places may have been parted by edits. A letter is a
byte, as in DuckDB, and so the distances are the same.

What both texts begin and end with is left out, which changes neither distance. `work` is scratch
of the thread's own, `similarity.room` int32 of it.
"""

import numpy as np
from numpy.typing import NDArray

from ..compiled import kernel
from .places import (
    AROUND,
    BEHIND,
    Text,
    address,
    alike,
    alike_back,
    among_32,
    among_64,
    counts,
    letter,
    settled,
)

Work = NDArray[np.int32]

LETTERS = 256
"""How many letters there are."""
WIDE = 4
"""Bytes of an int32."""


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
def _in_bits(left: int, n: int, right: int, m: int, swaps: bool) -> int:
    """The distance from 1 to 64 letters, a column of the table at a time (Myers 1999; Hyyro 2003,
    "A bit-vector algorithm for computing Levenshtein and Damerau edit distances").

    Swaps are those of neighbours that nothing else is done to.
    """
    more, less = -1, 0
    last = n - 1
    distance = n
    exact = before = 0
    for j in range(m):
        wanted = letter(right + j)
        found = among_32(left, wanted) if n <= 32 else among_64(left, wanted)
        swapped = ((~exact & found) << 1) & before if swaps else 0
        exact = (((found & more) + more) ^ more) | found | less | swapped
        up = less | ~(exact | more)
        down = exact & more
        distance += ((up >> last) & 1) - ((down >> last) & 1)
        up = (up << 1) | 1
        less = up & exact
        more = (down << 1) | ~(up | exact)
        before = found
    return distance


@kernel
def _in_a_band(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Levenshtein's distance by the table, no further from its diagonal than edits reach
    (Ukkonen 1985, "Algorithms for approximate string matching")."""
    work = counts(spare)
    for j in range(min(m, up_to) + 1):
        work[j] = j
    for i in range(1, n + 1):
        start, end = max(1, i - up_to), min(m, i + up_to)
        diagonal = work[start - 1]
        work[start - 1] = i if start == 1 else up_to + 1
        least = work[start - 1]
        if end == i + up_to:
            work[end] = up_to + 1
        wanted = letter(left + i - 1)
        for j in range(start, end + 1):
            here = diagonal + (letter(right + j - 1) != wanted)
            diagonal = work[j]
            work[j] = min(here, work[j] + 1, work[j - 1] + 1)
            least = min(least, work[j])
        if least > up_to:
            return up_to + 1
    return int(min(work[m], up_to + 1))


@kernel
def _by_rows(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Damerau's distance in three rows of the table (Zhao and Sahni 2019, "String correction using
    the Damerau-Levenshtein distance"). No way to the end avoids a row but by paying as much."""
    never, width = n + m + 1, m + 2
    seen, row = counts(spare), counts(spare + WIDE * LETTERS)
    above = counts(spare + WIDE * (LETTERS + width))
    saved = counts(spare + WIDE * (LETTERS + 2 * width))
    for kind in range(LETTERS):
        seen[kind] = -1
    for j in range(width):
        row[j], above[j], saved[j] = j - 1, never, never
    row[0] = never
    for i in range(1, n + 1):
        row, above = above, row
        here, since = letter(left + i - 1), -1
        earlier, kept = row[1], never
        row[1], least = i, i
        for j in range(1, m + 1):
            there = letter(right + j - 1)
            found = min(above[j] + (here != there), row[j] + 1, above[j + 1] + 1)
            if here == there:
                since, saved[j + 1], kept = j, above[j - 1], earlier
            elif since == j - 1:
                found = min(found, saved[j + 1] + i - seen[there])
            elif seen[there] == i - 1:
                found = min(found, kept + j - since)
            earlier, row[j + 1] = row[j + 1], found
            least = min(least, found)
        seen[here] = i
        if least > up_to:
            return up_to + 1
    return int(min(row[m + 1], up_to + 1))


@kernel
def _levenshtein(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Levenshtein's distance, or up_to + 1, of what neither begins nor ends with the same letter;
    n is at most m."""
    if n <= BEHIND:
        return min(_in_bits(left, n, right, m, False), up_to + 1)
    return _in_a_band(left, n, right, m, min(up_to, m), spare)


@kernel
def _damerau(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
    """Damerau's distance, or up_to + 1, of what neither begins nor ends with the same letter;
    n is at most m.

    Where swaps are of neighbours alone, two edits stay two, and a swap of letters parted by g
    edits, which costs g + 1, costs g + 2 at most: so d edits become d + d // 2 at most.
    """
    if n <= BEHIND:
        found = _in_bits(left, n, right, m, True)
        if found <= 2:
            return found
        if 2 * found > 3 * up_to:
            return up_to + 1
    return _by_rows(left, n, right, m, up_to, spare)


@kernel
def _distance(
    text_l: Text, a: int, n: int, text_r: Text, b: int, m: int, up_to: int, swaps: bool, work: Work
) -> int:
    """Either distance, or up_to + 1 where it is more than that."""
    if abs(n - m) > up_to:
        return up_to + 1
    spare = address(work, 0)
    left = settled(text_l, a, a + n, spare)
    right = settled(text_r, b, b + m, spare + n + AROUND + BEHIND)
    spare += (n + m + 2 * (AROUND + BEHIND) + WIDE) & -WIDE
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


@kernel
def levenshtein(
    text_l: Text, a: int, a_end: int, text_r: Text, b: int, b_end: int, up_to: int, work: Work
) -> int:
    """DuckDB's levenshtein, or up_to + 1 where it is more than `up_to`."""
    return _distance(text_l, a, a_end - a, text_r, b, b_end - b, up_to, False, work)


@kernel
def damerau_levenshtein(
    text_l: Text, a: int, a_end: int, text_r: Text, b: int, b_end: int, up_to: int, work: Work
) -> int:
    """DuckDB's damerau_levenshtein, or up_to + 1 where it is more than `up_to`."""
    return _distance(text_l, a, a_end - a, text_r, b, b_end - b, up_to, True, work)
