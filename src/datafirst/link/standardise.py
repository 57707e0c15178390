"""Which SQL brings a field of a source to the form in which fields are compared?

The rules are those of the Ministry of Justice's own cleaning (placeholders, junk names,
postcodes, PNC and CRO numbers); each is a named step in steps.py.
"""

from functools import reduce

from datafirst.spec import FieldKind, LinkField

from .soundex import soundex
from .steps import STEPS

SQL_TYPES = {
    FieldKind.DATE: "DATE",
    FieldKind.DATE_OF_BIRTH: "DATE",
    FieldKind.DATES: "DATE[]",
}
"""What a field is in DuckDB where it is no text."""


def standardised(field: LinkField, value: str) -> str:
    """The SQL expression of a value (an SQL expression itself) standardised as this field.

    Standardising twice is standardising once, and no value makes it fail. Of a field that holds
    several values, the value is a list.
    """
    start = value if field.kind in SQL_TYPES else f"CAST({value} AS VARCHAR)"
    done = reduce(lambda x, step: step.sql.format(x=x), STEPS[field.kind], start)
    return _recoded(field, done) if field.recode else done


def nothing(field: LinkField) -> str:
    """What stands for the field where a dataset does not have it."""
    return f"CAST(NULL AS {SQL_TYPES.get(field.kind, 'VARCHAR')})"


def parts(name: str, kind: FieldKind) -> dict[str, str]:
    """Columns that are derived once for each record, so that no pair derives them again.

    Comparing pairs was seen to spend half of its time in parsing dates and postcodes.
    """
    match kind:
        case FieldKind.NAME:
            return {
                f"{name}_initial": f"left({name}, 1)",
                f"{name}_3": f"left({name}, 3)",
                f"{name}_soundex": soundex(name),
            }
        case FieldKind.DATE_OF_BIRTH:
            return {
                f"{name}_year": f"year({name})",
                f"{name}_year_month": f"strftime({name}, '%Y-%m')",
                f"{name}_day_month": f"strftime({name}, '%d-%m')",
            }
        case FieldKind.DATES:
            return {f"{name}_last": f"{name}[-1]"}
        case FieldKind.POSTCODE:
            return {
                f"{name}_sector": f"{name}[:-3]",
                f"{name}_district": f"split_part({name}, ' ', 1)",
                f"{name}_area": f"regexp_extract({name}, '^[A-Z]+')",
            }
    return {}


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _recoded(field: LinkField, value: str) -> str:
    """Each system's codes brought to one; a code that is recoded to nothing is null."""
    cases = " ".join(f"WHEN {literal(a)} THEN {literal(b)}" for a, b in field.recode.items())
    return f"nullif(CASE {value} {cases} ELSE {value} END, '')"
