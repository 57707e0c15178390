"""What may become of a variable before it leaves: what is done, and what is then true?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from datafirst.spec import Treatment, Type, Variable

from .pseudonyms import PATTERN

OUTWARD_CODE = "[A-Z]{1,2}[0-9][0-9A-Z]?"
POSTCODE = f"^ *({OUTWARD_CODE}) *[0-9][A-Z]{{2}} *$"


def _literal(pattern: str) -> str:
    """A pattern as it must stand in a text that is formatted."""
    return pattern.replace("{", "{{").replace("}", "}}")


def _none(bound: Any) -> None:
    return None


def _same(bound: Any) -> Any:
    return bound


def _month(bound: Any) -> Any:
    return bound.replace(day=1) if isinstance(bound, date) else None


def _year(bound: Any) -> Any:
    return bound.year if isinstance(bound, date) else None


DERIVED = "_derived"
"""The alias of the table that is released. Without it a variable named like its kind of pseudonym
would mean the table of pseudonyms; no variable's name begins so."""


@dataclass(frozen=True)
class Change:
    """One treatment: what the researcher is told of it, and what is done."""

    sentence: str
    sql: str
    """{column} stands for the quoted column, {kind} for the kind of thing it identifies."""
    becomes: Type | None = None
    """The type afterwards, where it changes."""
    pattern: str | None = None
    """What every value looks like afterwards."""
    bound: Callable[[Any], Any] = _none
    """What a minimum or maximum becomes."""
    suits: tuple[Type, ...] = tuple(Type)

    def expression(self, variable: Variable) -> str:
        """The SQL that makes the variable, of a relation with the alias DERIVED."""
        return self.sql.format(column=f'{DERIVED}."{variable.name}"', kind=variable.identifies)

    def describe(self, variable: Variable, treatment: Treatment) -> Variable:
        """The variable as it is afterwards, with only those constraints that still hold."""
        done: dict[str, Any] = {"release": treatment, "links_as": None, "format": None}
        if treatment is not Treatment.KEEP:
            done |= {
                "type": self.becomes or variable.type,
                "description": f"{variable.description} {self.sentence}",
                "pattern": self.pattern,
                "codes": None,
                "codes_list": None,
                "unit": None,
                "minimum": self.bound(variable.minimum),
                "maximum": self.bound(variable.maximum),
            }
        return variable.model_copy(update=done)


CHANGES = {
    Treatment.KEEP: Change("Supplied as recorded.", "{column}", bound=_same),
    Treatment.PSEUDONYMISE: Change(
        "Replaced by a pseudonym that has no meaning outside this recipient's data.",
        '(SELECT _made.pseudonym FROM pseudonyms."{kind}" AS _made '
        "WHERE _made.value = CAST({column} AS VARCHAR))",
        becomes=Type.STRING,
        pattern=PATTERN,
        suits=(Type.STRING, Type.INTEGER),
    ),
    Treatment.YEAR: Change(
        "Reduced to the year.",
        "year({column})",
        becomes=Type.INTEGER,
        bound=_year,
        suits=(Type.DATE,),
    ),
    Treatment.YEAR_MONTH: Change(
        "Reduced to the month, written as its first day.",
        "date_trunc('month', {column})::DATE",
        bound=_month,
        suits=(Type.DATE,),
    ),
    Treatment.OUTWARD_CODE: Change(
        "Reduced to the outward code; empty where the postcode is not a whole one.",
        f"nullif(regexp_extract(upper({{column}}), '{_literal(POSTCODE)}', 1), '')",
        pattern=OUTWARD_CODE,
        suits=(Type.STRING,),
    ),
}
"""Every treatment but drop, after which nothing is left to describe."""
