"""What has changed from one release to another, and why? Names, descriptions and counts only."""

from .people import ids, people
from .reasons import Change, pseudonyms, reasons, recounted
from .rows import rows
from .side import Side
from .structure import codes, tables, variables

__all__ = [
    "Change",
    "Side",
    "codes",
    "ids",
    "people",
    "pseudonyms",
    "reasons",
    "recounted",
    "rows",
    "tables",
    "variables",
]
