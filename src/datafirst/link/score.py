"""How strongly does each pair of records suggest one person? Applies a trained model."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel, Specification

from . import compiled_edges, frequencies, guards
from .by import HERE, Asked, By
from .by import found as compared_by
from .edges import DECIMALS, NOTHING, edges_of, floor
from .inputs import Records, inputs
from .records import digest
from .renewed import restricted
from .settings import compared, rule
from .standardise import literal
from .vetoes import unvetoed


@dataclass(frozen=True)
class Scored:
    """What scoring with a model came to."""

    pairs: dict[str, int]
    """How many candidate pairs each blocking rule gave."""
    prior: float | None = None
    """The part of every match weight that is the prior for this number of records, in bits."""
    by: str = ""
    """What compared the pairs, and if that is not what was asked for, why."""


def score(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    trained: Mapping[str, Any],
    records: Records,
    into: str = "edges",
    changed: str | None = None,
    by: By = HERE,
) -> Scored:
    """Make the table `into` of edges: dataset_l, _row_l, dataset_r, _row_r, match_weight,
    match_probability, model, strength, in that order, of every candidate pair whose weight is at
    least floor(model); each pair once.

    The strength is 3, 2 or 1 from the model's strict, standard or loose threshold up, else 0. Only
    pairs of which a record is in `changed` (a relation of dataset and _row) are scored, where it
    is given. The relation frequencies.table_of(model) must be there.

    Datasets of the model that `records` lacks are not compared; a link model needs two that are
    there, else nothing is scored. LinkageRefused where the model was trained for other comparisons
    or another way of standardising, or where its blocking rules give more pairs than it allows.
    """
    model = fitting(spec, trained)
    if len(set(model.datasets) & set(records)) < model.least:
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {edges_of(model, NOTHING, 0.0)}')
        return Scored({})
    with inputs(con, model, records, variants=True) as tables:
        counts = guards.records_of(con, model, tables)
        pairs = guards.candidate_pairs(con, model, tables)
        prior = prior_weight(trained, counts)
        if changed is not None:
            restricted(con, model, tables, changed)
        # A thousandth of a bit less: what is kept is decided once weights are rounded.
        least, settings = floor(model) - prior - 0.001, settings_now(model, trained, bool(changed))
        with frequencies.looked_up(con, model, tables, trained) as shares, guards.engine(con) as db:
            asked = Asked(settings, tables, shares, least, sum(pairs.values()))
            found, told = compared_by(con, db, by, asked)
            spared = unvetoed(spec, model, records, pairs_found(model, found))
            con.execute(f'CREATE OR REPLACE TABLE "{into}" AS {edges_of(model, spared, prior)}')
            con.execute(f"DROP TABLE IF EXISTS {compiled_edges.FOUND}")
    return Scored(pairs, prior, told)


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


def prior_weight(trained: Mapping[str, Any], counts: Mapping[str, int]) -> float:
    """The prior for so many records by dataset, as a match weight."""
    prior = trained["splink"]["probability_two_random_records_match"]
    now = guards.prior_now(prior, trained["records"], counts)
    return round(math.log2(now / (1 - now)), DECIMALS)


def settings_now(model: LinkModel, trained: Mapping[str, Any], renewed: bool) -> dict[str, Any]:
    """The trained settings with today's blocking, and even odds before any comparison.

    The prior depends on the number of records and is added afterwards, so that a pair has the
    same weight but for a constant in every release.
    """
    only = ' AND (l."changed" OR r."changed")' if renewed else ""
    return {
        **trained["splink"],
        "probability_two_random_records_match": 0.5,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule(columns) + only, "sql_dialect": "duckdb"}
            for columns in model.block_on
        ],
    }


def pairs_found(model: LinkModel, found: str, more: Sequence[str] = ()) -> str:
    """What Splink found: dataset and number of both records, the weight, and what more is asked."""
    alone = literal(model.datasets[0]) if len(model.datasets) == 1 else None
    ends = ", ".join(
        f"{alone or f'source_dataset_{side}'} AS dataset_{side}, unique_id_{side} AS n_{side}"
        for side in "lr"
    )
    return f"SELECT {', '.join([ends, 'match_weight', *more])} FROM {found}"
