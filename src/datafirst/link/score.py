"""How strongly does each pair of records suggest one person? Applies a trained model."""

from collections.abc import Mapping
from typing import Any

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel, Specification

from . import guards
from .inputs import RECORD_OF, Records, inputs
from .records import digest
from .settings import compared, rule
from .standardise import literal
from .vetoes import unvetoed

PAIRS_AT_ONCE = 40_000_000
"""Candidate pairs that are held at once: 40 million take about 2 GB."""

DECIMALS = 6
"""Of a match weight, so that edges are the same to the byte on any machine."""


NOTHING = (
    "SELECT '' AS dataset_l, 0 AS n_l, '' AS dataset_r, 0 AS n_r, 0.0::DOUBLE AS match_weight "
    "WHERE false"
)
"""The pairs of a model that has nothing to compare."""


def score(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    trained: Mapping[str, Any],
    records: Records,
    above: float,
    into: str = "edges",
) -> dict[str, int]:
    """Make the table `into` of edges: dataset_l, _row_l, dataset_r, _row_r, match_weight,
    match_probability, model, in that order, of every candidate pair whose weight is at least
    `above`; each pair once. Returns how many candidate pairs each blocking rule gave.

    Datasets of the model that `records` lacks are not compared; a link model needs two that are
    there, else nothing is scored. LinkageRefused where the model was trained for other
    comparisons or another way of standardising, or where its blocking rules give more pairs than
    it allows.
    """
    model = fitting(spec, trained)
    if len(set(model.datasets) & set(records)) < min(2, len(model.datasets)):
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_edges(model, NOTHING)}')
        return {}
    with inputs(con, model, records, variants=True) as tables:
        counts = guards.records_of(con, model, tables)
        pairs = guards.candidate_pairs(con, model, tables)
        settings = settings_now(model, trained, counts)
        with guards.engine(con) as db:
            linker = guards.linker(guards.frames(db, tables), settings)
            chunks = 1 + sum(pairs.values()) // PAIRS_AT_ONCE
            found = linker.inference.predict(
                threshold_match_weight=above,
                num_chunks_left=1,
                num_chunks_right=chunks,
                warning_mode="never",
            )
            spared = unvetoed(spec, model, records, _pairs(model, found.physical_name))
            con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {_edges(model, spared)}')
    return pairs


def fitting(spec: Specification, trained: Mapping[str, Any]) -> LinkModel:
    """The model of the specification that this trained one was trained for."""
    name = trained["model"]
    if name not in spec.linkage.models:
        raise LinkageRefused(f"model {name}: the specification has no such model")
    model = spec.linkage.models[name]
    differs = [
        what
        for what, then, now in (
            ("version", trained["version"], model.version),
            ("standardising", trained["standardised"], digest(spec, model)),
            ("comparisons or training", trained["compared"], compared(spec, model)),
        )
        if then != now
    ]
    if differs:
        raise LinkageRefused(
            f"model {name}: its {' and '.join(differs)} changed since it was trained; put it "
            "back, or give the changed model a file of its own, train it and name it in the release"
        )
    return model


def settings_now(
    model: LinkModel, trained: Mapping[str, Any], counts: Mapping[str, int]
) -> dict[str, Any]:
    """The trained settings, with today's blocking and the prior for today's number of records."""
    prior = trained["splink"]["probability_two_random_records_match"]
    return {
        **trained["splink"],
        "probability_two_random_records_match": guards.prior_now(prior, trained["records"], counts),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule(columns), "sql_dialect": "duckdb"} for columns in model.block_on
        ],
    }


def _pairs(model: LinkModel, found: str) -> str:
    """What Splink found: dataset and number of both records, and the weight."""
    alone = literal(model.datasets[0]) if len(model.datasets) == 1 else None
    ends = ", ".join(
        f"{alone or f'source_dataset_{side}'} AS dataset_{side}, unique_id_{side} AS n_{side}"
        for side in "lr"
    )
    return f"SELECT {ends}, match_weight FROM {found}"


def _edges(model: LinkModel, pairs: str) -> str:
    """Edges in one order, the smaller record on the left, whatever order they were found in.

    Records that are written in several ways are as alike as their likest ways; a record is not
    compared with itself.
    """
    left, right = (f"{{dataset: dataset_{side}, n: n_{side} {RECORD_OF}}}" for side in "lr")
    return (
        f"WITH ends AS (SELECT least({left}, {right}) AS l, greatest({left}, {right}) AS r, "
        f"match_weight FROM ({pairs})), pairs AS (SELECT l, r, round(max(match_weight), "
        f"{DECIMALS}) AS match_weight FROM ends WHERE l <> r GROUP BY l, r) "
        "SELECT l.dataset AS dataset_l, l.n AS _row_l, r.dataset AS dataset_r, r.n AS _row_r, "
        f"match_weight, round(1 / (1 + pow(2.0, -match_weight)), {DECIMALS}) AS match_probability, "
        f"{literal(model.id)} AS model FROM pairs ORDER BY ALL"
    )
