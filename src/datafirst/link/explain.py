"""Why does a pair of records weigh what it weighs? Each comparison's part, as Splink adds it up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from datafirst.spec import LinkModel, Specification

from . import frequencies, guards
from .comparisons import way
from .edges import DECIMALS
from .inputs import RECORD_OF, VARIANTS, Records, inputs
from .score import fitting, pairs_found, settings_now
from .settings import name_of
from .vetoes import unvetoed

Pair = tuple[str, int, str, int]
"""Dataset and row of the left record, and of the right."""

MISSING = "missing"


@dataclass(frozen=True)
class Part:
    """What one comparison adds to a pair's match weight."""

    comparison: str
    fields: tuple[str, ...]
    """The fields of the records that it looks at."""
    level: str
    weight: float
    frequency: float
    """What is added because the value is rarer, or taken away because it is more common."""


@dataclass(frozen=True)
class Explained:
    """A pair's match weight, taken apart."""

    pair: Pair
    variants: tuple[int, int]
    """In which of their ways of writing the two records are most alike."""
    prior: float
    parts: tuple[Part, ...]

    @property
    def weight(self) -> float:
        """The match weight, as the pair's edge has it."""
        without = sum(part.weight + part.frequency for part in self.parts)
        return round(round(without, DECIMALS) + self.prior, DECIMALS)


def explained(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    trained: Mapping[str, Any],
    records: Records,
    pairs: Sequence[Pair],
    prior: float,
) -> list[Explained]:
    """These pairs of one model, in their order, each by the ways of writing that weigh most.

    The relation frequencies.table_of(model) must be there, and `prior` is what scoring added.
    A pair that a veto keeps apart in all of its ways of writing is left out.
    """
    model = fitting(spec, trained)
    few = {name: _only(records[name], name, pairs) for name in model.datasets if name in records}
    comparing = {
        **settings_now(model, trained, renewed=False),
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        # Each of these few records with each other: whom blocking brought together does not matter.
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "1 = 1", "sql_dialect": "duckdb"}
        ],
    }
    with inputs(con, model, few, variants=True) as tables:
        shares = frequencies.lookups(con, model, tables, trained["known"])
        with guards.engine(con) as db:
            linker = guards.linker(guards.frames(db, tables), comparing)
            frequencies.register(linker, db, shares)
            found = linker.inference.predict(warning_mode="never").physical_name
            spared = unvetoed(spec, model, few, pairs_found(model, found, more=_columns(model)))
            rows = {pair: _best(con, spared, pair) for pair in pairs}
        for table in shares.values():
            con.execute(f'DROP TABLE "{table}"')
    return [
        Explained(pair, row[:2], prior, tuple(_parts(model, trained, row[2:])))
        for pair, row in rows.items()
        if row is not None
    ]


def _only(records: str, dataset: str, pairs: Sequence[Pair]) -> str:
    """The records of a dataset that are in these pairs, and no other."""
    ends = {end for pair in pairs for end in (pair[:2], pair[2:])}
    rows = ", ".join(str(int(row)) for name, row in sorted(ends) if name == dataset) or "NULL"
    return f'(SELECT * FROM "{records}" WHERE _row IN ({rows}))'


def _columns(model: LinkModel) -> list[str]:
    """What Splink calls a pair's levels and weights, three columns for each comparison."""
    made = []
    for comparison in model.comparisons:
        name = name_of(comparison)
        rare = any(level.frequency for level in way(comparison).levels)
        made += [f'"gamma_{name}"', f'"mw_{name}"', f'"mw_tf_adj_{name}"' if rare else "0.0"]
    return made


def _best(con: duckdb.DuckDBPyConnection, found: str, pair: Pair) -> tuple[Any, ...] | None:
    """The two variants, and all columns, of the ways of writing a pair that weigh most."""
    left, right = pair[:2], pair[2:]
    ways = " OR ".join(
        f"(dataset_l = '{a[0]}' AND n_l {RECORD_OF} = {a[1]} "
        f"AND dataset_r = '{b[0]}' AND n_r {RECORD_OF} = {b[1]})"
        for a, b in ((left, right), (right, left))
    )
    turned = f"(dataset_l, n_l {RECORD_OF}) <> ('{left[0]}', {left[1]})"
    ends = [f"n_{side} % {VARIANTS}" for side in "lr"]
    rows = con.execute(
        f"SELECT CASE WHEN {turned} THEN {ends[1]} ELSE {ends[0]} END, "
        f"CASE WHEN {turned} THEN {ends[0]} ELSE {ends[1]} END, "
        "* EXCLUDE (dataset_l, n_l, dataset_r, n_r, match_weight) "
        f"FROM ({found}) WHERE {ways} ORDER BY match_weight DESC, n_l, n_r LIMIT 1"
    ).fetchall()
    return rows[0] if rows else None


def _parts(
    model: LinkModel, trained: Mapping[str, Any], numbers: Sequence[float]
) -> Iterator[Part]:
    each = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    described = trained["splink"]["comparisons"]
    for comparison, made, (level, weight, rarer) in zip(
        model.comparisons, described, each, strict=True
    ):
        labels = [
            x["label_for_charts"] for x in made["comparison_levels"] if not x.get("is_null_level")
        ]
        # Splink numbers levels from no agreement (0) up; what is missing is -1.
        label = labels[-1 - int(level)] if level >= 0 else MISSING
        fields = (comparison.field, comparison.against)
        named = tuple(field for field in fields if field)
        yield Part(name_of(comparison), named, label, float(weight), float(rarer))
