"""How is a Splink model trained without Splink comparing the pairs?

What is estimated, from which records and how often is Splink's own (u from the pairs of a random
sample; m by expectation maximisation over patterns of agreement, Dempster, Laird and Rubin 1977;
Fellegi and Sunter 1969). Only how many pairs show each pattern is counted here: a model comes to
the same numbers. Raises NotUnderstood, with nothing changed, where only Splink can count.
"""

import math
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from splink import Linker
from splink.internals.blocking_rule_creator_utils import to_blocking_rule_creator
from splink.internals.constants import LEVEL_NOT_OBSERVED_TEXT
from splink.internals.em_training_session import EMTrainingSession
from splink.internals.parse_sql import get_columns_used_from_sql

from .columns import Columns
from .conditions import NotUnderstood
from .edges import planned
from .plan import Plan, rule_of, unweighed
from .sample import Records, alone, at_random, of_rule
from .tally import Asked, Tally, tally

VECTORS = "__splink__df_comparison_vectors"
"""How Splink calls the table of what it found of each pair."""


def learn_prior(linker: Linker, of: Columns, rules: Sequence[Any], recall: float) -> None:
    """What linker.training.estimate_probability_two_random_records_match does."""
    records = Records(linker, of)
    asked = tuple(rule_of(_blocking(linker, each)) for each in rules)
    pairs = planned(_checked(records, Plan((), asked, records.across, 0.0)), of, {})
    matches = sum(len(each.left) for each in pairs.edges(-math.inf, records.threads))
    many, own = len(of), records.counts()
    possible = (many**2 - sum(n**2 for n in own)) // 2 if records.across else many * (many - 1) // 2
    if matches > possible * recall:
        raise ValueError("deterministic rules that find more matches than their recall allows")
    linker._settings_obj._probability_two_random_records_match = matches / recall / possible


def learn_u(linker: Linker, of: Columns, max_pairs: float, seed: int | None) -> None:
    """What linker.training.estimate_u_using_random_sampling does, and does not end it early."""
    records = Records(linker, of)
    comparisons = linker._settings_obj.comparisons
    # Each by itself: fewer records differ in what one comparison asks than in everything.
    each = [Asked((unweighed(c),), records.across) for c in comparisons]
    for asked in each:
        _checked(records, asked.plan)
    chosen = of.only(at_random(records, max_pairs, seed))
    tallies = [tally(chosen, asked, records.threads) for asked in each]
    for comparison, found in zip(comparisons, tallies, strict=True):
        _told(comparison, found.of(comparison.output_column_name))
    linker._populate_m_u_from_trained_values()


def _told(comparison: Any, pairs: dict[int, int]) -> None:
    """The shares of the levels as Splink's estimates, and that a level was not observed."""
    known = sum(n for level, n in pairs.items() if level >= 0)
    for level in comparison._comparison_levels_excluding_null:
        found = pairs.get(int(level.comparison_vector_value), 0)
        u = found / known if found else LEVEL_NOT_OBSERVED_TEXT
        level._add_trained_u_probability(u, "estimate u by random sampling")


def learn_m(
    linker: Linker, of: Columns, rule: Any, max_pairs: float, record_sample_proportion: float = 0.01
) -> EMTrainingSession:
    """What linker.training.estimate_parameters_using_expectation_maximisation does, without term
    frequencies and with u as it is."""
    return learnt(linker, rule, patterns(linker, of, rule, max_pairs, record_sample_proportion))


def patterns(
    linker: Linker, of: Columns, rule: Any, max_pairs: float, record_sample_proportion: float = 0.01
) -> Tally:
    """The patterns of agreement of the pairs of a blocking rule, or of a sample of them."""
    records, asks = Records(linker, of), _blocking(linker, rule)
    known = alone(rule_of(asks))
    comparisons = tuple(unweighed(each) for each in _estimated(linker, asks))
    asked = Asked(comparisons, records.across, known.rule)
    _checked(records, asked.plan)
    chosen = of_rule(records, asks, known, max_pairs, record_sample_proportion)
    return tally(chosen, asked, records.threads)


def learnt(linker: Linker, rule: Any, seen: Tally) -> EMTrainingSession:
    """EM over the patterns of a rule, with its estimates in the linker."""
    session, con = _session(linker, rule), linker._db_api.duckdb_con
    core = session.core_model_settings
    each = {c._gamma_column_name: seen.levels[c.output_column_name] for c in core.comparisons}
    table = pa.table({name: pa.array(levels, pa.int32()) for name, levels in each.items()})
    con.register("patterns_told", table.append_column("pairs", pa.array(seen.pairs)))
    names = ", ".join(f'"{name}"' for name in each)
    # Splink counts patterns itself: it is given each as often as it was met.
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {VECTORS} AS "
        f"SELECT {names} FROM (SELECT *, unnest(range(pairs)) FROM patterns_told)"
    )
    try:
        trained = session._train(linker._db_api.table_to_splink_dataframe(VECTORS, VECTORS))
    finally:
        con.execute(f"DROP TABLE {VECTORS}")
        con.unregister("patterns_told")
    linker._settings_obj.core_model_settings = trained
    linker._em_training_sessions.append(session)
    linker._populate_m_u_from_trained_values()
    return session


def _blocking(linker: Linker, rule: Any) -> Any:
    return to_blocking_rule_creator(rule).get_blocking_rule(linker._sql_dialect_str)


def _estimated(linker: Linker, rule: Any) -> list[Any]:
    """The comparisons that a session estimates: those that read no column of its rule."""
    fixed = set(get_columns_used_from_sql(rule.blocking_rule_sql, rule.sqlglot_dialect))
    return [
        each
        for each in linker._settings_obj.comparisons
        if fixed.isdisjoint(c.input_name for c in each._input_columns_used_by_case_statement)
    ]


def _session(linker: Linker, rule: Any) -> EMTrainingSession:
    settings = linker._settings_obj
    return EMTrainingSession(
        linker,
        db_api=linker._db_api,
        blocking_rule_for_training=_blocking(linker, rule),
        core_model_settings=settings.core_model_settings,
        training_settings=settings.training_settings,
        unique_id_input_columns=settings.column_info_settings.unique_id_input_columns,
        fix_u_probabilities=True,
        estimate_without_term_frequencies=True,
    )


def _checked(of: Records, asked: Plan) -> Plan:
    """Splink takes ids for texts to say which of two records of one dataset is the left one."""
    if of.linker._settings_obj._link_type == "link_and_dedupe" and not asked.either_way:
        raise NotUnderstood("which of two records of a dataset is the left one")
    return asked
