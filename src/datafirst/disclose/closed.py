"""Is every released column of a kind that cannot carry an identifier? All others are refused."""

from collections.abc import Iterable, Iterator

from datafirst.deidentify.pseudonyms import PATTERN
from datafirst.errors import DisclosureRefused
from datafirst.spec import Role, Table, Treatment, Type, Variable

NEVER = (Role.DIRECT_IDENTIFIER, Role.TRUTH)


def closed(tables: Iterable[Table]) -> None:
    """Raises DisclosureRefused naming every released variable that may not be there."""
    faults = [
        f"{table.id}.{variable.name}: {fault}"
        for table in tables
        for variable in table
        for fault in _faults(variable)
    ]
    if faults:
        raise DisclosureRefused("\n".join(faults))


def _faults(variable: Variable) -> Iterator[str]:
    if variable.role in NEVER:
        yield f"a {variable.role} never leaves"
    if variable.role is Role.INTERNAL_ID and variable.release is not Treatment.PSEUDONYMISE:
        yield "an internal_id leaves only as a pseudonym"
    if variable.role is Role.LINKAGE and variable.release is Treatment.KEEP:
        yield "a variable for linkage leaves only reduced"
    if variable.release is Treatment.PSEUDONYMISE and not pseudonymous(variable):
        yield f"a pseudonym is a string of the pattern {PATTERN}"
    if variable.type is Type.STRING and variable.codes is None and variable.pattern is None:
        yield "free text: give it a code list or a pattern, or drop it"


def pseudonymous(variable: Variable) -> bool:
    """Whether the variable is declared to hold pseudonyms."""
    return variable.type is Type.STRING and variable.pattern == PATTERN


def opens(variable: Variable) -> bool:
    """Whether the variable could hold text that nobody listed: it is scanned for identifiers."""
    return variable.type is Type.STRING and variable.codes is None
