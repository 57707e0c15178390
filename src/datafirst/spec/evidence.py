"""On what evidence does a model have its thresholds? What clerical reviewers found."""

from typing import Self

from pydantic import Field, model_validator

from .words import Frozen, Proportion, Version


class Within(Frozen):
    """An estimated share, and the 95% interval that it lies in."""

    value: Proportion
    low: Proportion
    high: Proportion

    @model_validator(mode="after")
    def lies_within(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("the estimate does not lie within its interval")
        return self


class Found(Frozen):
    """How right the edges from a match weight on are."""

    precision: Within
    recall: Within


class OfGroup(Frozen):
    """How right the edges from the standard threshold on are among the pairs of one group."""

    by: str
    category: str
    decided: int
    """Pairs of the group that reviewers decided."""
    precision: Within | None = None
    recall: Within | None = None


class Evidence(Frozen):
    """The reviewed sample that thresholds were chosen by."""

    release: Version
    run: str
    sample: str
    pairs: int = Field(ge=1)
    """Pairs of the sample that are of the model's datasets."""
    decided: int
    seed: int
    reviewers: int = Field(ge=1)
    kappa: float | None = None
    """How far two reviewers agree beyond chance (Cohen 1960), where two decided the same pairs."""
    strict: Found
    """Of edges from that match weight on, as the other two."""
    standard: Found
    loose: Found
    links: Found | None = None
    """How right the links between the model's datasets were in the release that the sample was
    drawn from: records of one person, by an edge or through others, after what is taken apart.
    Linked by the thresholds of that time, which these may replace."""
    groups: tuple[OfGroup, ...] = ()
