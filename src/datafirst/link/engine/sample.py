"""Which records does Splink train on? The very ones that it samples, in tables of their own."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
from splink.internals.em_sampling import (
    _PROBE_SAMPLE_MODULUS,
    _SAMPLE_MODULUS,
    _em_sample_filter_sql,
    _estimate_total_pairs,
    _probe_actual_fraction,
    _probe_sample_threshold,
    resolve_em_sample_threshold,
)
from splink.internals.estimate_u import (
    _proportion_sample_size_link_only,
    _rows_needed_for_n_pairs,
)

from .conditions import And, Condition, Holds, NotUnderstood, all_of
from .plan import Rule
from .sides import columns_read

TABLE = "__splink__compared_in_training_"
"""How the tables of sampled records are called, which are gone afterwards."""

EACH = "this"
"""What one record is called in SQL."""


@dataclass(frozen=True)
class Alone:
    """A blocking rule, and what it asks of either record alone."""

    rule: Rule
    """With what is left to ask of both."""
    each: tuple[str, ...]
    """Conditions in SQL that hold of every record it brings together."""

    @property
    def known(self) -> str:
        return " AND ".join(f"({sql})" for sql in (*self._keys, *self.each))

    @property
    def _keys(self) -> list[str]:
        return [f"({key}) IS NOT NULL" for key in self.rule.keys]


def alone(rule: Rule) -> Alone:
    """A rule without what it asks of the left record and of the right one alike."""
    asked = _parts(rule.besides)
    sides = {(one.side, one.sql) for one in asked if isinstance(one, Holds)}
    both = [sql for side, sql in sorted(sides) if side == "l" and ("r", sql) in sides]
    left = [one for one in asked if not (isinstance(one, Holds) and one.sql in both)]
    return Alone(Rule(rule.keys, all_of(*left) if left else None), tuple(both))


def _parts(asked: Condition | None) -> tuple[Condition, ...]:
    if asked is None:
        return ()
    return asked.parts if isinstance(asked, And) else (asked,)


@dataclass(frozen=True)
class Records:
    """The tables that a linker compares, and what Splink calls a record in them."""

    linker: Any

    @property
    def across(self) -> bool:
        return bool(self.linker._settings_obj._link_type == "link_only")

    def each(self) -> dict[str, str]:
        """By dataset, a query of its records with all that Splink hashes of them."""
        tables = list(self.linker._input_tables_dict.values())
        source = self._columns.source_dataset_input_column
        if len(tables) > 1 and (source is None or source in tables[0].columns):
            raise NotUnderstood("records that say themselves which dataset they are of")
        named = {one.dataset_display_name: one.physical_name for one in tables}
        if len(tables) == 1:
            return {name: f"SELECT * FROM {table}" for name, table in named.items()}
        return {n: f"SELECT '{n}' AS {source.name}, * FROM {t}" for n, t in named.items()}

    def counts(self) -> list[int]:
        each = (f"SELECT count(*) FROM ({query})" for query in self.each().values())
        return [int(self.con.execute(query).fetchall()[0][0]) for query in each]

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        made: duckdb.DuckDBPyConnection = self.linker._db_api.duckdb_con
        return made

    @property
    def threads(self) -> int:
        return int(self.con.execute("SELECT current_setting('threads')").fetchall()[0][0])

    @property
    def id(self) -> str:
        return str(self._columns.unique_id_input_column.name)

    @property
    def ids(self) -> list[Any]:
        return list(self._columns.unique_id_input_columns)

    @property
    def _columns(self) -> Any:
        return self.linker._settings_obj.column_info_settings


def at_random(of: Records, pairs: float, seed: int | None) -> str:
    """Which records make about so many pairs, as a condition in SQL."""
    counts = of.counts()
    if of.across:
        share, _ = _proportion_sample_size_link_only(counts, pairs)
    else:
        share = _rows_needed_for_n_pairs(pairs) / sum(counts)
    return str(of.linker._proportion_sample_sql(min(share, 1.0), of.ids, seed=seed))


def of_rule(of: Records, rule: Any, known: Alone, pairs: float, probe: float) -> str:
    """Which records make about so many pairs by a rule, as a condition in SQL. How many there are
    is found out from a share `probe` of the records."""
    if known.rule.besides is not None:
        threshold, _, _ = resolve_em_sample_threshold(
            linker=of.linker, blocking_rule=rule, max_pairs=pairs, probe_proportion=probe
        )
    else:
        threshold = _threshold(of, known, pairs, probe)
    return "" if threshold is None else _below(of, threshold, _SAMPLE_MODULUS)


def _threshold(of: Records, known: Alone, pairs: float, probe: float) -> int | None:
    """What Splink's resolve_em_sample_threshold comes to, without making the pairs."""
    tried = _probe_sample_threshold(probe)
    found = _pairs_alike(of, known, _below(of, tried, _PROBE_SAMPLE_MODULUS))
    likely = _estimate_total_pairs(found, _probe_actual_fraction(tried))
    if found == 0 or likely <= pairs:
        return None
    threshold: int = round(min(math.sqrt(pairs / likely), 1.0) * _SAMPLE_MODULUS)
    return max(1, threshold)


def _below(of: Records, threshold: int, modulus: int) -> str:
    dialect = of.linker._db_api.sql_dialect
    return str(_em_sample_filter_sql(of.ids, threshold, modulus, EACH, dialect))


def _pairs_alike(of: Records, known: Alone, which: str) -> int:
    """How many pairs a rule makes of such records, from the sizes of groups."""
    keys = ", ".join(f"({key}) AS k{n}" for n, key in enumerate(known.rule.keys))
    group = ", ".join(f"k{n}" for n in range(len(known.rule.keys)))
    each = " UNION ALL ".join(
        f"SELECT {keys}, count(*) AS n FROM ({query}) AS {EACH} "
        f"WHERE {known.known} {which} GROUP BY {group}"
        for query in of.each().values()
    )
    pairs = "sum(n) * sum(n) - sum(n * n)" if of.across else "sum(n) * (sum(n) - 1)"
    query = f"SELECT sum(pairs) FROM (SELECT {pairs} AS pairs FROM ({each}) GROUP BY {group})"
    return int(of.con.execute(query).fetchall()[0][0] or 0) // 2


@contextmanager
def sampled(
    of: Records, needed: Sequence[str], which: str, known: Alone | None = None
) -> Iterator[Mapping[str, str]]:
    """Tables, by dataset, of such records with what these expressions read; of a rule, only those
    that may share their key with another."""
    read = sorted({column for sql in needed for column in columns_read(sql)})
    others = [f'"{column}"' for column in read if column != "unique_id"]
    columns = ", ".join([f"{EACH}.{of.id} AS unique_id", *others])
    asked = f"{known.known} {which} AND {_shared(of, known, which)}" if known else f"true {which}"
    tables = {name: f"{TABLE}{n}" for n, name in enumerate(of.each())}
    try:
        for name, query in of.each().items():
            of.con.execute(
                f"CREATE OR REPLACE TEMP TABLE {tables[name]} AS "
                f"SELECT {columns} FROM ({query}) AS {EACH} WHERE {asked}"
            )
        yield tables
    finally:
        for table in tables.values():
            of.con.execute(f"DROP TABLE IF EXISTS {table}")


def _shared(of: Records, known: Alone, which: str) -> str:
    """That more than one record has such a key, or one with the same hash."""
    key = f"hash({', '.join(known.rule.keys)})"
    each = " UNION ALL ".join(
        f"SELECT {key} AS k, {n} AS place FROM ({query}) AS {EACH} WHERE {known.known} {which}"
        for n, query in enumerate(of.each().values())
    )
    several = "min(place) < max(place)" if of.across else "count(*) > 1"
    return f"{key} IN (SELECT k FROM ({each}) GROUP BY k HAVING {several})"
