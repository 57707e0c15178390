"""By which rules, tried in which order, are the records of two datasets one person?"""

from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator

from .words import Frozen, Name, Sentence, Version

FIVE = ("forename1", "surname", "date_of_birth", "sex", "postcode")
"""The identifiers that police and schools both hold."""
EXACT = 3
"""How many of the five are equal in every rule: names and dates may be alike in the rest only."""
STRONG = ("pnc", "cro", "noms_number")
"""Fields that name one person by themselves; a rule that agrees on one may do with less."""

TOLD_APART_BY = ("sex", "ethnicity", "date_of_birth")
"""The fields by which match rates tell people apart."""


class Alike(Frozen):
    """A field in which two records are alike, where it need not be equal."""

    field: Name
    by: Literal[
        "jaro_winkler",
        "soundex",
        "shortened",
        "swapped_with",
        "one_digit_apart",
        "day_and_month_swapped",
    ]
    """See link.alike."""
    at_least: float | None = Field(default=None, gt=0.0, lt=1.0)
    """For jaro_winkler: the similarity from which on two names are alike."""
    against: Name | None = None
    """For swapped_with: the field that its value is found in."""

    @model_validator(mode="after")
    def says_what_its_way_needs(self) -> Self:
        for way, key in (("jaro_winkler", "at_least"), ("swapped_with", "against")):
            if (self.by == way) != (getattr(self, key) is not None):
                raise ValueError(f"`{key}` goes with {way}, and {way} with it")
        return self


class Rung(Frozen):
    """One rule: two records of whom it holds are one person, if it holds of no other."""

    name: Name
    says: Sentence
    agree: tuple[Name, ...] = Field(min_length=1)
    """Columns of linkage records (fields, or parts of fields) that are equal."""
    alike: tuple[Alike, ...] = ()


class Ladder(Frozen):
    """Deterministic linkage of one dataset to another: rules from the strictest down."""

    id: Name
    title: str
    version: Version
    left: Name
    """The dataset that holds each person once, and whose people name the individuals."""
    right: Name
    one_to_one: bool
    """Whether a person has one record on the right, or any number."""
    left_when: str = "true"
    """An SQL condition over the fields that the rules read, sex, ethnicity and date_of_birth: who
    of the left is looked for. Match rates and recall are of them."""
    pairs_up_to: PositiveInt
    """Pairs that agree on the columns of one rule, above which the ladder is refused."""
    rules: tuple[Rung, ...] = Field(min_length=1)

    @property
    def datasets(self) -> tuple[str, str]:
        return self.left, self.right
