"""How often are two records at random one person's, and how often do others agree? Prior and u."""

from collections.abc import Mapping
from typing import Any

import duckdb

from datafirst.spec import LinkModel, Specification

from . import guards
from .agreement import LEAST, RARE, agreement, bounded, equal_levels, with_exact_u, without_matches
from .em import saved, share_of_matches
from .engine.columns import Columns
from .engine.learn import learn_prior, learn_u
from .settings import rule, settings


def prior_and_u(
    con: duckdb.DuckDBPyConnection,
    over: guards.Frames,
    tables: Mapping[str, str],
    spec: Specification,
    model: LinkModel,
    possible: float,
    of: Columns | None,
) -> dict[str, Any]:
    """The settings with the prior and a u for every level. LinkageRefused, before any EM, where
    a level was not observed.

    `over` are the tables as Splink knows them, `possible` how many pairs their records make, `of`
    their columns if the engine compares the pairs.
    """
    begun = _sampled(over, model, settings(spec, model), of)
    sampled = min(model.training.u_max_pairs, possible)
    exact = _exact_u(con, over, tables, model, begun, of) | bounded(model, begun, sampled)
    chance = with_exact_u(begun, exact)
    guards.observed(model, chance, ("u",))
    return chance


def _sampled(
    over: guards.Frames, model: LinkModel, made: dict[str, Any], of: Columns | None
) -> dict[str, Any]:
    training = model.training
    linker = guards.linker(over, made)
    certain = [rule(each) for each in training.prior_rules]
    if of is not None:
        learn_prior(linker, of, certain, training.prior_recall)
        learn_u(linker, of, training.u_max_pairs, training.seed)
    else:
        linker.training.estimate_probability_two_random_records_match(
            certain, recall=training.prior_recall
        )
        linker.training.estimate_u_using_random_sampling(
            # Splink stops once it has a hundred pairs of each level, all from a few records.
            max_pairs=training.u_max_pairs,
            seed=training.seed,
            min_count_per_level=None,
        )
    return saved(linker)


def _exact_u(
    con: duckdb.DuckDBPyConnection,
    over: guards.Frames,
    tables: Mapping[str, str],
    model: LinkModel,
    begun: dict[str, Any],
    of: Columns | None,
) -> dict[tuple[str, str], float]:
    """u of every "equal" level, with the matches among the agreeing pairs taken out.

    How many those are is found by EM among the pairs that agree.
    """
    prior = begun["probability_two_random_records_match"]
    levels = list(equal_levels(model))
    found = {(c, x): agreement(con, column, list(tables.values())) for c, x, column in levels}
    first = with_exact_u(begun, {k: max(u, LEAST) for k, u in found.items()})
    exact = {}
    for comparison, label, column in levels:
        agreeing, matching = found[comparison, label], 0.0
        if 0 < agreeing < RARE * prior:
            matching = share_of_matches(over, model, first, rule((column,)), of)
        exact[comparison, label] = without_matches(agreeing, matching, prior)
    return exact
