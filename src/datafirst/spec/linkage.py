"""What is compared with what, to say who is who?"""

from enum import StrEnum
from itertools import combinations
from typing import Literal, Self

from pydantic import Field, PositiveInt, StrictStr, model_validator

from .drift import Drift
from .evidence import Evidence
from .groups import Area, Tradition
from .ladder import Ladder
from .words import Frozen, Name, Proportion, Sentence, TableName, Version


class FieldKind(StrEnum):
    """How a linkage field is standardised (link.standardise)."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    DATE = "date"
    DATES = "dates"
    """Several days of one kind: each day once, in order."""
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
    table: TableName
    """The table whose rows are the records."""
    joins: tuple[str, ...] = ()
    """`table using (column)`, for the other tables that hold identifying details."""
    person_when: str = "true"
    """An SQL condition: who is a person. Others (companies) are never linked."""
    where: str = "true"
    query: str | None = None
    """The .sql beside the file, where a record's fields stand in several rows (other names,
    earlier addresses, numbers by type): it yields `_row`, `variant` and fields."""
    released_in: str | None = None
    """`share.table`: where researchers find these records, for the links between datasets."""
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


MOST_PAIRS = 20_000_000
"""That training compares at once, in some 3 GB. One million was seen to move no m by more than
0.0025 from what 42 million said."""


class Training(Frozen):
    """How m, u and the prior are estimated."""

    prior_rules: tuple[tuple[Name, ...], ...] = Field(min_length=1)
    prior_recall: float = Field(gt=0, le=1)
    """The share of true matches that the prior rules find."""
    em_rules: tuple[tuple[Name, ...], ...] = Field(min_length=1)
    em_max_pairs: int = Field(gt=0, le=MOST_PAIRS)
    """How many pairs of a rule EM compares: always capped, for uncapped it takes hours."""
    u_max_pairs: int = Field(gt=0, le=MOST_PAIRS)
    seed: int


class Veto(Frozen):
    """Pairs of records that are two people, however much they agree."""

    says: Sentence
    when: str
    """An SQL condition over two linkage records, aliases `l` and `r`."""


class Impossible(Frozen):
    """Records of one cluster that cannot be one person: the cluster is cut between them."""

    id: Name
    title: str
    says: Sentence
    dataset: Name | None = None
    """The dataset whose records the rule is about; none where it is about all."""
    query: str | None = None
    """The .sql beside the file. About one dataset, it reads `together` (_row, person: the
    dataset's records by cluster) and the system's tables, and yields the pairs `_row_l`, `_row_r`.
    About all, it reads `together` (dataset, _row, person) and `records` (linkage records with the
    fields that the release's models read), and yields `dataset_l`, `dataset_r` too."""


class Bridges(Frozen):
    """How groups of records that too little connects are taken apart (link.groups)."""

    id: Name
    title: str
    says: Sentence
    few: PositiveInt
    """Groups of up to so many records are too small to say no to an edge."""
    share: Proportion
    """Of the pairs of two larger groups, how many must reach the threshold."""
    certain: float
    """The match weight of an edge that needs no other beside it."""
    records_up_to: PositiveInt
    """Records of one person, at the loose threshold, above which linkage is refused."""


LEVELS = ("strict", "standard", "loose")
"""How strong the evidence must be that two records are one person, from most to least."""


class Thresholds(Frozen):
    """Match weights (log2 Bayes factors) at which two records are one person."""

    strict: float
    standard: float
    loose: float
    because: Sentence
    """Why these and no others."""
    evidence: Evidence | None = None
    """What reviewers found, where they chose (`datafirst evaluate RELEASE --choose`)."""

    @model_validator(mode="after")
    def are_nested(self) -> Self:
        if not self.strict >= self.standard >= self.loose:
            raise ValueError("thresholds must fall from strict to standard to loose")
        return self


class LinkModel(Frozen):
    """How the records of one dataset (dedupe) or of several (link) are compared.

    A release that lacks some of the datasets has those compared that it has.
    """

    id: Name
    title: str
    version: Version
    datasets: tuple[Name, ...]
    produces: Literal["people", "journeys"]
    comparisons: tuple[Comparison, ...]
    block_on: tuple[tuple[Name, ...], ...]
    pairs_up_to: int = Field(gt=0)
    """Candidate pairs of all blocking rules together, above which the model is refused."""
    training: Training
    thresholds: Thresholds | None = None
    """Of a model that finds people."""
    above: float | None = None
    """Of a model that finds journeys: the match weight above which two cases are one."""
    vetoes: tuple[Name, ...] = ()
    like: Name | None = None
    """The model that everything not said was taken from (alike.py)."""

    @model_validator(mode="after")
    def says_from_which_weight(self) -> Self:
        if self.produces == "people" and self.thresholds is None:
            raise ValueError("say [thresholds], the match weights at which records are one person")
        if self.produces == "journeys" and self.above is None:
            raise ValueError("say above, the match weight above which two cases are one journey")
        return self

    @property
    def floor(self) -> float:
        """The match weight from which a pair counts for anything."""
        return self.thresholds.loose if self.thresholds else self.above or 0.0

    @property
    def least(self) -> int:
        """How many of its datasets must be there for it to have anything to compare."""
        return min(2, len(self.datasets))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of datasets whose records it compares: one with itself, or each two."""
        if len(self.datasets) == 1:
            return ((self.datasets[0], self.datasets[0]),)
        return tuple(combinations(sorted(self.datasets), 2))


class Linkage(Frozen):
    fields: dict[Name, LinkField] = {}
    datasets: dict[Name, Dataset] = {}
    models: dict[Name, LinkModel] = {}
    ladders: dict[Name, Ladder] = {}
    vetoes: dict[Name, Veto] = {}
    impossible: dict[Name, Impossible] = {}
    bridges: dict[Name, Bridges] = {}
    drift: Drift | None = None
    regions: dict[str, tuple[Area, ...]] = {}
    """Parts of the country by which error is told, and the postcode areas of each."""
    naming: dict[Name, Tradition] = {}
    """Traditions of naming by which error is told."""
