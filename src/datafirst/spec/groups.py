"""By which groups is error told? Regions of postcode areas, and traditions of naming."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from .words import Frozen

FIELDS = (
    "date_of_birth", "ethnicity", "forename1", "postcode", "recorded_on", "sex", "surname",
)  # fmt: skip
"""The linkage fields that groups are read from. One that the records lack is not known."""

Area = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")]
"""The letters that a postcode begins with."""
Capitals = Annotated[str, StringConstraints(pattern=r"^[A-Z]+$")]


def _words(written: object) -> object:
    return tuple(written.split()) if isinstance(written, str) else written


Words = Annotated[
    tuple[Capitals, ...],
    BeforeValidator(_words),
    WithJsonSchema({"type": "string", "description": "Names in capitals, with spaces between."}),
]


class Tradition(Frozen):
    """Frequent names of one tradition, as linkage standardises them."""

    title: str
    surnames: Words
    surname_ends: Words = ()
    """What surnames that nobody lists end with."""
    forenames: Words = ()
    forenames_tell: bool = True
    """Whether a forename tells by itself. Those of the majority are given to everybody."""
