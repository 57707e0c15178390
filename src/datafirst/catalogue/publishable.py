"""Which figures may stand in a catalogue? Rounded, banded or suppressed, so that no few show."""

import math
from datetime import date

from datafirst.quality.share import FEW, PERCENTAGES_FROM, few, hidden, rounded

__all__ = ["FEW", "PERCENTAGES_FROM", "rounded"]

DIGITS = 3
"""Of a share beside a count: to a tenth of a percent, as all percentages of the catalogue."""

CONFIDENTIAL = "[c]"
NOT_APPLICABLE = "[z]"
SHORTHAND = {
    CONFIDENTIAL: "Suppressed because few rows are concerned.",
    NOT_APPLICABLE: "Not applicable.",
}
"""The shorthand of the Government Analysis Function, so that no cell is empty without a reason."""

Cell = str | int | float


def count(exact: int) -> Cell:
    """A count as published: rounded, or suppressed where it is small but not nothing."""
    return CONFIDENTIAL if few(exact) else rounded(exact)


def percentage(part: int, whole: int) -> Cell:
    """What part of the rows, from rounded counts, to one decimal."""
    if whole < PERCENTAGES_FROM:
        return CONFIDENTIAL
    return round(100 * rounded(part) / rounded(whole), 1)


def share(part: int, whole: int) -> Cell:
    """The same as a share between 0 and 1, suppressed where the part or the rest are few too."""
    return CONFIDENTIAL if hidden(part, whole) else round(rounded(part) / rounded(whole), DIGITS)


def band(exact: int) -> str:
    """How many rows hold a code, as an order of magnitude. None and few look the same."""
    if exact < FEW:
        return f"Fewer than {FEW}"
    low = 10 ** (len(str(exact)) - 1)
    return f"{low:,} to {low * 10 - 1:,}"


def bound(value: int | float | date, held_by: int, *, upper: bool) -> str:
    """An end of a range as published.

    A date is given as its month. A number that few rows hold is rounded outward to two
    significant figures.
    """
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if held_by < FEW:
        value = _outward(value, upper)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _outward(value: int | float, upper: bool) -> int | float:
    if value == 0:
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    result = (math.ceil if upper else math.floor)(value / step) * step
    return round(result) if isinstance(value, int) else round(result, 12)
