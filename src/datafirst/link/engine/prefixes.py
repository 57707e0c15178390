"""How many edits lie between the beginnings of two texts, and so between the texts?

The table has a row for each letter of one text and a column for each of the other; each of these
ways fills less of it than the whole, or many cells at a time. Texts are given by address.
"""

from ..compiled import kernel
from .places import among_32, among_64, counts, letter

LETTERS = 256
"""How many letters there are."""
WIDE = 4
"""Bytes of an int32."""


@kernel
def in_bits(left: int, n: int, right: int, m: int, swaps: bool) -> int:
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
def in_a_band(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
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
def by_rows(left: int, n: int, right: int, m: int, up_to: int, spare: int) -> int:
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
