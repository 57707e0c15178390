"""In which ways are values compared that the search tried and the project does not use?"""

from collections.abc import Callable

from datafirst.link.comparisons import Level, Way
from datafirst.spec import Comparison


def _place(c: Comparison) -> Way:
    """Postcode and place of birth as one comparison."""
    f, b = c.field, str(c.against)
    same = '"{0}_l" = "{0}_r"'.format
    levels = (
        Level("same", same(f), f, f if c.frequency else None),
        Level("one letter apart", f'levenshtein("{f}_l", "{f}_r") <= 1'),
        Level("same sector", same(f"{f}_sector")),
        Level("same district and place", f"{same(f'{f}_district')} AND {same(b)}"),
        Level("same place", same(b), frequency=b if c.frequency else None),
        Level("same district", same(f"{f}_district")),
        Level("same area", same(f"{f}_area")),
    )
    missing = '("{0}_l" IS NULL OR "{0}_r" IS NULL)'.format
    columns = (f, b, f"{f}_sector", f"{f}_district", f"{f}_area")
    return Way(f"{missing(f)} AND {missing(b)}", levels, {name: name for name in columns})


WAYS: dict[str, Callable[[Comparison], Way]] = {"place": _place}
