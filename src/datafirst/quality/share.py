"""What part of a whole is it, and which numbers are too small to be told to others?

The sizes are those of the catalogue's counts (catalogue.publishable). They stand here because what
is worked out of such counts must not say more than they do.
"""

FEW = 10
"""A count below this is never published, nor a value that fewer rows hold."""
PERCENTAGES_FROM = 100
"""A percentage of fewer rows would give small counts away, and says little."""
DIGITS = 6
"""Of a share, because sums of fractions differ in the sixteenth with the order of addition."""


def share(part: float, whole: float) -> float | None:
    """A share as it is told; of nothing there is none."""
    return round(part / whole, DIGITS) if whole else None


def rounded(count: int) -> int:
    """A count to the nearest 10."""
    return (count + FEW // 2) // FEW * FEW


def few(count: int) -> bool:
    """Whether a count is too small to be told, though not nothing."""
    return 0 < count < FEW


def told(count: int) -> int:
    """What others can know of a count: it rounded, and nothing where it is not told."""
    return 0 if few(count) else rounded(count)


def hidden(part: int, whole: int) -> bool:
    """Whether a share would give few away: its part, the rest of its whole, or too small a whole.

    A share of rounded counts says no more than they do. But that 100 of 100 are 100% while 100 of
    100 are not given says something of the rest, so that it is the rest that decides.
    """
    return whole < PERCENTAGES_FROM or few(part) or few(whole - part)
