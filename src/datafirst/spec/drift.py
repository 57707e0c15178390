"""By how much may the linkage of a release differ from that of the release before it?"""

from typing import Annotated

from pydantic import Field, StringConstraints

from .words import Frozen, Sentence

Positive = Annotated[float, Field(gt=0)]


class Bound(Frozen):
    """Up to here a difference is reported, beyond it refused."""

    says: Sentence
    """What is compared."""
    at_most: Positive
    because: Sentence
    """Why so far and no further."""


class Drift(Frozen):
    """linkage/drift.toml: a bound for each kind of thing that drifts."""

    fewest: int = Field(ge=1)
    """What is counted less often than this in both releases is told and never refused."""
    m: Bound
    u: Bound
    prior: Bound
    completeness: Bound
    records: Bound
    pairs: Bound
    edges: Bound
    weights: Bound
    people: Bound
    linked: Bound
    journeys: Bound

    def bounds(self) -> dict[str, Bound]:
        """Every bound by its kind."""
        named = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: bound for name, bound in named if isinstance(bound, Bound)}


class Accepted(Frozen):
    """A difference beyond its bound that somebody has looked into, and that is real."""

    moved: Annotated[str, StringConstraints(pattern=r"^[a-z]+: .+$")]
    """What, as the refusal names it: `completeness: magistrates: postcode`."""
    up_to: Positive
    """How far it has moved. Should it move further, it is looked into again."""
    because: Sentence
