"""What is compared with what, to say who is who?"""

from enum import StrEnum
from typing import Literal

from pydantic import StrictStr

from .words import Frozen, Name, Proportion, Sentence, Version


class FieldKind(StrEnum):
    """How a linkage field is standardised (link.standardise)."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    DATE = "date"
    POSTCODE = "postcode"
    PNC = "pnc"
    CRO = "cro"
    CODE = "code"
    TEXT = "text"


class LinkField(Frozen):
    """A field that every dataset is standardised to."""

    kind: FieldKind
    description: Sentence
    recode: dict[StrictStr, StrictStr] = {}
    """For a code: each system's codes brought to one."""


class Dataset(Frozen):
    """One source's records for linkage: one row of identifying details about one appearance."""

    id: Name
    title: str
    system: Name
    table: Name
    """The table whose rows are the records."""
    joins: tuple[str, ...] = ()
    """`table using (column)`, for the other tables that hold identifying details."""
    person_when: str = "true"
    """An SQL condition: who is a person. Others (companies) are never linked."""
    where: str = "true"
    truth: Name | None = None
    """The variable (role truth) that says who is who, where the data are labelled."""


class Comparison(Frozen):
    field: Name
    compare: Name
    """A way to compare: see link.comparisons."""
    frequency: bool = False
    """Weigh agreement on rare values more (term frequency adjustment)."""
    thresholds: tuple[float, ...] = ()
    against: Name | None = None
    """Another field of the right-hand record, where two fields are compared crosswise."""


class Training(Frozen):
    """How m, u and the prior are estimated."""

    prior_rules: tuple[tuple[Name, ...], ...]
    prior_recall: Proportion
    """The share of true matches that the prior rules find."""
    em_rules: tuple[tuple[Name, ...], ...]
    em_max_pairs: int
    u_max_pairs: int
    seed: int


class LinkModel(Frozen):
    """How the records of one dataset (dedupe) or of several (link) are compared."""

    id: Name
    title: str
    version: Version
    datasets: tuple[Name, ...]
    produces: Literal["people", "journeys"]
    comparisons: tuple[Comparison, ...]
    block_on: tuple[tuple[Name, ...], ...]
    pairs_up_to: int
    """Candidate pairs of all blocking rules together, above which the model is refused."""
    training: Training


class Linkage(Frozen):
    fields: dict[Name, LinkField] = {}
    datasets: dict[Name, Dataset] = {}
    models: dict[Name, LinkModel] = {}
