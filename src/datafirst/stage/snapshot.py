"""Which snapshot is meant: of which system, of which day?"""

from datetime import date

from datafirst.errors import SpecificationError
from datafirst.spec import Specification, System


def system_named(spec: Specification, name: str) -> System:
    """A system of the specification. SpecificationError for an unknown one."""
    if name not in spec.systems:
        known = ", ".join(sorted(spec.systems)) or "none"
        raise SpecificationError(f"unknown system {name}: config/sources describes {known}")
    return spec.systems[name]


def day(text: date | str) -> date:
    """A snapshot's date. SpecificationError where it is not one."""
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError:
        raise SpecificationError("a snapshot is named by a date, YYYY-MM-DD") from None
