"""What is an edge? Two records and how strongly they suggest one person."""

import math

from datafirst.spec import LinkModel

from .inputs import RECORD_OF
from .standardise import literal

DECIMALS = 6
"""Of a match weight, so that edges are the same to the byte on any machine."""

KEPT_BELOW = 4.0
"""Bits below the lowest threshold down to which edges are kept: nobody is brought together by
them, but they show how near a record came to somebody else, and what another threshold would do."""

NOTHING = (
    "SELECT '' AS dataset_l, 0 AS n_l, '' AS dataset_r, 0 AS n_r, 0.0::DOUBLE AS match_weight "
    "WHERE false"
)
"""The pairs of a model that has nothing to compare."""


def floor(model: LinkModel) -> float:
    """The match weight from which edges are kept."""
    return model.floor - KEPT_BELOW


def edges_of(model: LinkModel, pairs: str, prior: float) -> str:
    """Edges in one order, the smaller record on the left, whatever order they were found in.

    Records that are written in several ways are as alike as their likest ways; a record is not
    compared with itself.
    """
    left, right = (f"{{dataset: dataset_{side}, n: n_{side} {RECORD_OF}}}" for side in "lr")
    return (
        f"WITH ends AS (SELECT least({left}, {right}) AS l, greatest({left}, {right}) AS r, "
        f"match_weight FROM ({pairs})), pairs AS (SELECT l, r, "
        f"round(round(max(match_weight), {DECIMALS}) + {prior!r}, {DECIMALS}) AS match_weight "
        "FROM ends WHERE l <> r GROUP BY l, r) "
        "SELECT l.dataset AS dataset_l, l.n AS _row_l, r.dataset AS dataset_r, r.n AS _row_r, "
        f"{weighed(model)} FROM pairs WHERE match_weight >= {floor(model)!r} ORDER BY ALL"
    )


def weighed(model: LinkModel) -> str:
    """The columns of an edge that follow from its match weight and its model."""
    limits = model.thresholds
    levels = (limits.strict, limits.standard, limits.loose) if limits else (math.inf, model.above)
    cases = " ".join(
        f"WHEN match_weight >= {limit!r} THEN {strength}"
        for strength, limit in zip((3, 2, 1), levels, strict=False)
        if limit is not None and limit < math.inf
    )
    return (
        f"match_weight, round(1 / (1 + pow(2.0, -match_weight)), {DECIMALS}) AS match_probability, "
        f"{literal(model.id)} AS model, (CASE {cases} ELSE 0 END)::TINYINT AS strength"
    )
