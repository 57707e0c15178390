"""How similar are two texts, by Jaro and by Winkler?

Jaro 1989, "Advances in record-linkage methodology as applied to matching the 1985 census of Tampa,
Florida"; Winkler 1990, "String comparator metrics and enhanced decision rules in the
Fellegi-Sunter model of record linkage". Numbers are those of DuckDB to the last bit: a letter is a
byte; the window reaches max(n, m) // 2 - 1 letters to either side; half the letters out of order,
rounded down, are transpositions; an empty text is like nothing, not even another; Winkler's 0.1
for each of the first four letters in common is given above 0.7 only, and rounded once, when it has
been added.

Letters of one kind are paired in order from either side, so it does not matter which text is
walked. Texts are given by address: handing arrays on costs more than comparing names. Scratch is
the thread's own, `room` bytes of it.
"""

from ..compiled import kernel
from .places import (
    AROUND,
    BEHIND,
    alike,
    among_32,
    among_64,
    first,
    fused,
    letter,
    lowest,
    marks,
    ones,
    over,
)

BOOSTED = 0.7
"""Winkler's boost is given above this."""
EACH = 0.1
"""What each letter of a common beginning gives of what is missing to one."""
LEADING = 4
"""So many letters of a common beginning count."""
ROUNDED = 1e-9
"""More than all rounding together: what falls short by so much does so exactly."""


@kernel
def room(longest: int) -> int:
    """How much scratch two texts of at most so many bytes need: bytes for similarity, int32 for
    distance."""
    return 4 * longest + 2 * (AROUND + BEHIND) + 512


@kernel
def jaro_needed(at_least: float, leading: int) -> float:
    """The least that Jaro must give for Winkler to reach what is asked, but for rounding."""
    if at_least <= BOOSTED:
        return at_least
    return max(BOOSTED, (at_least - EACH * leading) / (1.0 - EACH * leading))


@kernel
def may_reach(n: int, m: int, shared: int, needed: float) -> bool:
    """Can Jaro be so much where at most so many letters are shared? No is certain."""
    return shared * (n + m) >= (3.0 * needed - 1.0 - ROUNDED) * n * m


@kernel
def _jaro(n: int, m: int, shared: int, moved: int) -> float:
    """Jaro's formula, summed in DuckDB's order."""
    whole = float(shared)
    return over(
        over(whole, float(n)) + over(whole, float(m)) + over(float(shared - (moved >> 1)), whole),
        3.0,
    )


@kernel
def _short(left: int, n: int, right: int, m: int, needed: float) -> float:
    """Jaro of texts of 1 to 64 bytes, or nought where that is less than is needed."""
    reach = (max(n, m) >> 1) - 1
    if reach < 0:
        return 1.0 if letter(left) == letter(right) else 0.0
    near, free = first(reach + 1), first(n)
    taken = paired = crossed = 0
    for j in range(m):
        wanted = letter(right + j)
        found = among_32(left, wanted) if n <= 32 else among_64(left, wanted)
        found &= near & free & ~taken
        crossed |= taken & -(found & -found)
        taken |= found & -found
        paired |= int(found != 0) << j
        near = (near << 1) | int(j < reach)
    shared = ones(taken)
    if shared == 0 or not may_reach(n, m, shared, needed):
        return 0.0
    moved = 0
    while crossed and taken:
        moved += int(letter(left + lowest(taken)) != letter(right + lowest(paired)))
        taken &= taken - 1
        paired &= paired - 1
    return _jaro(n, m, shared, moved)


@kernel
def _long(left: int, n: int, right: int, m: int, spare: int) -> float:
    """Jaro of texts of any length: a byte of the spare room is one where a letter is paired."""
    if n == 1 and m == 1:
        return 1.0 if letter(left) == letter(right) else 0.0
    reach = (max(n, m) >> 1) - 1
    paired = marks(spare)
    for k in range(n + m):
        paired[k] = 0
    shared = 0
    for j in range(m):
        start, end = max(0, j - reach), min(n, j + reach + 1)
        while start < end:
            width = min(BEHIND, end - start)
            found = among_64(left + start, letter(right + j)) & first(width)
            while found and paired[start + lowest(found)]:
                found &= found - 1
            if found:
                paired[start + lowest(found)] = paired[n + j] = 1
                shared += 1
                break
            start += width
    if shared == 0:
        return 0.0
    moved = j = 0
    for i in range(n):
        if paired[i]:
            while not paired[n + j]:
                j += 1
            moved += int(letter(left + i) != letter(right + j))
            j += 1
    return _jaro(n, m, shared, moved)


@kernel
def jaro_between(left: int, n: int, right: int, m: int, at_least: float, spare: int) -> float:
    """jaro_similarity, or less than `at_least`, of texts given by address."""
    if n == 0 or m == 0 or not may_reach(n, m, min(n, m), at_least):
        return 0.0
    if n <= BEHIND and m <= BEHIND:
        return _short(left, n, right, m, at_least)
    return _long(left, n, right, m, spare)


@kernel
def jaro_winkler_between(
    left: int, n: int, right: int, m: int, at_least: float, spare: int
) -> float:
    """jaro_winkler_similarity, or less than `at_least`, of texts given by address."""
    if n == 0 or m == 0:
        return 0.0
    leading = alike(left, right, min(LEADING, n, m))
    found = jaro_between(left, n, right, m, jaro_needed(at_least, leading), spare)
    return fused(EACH * leading, 1.0 - found, found) if found > BOOSTED else found
