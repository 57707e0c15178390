"""How are the columns of linkage records called where people read?"""

import re
from collections.abc import Iterable

PARTS = {
    "_initial": "initial",
    "_3": "first 3 letters",
    "_year_month": "year and month",
    "_day_month": "day and month",
    "_year": "year",
    "_sector": "sector",
    "_district": "district",
    "_area": "area",
    "_soundex": "sound",
}
"""What stands at the end of the name of a part of a field (link.standardise)."""
CAPITALS = re.compile(r"\b(asn|cro|crn|noms|pnc|ptiurn|upn)\b", re.IGNORECASE)


def said(column: str) -> str:
    """A field, a part of one or a comparison of several, in words."""
    for end, words in PARTS.items():
        if column.endswith(end):
            return f"{said(column.removesuffix(end))} ({words})"
    spaced = re.sub(r"(?<=[a-z])(?=\d)", " ", column.replace("_", " "))
    return CAPITALS.sub(lambda found: found[0].upper(), spaced[:1].upper() + spaced[1:])


def together(columns: Iterable[str], by: str = " and ") -> str:
    """Several of them in one phrase, of which only the first begins with a capital."""
    first, *rest = map(said, columns)
    return by.join([first, *(x if x[:2].isupper() else x[:1].lower() + x[1:] for x in rest)])
