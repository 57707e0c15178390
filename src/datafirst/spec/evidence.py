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
    standard: Found
    loose: Found
    groups: tuple[OfGroup, ...] = ()
