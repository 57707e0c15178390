"""What must hold before and after Splink is used, so that it fails loudly or links carefully?

Every known defect of Splink 5.0.0 on DuckDB 2.0 and every silent assumption is met here:
- arrow lambdas, which DuckDB 2.0 refuses, and join orders that make 1:1 clustering quadratic;
- EM without a cap, candidate pairs without a limit;
- levels that were never observed, EM that has not settled, weights that point the wrong way;
- a prior that was estimated for another number of records.
"""

import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel

from .inputs import count, pairs_possible


@contextmanager
def engine(con: duckdb.DuckDBPyConnection) -> Iterator[DuckDBAPI]:
    """Splink on a connection: lambdas as it writes them; its tables are gone afterwards."""
    before, log = _own_tables(con), logging.getLogger("splink")
    level = log.level
    con.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")
    log.setLevel(logging.ERROR)  # What it would warn of is refused below.
    try:
        yield DuckDBAPI(con)
    finally:
        log.setLevel(level)
        con.execute("RESET lambda_syntax")
        for kind, name in sorted(_own_tables(con) - before):
            con.execute(f'DROP {kind} IF EXISTS "{name}"')


@contextmanager
def joins_as_written(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For 1:1 clustering (single best links): DuckDB 2.0's join order makes it quadratic,
    100 s instead of 0.4 s for 10,000 records."""
    con.execute("SET disabled_optimizers = 'join_order'")
    try:
        yield
    finally:
        con.execute("RESET disabled_optimizers")


Frames = list[Any]
"""The tables of a model's datasets as Splink knows them."""


def frames(db: DuckDBAPI, tables: Mapping[str, str]) -> Frames:
    return [db.register(table, dataset_display_name=name) for name, table in tables.items()]


def linker(over: Frames, settings: dict[str, Any]) -> Linker:
    """Splink over the tables of a model's datasets; what it would check is checked before."""
    tables = over if len(over) > 1 else over[0]
    return Linker(tables, settings, log_level=None, validate_settings=False)


def candidate_pairs(
    con: duckdb.DuckDBPyConnection, model: LinkModel, tables: Mapping[str, str]
) -> dict[str, int]:
    """How many pairs each blocking rule gives, counted before any is made.

    LinkageRefused, naming the rule, where they come to more than `pairs_up_to`.
    """
    found: dict[str, int] = {}
    for columns in model.block_on:
        found[", ".join(columns)] = pairs_alike(con, columns, tables)
        if sum(found.values()) > model.pairs_up_to:
            worst = max(found, key=lambda name: found[name])
            raise LinkageRefused(
                f"linkage/models/{model.id}.toml: blocking on ({worst}) gives {found[worst]:,} "
                f"pairs, and all rules so far {sum(found.values()):,}; pairs_up_to is "
                f"{model.pairs_up_to:,}. Add a column to the rule, or raise pairs_up_to"
            )
    return found


def pairs_alike(
    con: duckdb.DuckDBPyConnection, columns: tuple[str, ...], tables: Mapping[str, str]
) -> int:
    """How many pairs agree on all of these columns, from the sizes of groups: no pair is made."""
    key = ", ".join(f'"{c}"' for c in columns)
    known = " AND ".join(f'"{c}" IS NOT NULL' for c in columns)
    each = " UNION ALL ".join(
        f'SELECT {key}, {i} AS place, count(*) AS n FROM "{t}" WHERE {known} GROUP BY ALL'
        for i, t in enumerate(tables.values())
    )
    pairs = "sum(n * (n - 1) / 2)" if len(tables) == 1 else "(sum(n) ** 2 - sum(n ** 2)) / 2"
    query = f"SELECT sum(pairs) FROM (SELECT {pairs} AS pairs FROM ({each}) GROUP BY {key})"
    return int(con.execute(query).fetchall()[0][0] or 0)


def settled(model: LinkModel, session: Any, blocked: str) -> None:
    """EM came to rest before it ran out of iterations; Splink itself does not say."""
    history = session._core_model_settings_history
    if len(history) - 1 >= session.training_settings.max_iterations:
        raise LinkageRefused(
            f"model {model.id}: EM blocked on {blocked} has not settled after "
            f"{len(history) - 1} iterations; choose an em_rule that mixes matches and others"
        )


def climbed(model: LinkModel, fell: bool, blocked: str) -> None:
    """No round of EM made what it saw less likely."""
    if fell:
        raise LinkageRefused(
            f"model {model.id}: EM blocked on {blocked} made the pairs that it saw less likely in "
            "one of its rounds, which EM cannot do; its estimates are not to be trusted: choose "
            "another em_rule, or train on more records"
        )


def observed(
    model: LinkModel, trained: dict[str, Any], sides: tuple[str, ...] = ("m", "u")
) -> None:
    """Every level has m and u from data: Splink falls back to invented defaults without a word."""
    for comparison in trained["comparisons"]:
        for level in comparison["comparison_levels"]:
            for side in sides:
                value = level.get(f"{side}_probability")
                if not level.get("is_null_level") and not isinstance(value, int | float):
                    raise LinkageRefused(
                        f"model {model.id}: {comparison['output_column_name']}, level "
                        f"'{level['label_for_charts']}', was never observed when its {side} was "
                        "estimated; train on more records, or compare with fewer levels"
                    )


def upright(model: LinkModel, trained: dict[str, Any]) -> None:
    """Full agreement speaks for a match and no agreement against: otherwise EM has taken
    matches for others."""
    for comparison in trained["comparisons"]:
        levels = [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        first, last = (
            math.log2(x["m_probability"] / x["u_probability"]) for x in levels[:: len(levels) - 1]
        )
        if not first > 0 > last:
            raise LinkageRefused(
                f"model {model.id}: after training, {comparison['output_column_name']} weighs "
                f"{first:.1f} where it agrees and {last:.1f} where it does not; choose other "
                "em_rules, or leave the comparison out"
            )


def prior_now(prior: float, then: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The prior for the number of records at use.

    Twice the records make twice the matches and four times the pairs, so the odds fall with the
    square root of the number of pairs. Left as trained, a model from 1 million records was seen
    to link 15 million with a precision of .972 instead of .995.
    """
    odds = prior / (1 - prior) * math.sqrt(pairs_possible(then) / max(pairs_possible(now), 1))
    return odds / (1 + odds)


def records_of(
    con: duckdb.DuckDBPyConnection, model: LinkModel, tables: Mapping[str, str]
) -> dict[str, int]:
    """How many records each dataset has. LinkageRefused where one has none."""
    found = {dataset: count(con, table) for dataset, table in tables.items()}
    for dataset, n in found.items():
        if n < 2:
            raise LinkageRefused(
                f"model {model.id}: dataset {dataset} has {n} records of people; there is nothing "
                "to link"
            )
    return found


def _own_tables(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Splink's own tables and views; it leaves some behind."""
    query = (
        "SELECT 'TABLE', table_name FROM duckdb_tables() WHERE starts_with(table_name, '__splink') "
        "UNION SELECT 'VIEW', view_name FROM duckdb_views() "
        "WHERE starts_with(view_name, '__splink')"
    )
    return set(con.execute(query).fetchall())
