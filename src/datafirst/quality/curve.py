"""What would another threshold find? Precision and recall of edges from each match weight on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from datafirst.spec import LinkModel

from .estimate import Measured, measured, reviewed_pairs
from .intervals import DRAWS
from .possible import own, possible
from .tally import KINDS, Drawn, Tally, drawn

STEP, HIGHEST = 0.5, 24.0
"""Bits from one threshold to the next, and where the curve ends."""


@dataclass(frozen=True)
class Point:
    """The edges of one model from one match weight on."""

    model: str
    weight: float
    links: Measured
    """The edges themselves, and not what is one person through them or through others."""


def curve(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[LinkModel],
    sample: str = "sample",
    settled: str = "settled",
    known: str = "sample_known",
    draws: int = DRAWS,
) -> Iterator[Point]:
    """For every model that finds people, from the lowest weight of the sample upwards.

    Precision is of the edges themselves. Recall is of all matches of the datasets that the model
    compares, whether an edge or others in between bring them together: what edges alone would
    find. `known` (known.py) bounds how many pairs may stand on either side of a weight.
    """
    reviewed = reviewed_pairs(sample, settled)
    strata = drawn(con, reviewed)
    for model in models:
        if model.produces == "people":
            there = possible(con, model, strata, sample, known)
            for weight, pairs in _from_each_weight(con, model, reviewed, strata):
                bounded = there.by_weight(pairs, weight)
                yield Point(model.id, weight, measured("model", model.id, bounded, draws))


STEPS = """
SELECT stratum, floor(match_weight / {step}), decision, count(*) FROM {reviewed}
WHERE {own} GROUP BY ALL ORDER BY ALL"""


def _from_each_weight(
    con: duckdb.DuckDBPyConnection, model: LinkModel, reviewed: str, strata: Drawn
) -> Iterator[tuple[float, Tally]]:
    """The pairs of the model's datasets, linked where their edge has the weight or more."""
    query = STEPS.format(step=STEP, reviewed=reviewed, own=own(model))
    rows = con.execute(query).fetchall()
    place = {name: i for i, name in enumerate(strata.names)}
    weighed = [step for _, step, _, _ in rows if step is not None]
    if not weighed:
        return
    for step in range(int(min(weighed)), int(min(max(weighed), HIGHEST / STEP)) + 1):
        counts = {kind: np.zeros(len(place)) for kind in KINDS}
        for stratum, at, decision, n in rows:
            counts[at is not None and at >= step, decision][place[stratum]] += n
        weight = step * STEP
        yield weight, Tally(f"{model.id} from {weight}", strata, counts)


def from_weight(weight: float) -> str:
    """Whether a pair is linked by its own edge."""
    return f"coalesce(match_weight >= {weight}, false)"
