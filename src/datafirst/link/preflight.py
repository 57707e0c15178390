"""Can a model be trained on these records at all? Asked before any work is done.

A level that was never observed, a rule that brings nobody together or everybody: what can be
counted from the values alone is refused here, naming it, and not after hours.
"""

from collections.abc import Mapping

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.spec import Comparison, LinkModel

from . import guards
from .comparisons import way
from .inputs import pairs_possible
from .settings import name_of

FEWEST = 20
"""Pairs from which EM can learn: of fewer, most levels show nobody."""

MOST_MATCHES = 100.0
"""Other records of the same person that a record has on average, beyond which the rules that the
prior is taken from bring together people and not records of one."""

Pairs = dict[str, dict[str, int]]


def ready(
    con: duckdb.DuckDBPyConnection,
    model: LinkModel,
    tables: Mapping[str, str],
) -> Pairs:
    """How many pairs the rules for the prior and for EM bring together, and those for scoring.

    LinkageRefused, naming the comparison or the rule, where the model cannot be trained on these
    records or could not be used on them.
    """
    _compared(con, model, tables)
    counts = guards.records_of(con, model, tables)
    training = model.training
    pairs = {
        "prior": {_said(r): guards.pairs_alike(con, r, tables) for r in training.prior_rules},
        "em": {_said(r): guards.pairs_alike(con, r, tables) for r in training.em_rules},
        "block": guards.candidate_pairs(con, model, tables),
    }
    _prior(model, pairs["prior"], counts)
    for rule, found in pairs["em"].items():
        if found < FEWEST:
            raise LinkageRefused(
                f"model {model.id}: the em_rule ({rule}) brings together {found:,} pairs, of which "
                f"nothing can be learnt (the least is {FEWEST:,}); choose another rule, or train "
                "on more records"
            )
    return pairs


def _prior(model: LinkModel, pairs: Mapping[str, int], counts: Mapping[str, int]) -> None:
    """The prior rules bring somebody together, and not everybody."""
    where, most = f"model {model.id}", max(pairs, key=lambda rule: pairs[rule])
    if sum(pairs.values()) == 0:
        raise LinkageRefused(
            f"{where}: no two records agree on any of the prior_rules "
            f"({'; '.join(pairs)}), so that nobody would be linked; choose others"
        )
    if sum(pairs.values()) > model.pairs_up_to:
        raise LinkageRefused(
            f"{where}: the prior_rule ({most}) brings together {pairs[most]:,} pairs, and all of "
            f"them {sum(pairs.values()):,}; pairs_up_to is {model.pairs_up_to:,}. Add a column to "
            "the rule"
        )
    matches = 2 * pairs[most] / model.training.prior_recall / sum(counts.values())
    if matches > MOST_MATCHES or pairs[most] > model.training.prior_recall * pairs_possible(counts):
        raise LinkageRefused(
            f"{where}: by the prior_rule ({most}) each record would have {matches:,.0f} others of "
            f"the same person (the most believed is {MOST_MATCHES:,.0f}): it brings people "
            "together that are not one; add a column to the rule"
        )


def _compared(con: duckdb.DuckDBPyConnection, model: LinkModel, tables: Mapping[str, str]) -> None:
    """Every comparison has something to say: in the dataset, or in two of them."""
    for comparison in model.comparisons:
        there = {d: _saying(con, comparison, table) for d, table in tables.items()}
        if sum(n > 0 for n in there.values()) < min(2, len(tables)) or sum(there.values()) < 2:
            empty = ", ".join(sorted(dataset for dataset, n in there.items() if not n))
            raise LinkageRefused(
                f"model {model.id}: {name_of(comparison)} is empty in (nearly) every record of "
                f"{empty or ', '.join(tables)}, so that no level of it can be observed; look at "
                "the source, or leave the comparison out"
            )


def _saying(con: duckdb.DuckDBPyConnection, comparison: Comparison, table: str) -> int:
    """How many records have what is compared: they could be compared with themselves."""
    made = way(comparison)
    both = ", ".join(f'"{c}" AS "{c}_l", "{c}" AS "{c}_r"' for c in made.columns)
    query = f'SELECT count(*) FROM (SELECT {both} FROM "{table}") WHERE NOT ({made.missing})'
    return int(con.execute(query).fetchall()[0][0])


def _said(columns: tuple[str, ...]) -> str:
    return ", ".join(columns)
