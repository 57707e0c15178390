"""Which records does Splink train on? The very ones that it samples."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
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

from .blocks import Blocks, blocks
from .columns import Columns
from .conditions import And, Condition, Holds, NotUnderstood, all_of
from .plan import Rule
from .values import NONE, TRUE, Codes

EACH = "this"
"""What one record is called in SQL."""


@dataclass(frozen=True)
class Alone:
    """A blocking rule, and what it asks of either record alone."""

    rule: Rule
    """With what is left to ask of both."""
    each: tuple[str, ...]
    """Conditions in SQL that hold of every record it brings together."""


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
    columns: Columns
    """Of the very tables, by the names under which the linker knows them."""

    @property
    def across(self) -> bool:
        return bool(self.linker._settings_obj._link_type == "link_only")

    def each(self) -> dict[str, str]:
        """By table, a query of its records with all that Splink hashes of them."""
        tables = list(self.linker._input_tables_dict.values())
        if self._columns.unique_id_input_column.unquote().name != "unique_id":
            raise NotUnderstood("records that are not known by a unique_id")
        source = self._columns.source_dataset_input_column
        if len(tables) > 1 and (source is None or source in tables[0].columns):
            raise NotUnderstood("records that say themselves which dataset they are of")
        named = {one.dataset_display_name: one.physical_name for one in tables}
        if len(tables) == 1:
            return {table: f'SELECT * FROM "{table}"' for table in named.values()}
        return {t: f"SELECT '{n}' AS {source.name}, * FROM \"{t}\"" for n, t in named.items()}

    def counts(self) -> list[int]:
        """How many records each dataset has."""
        many = len(self.columns.tables)
        return [int(n) for n in np.bincount(self.columns.dataset, minlength=many)]

    def where(self, condition: str) -> Codes:
        """The records of which a condition in SQL on this record holds."""
        each = self.each().items()
        return self.columns.holds(
            {table: f"SELECT {condition} AS v FROM ({query}) AS {EACH}" for table, query in each}
        )

    @property
    def threads(self) -> int:
        con = self.columns.con
        return int(con.execute("SELECT current_setting('threads')").fetchall()[0][0])

    @property
    def ids(self) -> list[Any]:
        return list(self._columns.unique_id_input_columns)

    @property
    def _columns(self) -> Any:
        return self.linker._settings_obj.column_info_settings


def at_random(of: Records, pairs: float, seed: int | None) -> Codes:
    """Records that make about so many pairs."""
    counts = of.counts()
    if of.across:
        share, _ = _proportion_sample_size_link_only(counts, pairs)
    else:
        share = _rows_needed_for_n_pairs(pairs) / sum(counts)
    return of.where(f"true {of.linker._proportion_sample_sql(min(share, 1.0), of.ids, seed=seed)}")


def of_rule(of: Records, rule: Any, known: Alone, pairs: float, probe: float) -> Columns:
    """Records that share their key with another and make about so many pairs by a rule. How many
    there are is found out from a share `probe` of the records."""
    if known.rule.besides is not None:
        threshold, _, _ = resolve_em_sample_threshold(
            linker=of.linker, blocking_rule=rule, max_pairs=pairs, probe_proportion=probe
        )
    else:
        threshold = _threshold(of, known, pairs, probe)
    chosen = of.columns
    if threshold is not None:
        chosen = chosen.only(_below(of, threshold, _SAMPLE_MODULUS))
    return chosen.only(np.sort(_alike(chosen, known).order))


def _threshold(of: Records, known: Alone, pairs: float, probe: float) -> int | None:
    """What Splink's resolve_em_sample_threshold comes to, without making the pairs."""
    tried = _probe_sample_threshold(probe)
    chosen = of.columns.only(_below(of, tried, _PROBE_SAMPLE_MODULUS))
    found = _pairs(chosen, known, of.across)
    likely = _estimate_total_pairs(found, _probe_actual_fraction(tried))
    if found == 0 or likely <= pairs:
        return None
    threshold: int = round(min(math.sqrt(pairs / likely), 1.0) * _SAMPLE_MODULUS)
    return max(1, threshold)


def _below(of: Records, threshold: int, modulus: int) -> Codes:
    dialect = of.linker._db_api.sql_dialect
    return of.where(f"true {_em_sample_filter_sql(of.ids, threshold, modulus, EACH, dialect)}")


def _pairs(of: Columns, known: Alone, across: bool) -> int:
    """How many pairs a rule makes of records, from the sizes of blocks."""
    alike = _alike(of, known)
    found = int(alike.pairs().sum())
    if across:  # without those of one dataset, whose records stand together in each block
        ends = alike.until.astype(np.int64) * (int(of.dataset.max(initial=0)) + 1)
        _, many = np.unique(ends + of.dataset[alike.order], return_counts=True)
        found -= int((many * (many - 1) // 2).sum())
    return found


def _alike(of: Columns, known: Alone) -> Blocks:
    """The records that share the key of a rule, of those of which each alone what it asks holds."""
    rows = np.stack([of.coded(key).codes for key in known.rule.keys], axis=1)
    for asked in known.each:
        rows[of.truths(asked) != TRUE] = NONE
    return blocks(rows, np.arange(rows.shape[1], dtype=np.int32))
