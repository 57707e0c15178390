"""How often do two different people agree by chance? The exact u of levels that say "equal"."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from datafirst.spec import LinkModel

from .comparisons import way
from .settings import name_of

RARE = 20.0
"""Agreement that is less than this many times as frequent as matching is owed to matches in
part, and u must be told apart from it; above, they change u by less than a tenth of a bit."""

LEAST = 1e-8
"""No agreement is taken as better evidence than this: identifiers are mistyped and mistaken."""


def equal_levels(model: LinkModel) -> Iterator[tuple[str, str, str]]:
    """(comparison, label, column) of each level that says that a column is equal."""
    for comparison in model.comparisons:
        for level in way(comparison).levels:
            if level.equal:
                yield name_of(comparison), level.label, level.equal


def bounded(
    model: LinkModel, begun: dict[str, Any], sampled: float
) -> dict[tuple[str, str], float]:
    """u of rare levels that no pair of the sample had: 3 in the number of pairs, which it is
    below with 95% confidence (the rule of three, Hanley and Lippman-Hand 1983)."""
    rare = {(name_of(c), x.label) for c in model.comparisons for x in way(c).levels if x.rare}
    return {
        (c["output_column_name"], x["label_for_charts"]): 3 / sampled
        for c in begun["comparisons"]
        for x in c["comparison_levels"]
        if (c["output_column_name"], x["label_for_charts"]) in rare
        and not isinstance(x.get("u_probability"), float)
    }


def agreement(con: duckdb.DuckDBPyConnection, column: str, tables: Sequence[str]) -> float:
    """The share of all pairs with both values known in which they are equal.

    From the frequencies of values: exact where random sampling was seen to miss identifiers
    altogether, or to find them a thousand times too frequent.
    """
    each = " UNION ALL ".join(
        f'SELECT "{column}" AS v, {i} AS place, count(*)::DOUBLE AS n FROM "{t}" '
        f'WHERE "{column}" IS NOT NULL GROUP BY ALL'
        for i, t in enumerate(tables)
    )
    # Within one table a record is not compared with itself; across several, not within one.
    pairs = "sum(n * (n - 1))" if len(tables) == 1 else "sum(n) ** 2 - sum(n ** 2)"
    query = (
        f"WITH each AS ({each}), whole AS (SELECT place, sum(n) AS n FROM each GROUP BY place) "
        f"SELECT (SELECT sum(p) FROM (SELECT {pairs} AS p FROM each GROUP BY v)), "
        f"(SELECT {pairs} FROM whole)"
    )
    equal, possible = (float(x or 0) for x in con.execute(query).fetchall()[0])
    return equal / possible if possible else 0.0


def without_matches(agreeing: float, matching: float, prior: float) -> float:
    """u from the agreement of all pairs, of which a share `matching` are matches."""
    return max(agreeing * (1 - matching) / (1 - prior), LEAST)


def with_exact_u(
    settings: dict[str, Any], exact: Mapping[tuple[str, str], float]
) -> dict[str, Any]:
    """The settings with the exact u of some levels, and the others' share of what is left."""
    comparisons = [
        {**c, "comparison_levels": _levels(c["output_column_name"], c["comparison_levels"], exact)}
        for c in settings["comparisons"]
    ]
    return {**settings, "comparisons": comparisons}


def _levels(
    name: str, levels: list[dict[str, Any]], exact: Mapping[tuple[str, str], float]
) -> list[dict[str, Any]]:
    known = {label: u for (comparison, label), u in exact.items() if comparison == name}
    if not known:
        return levels
    free = [x for x in levels if not x.get("is_null_level") and x["label_for_charts"] not in known]
    sampled = sum(_number(x.get("u_probability")) for x in free)
    scale = (1 - sum(known.values())) / sampled if sampled else 1.0
    return [_level(x, known, scale) for x in levels]


def _level(level: dict[str, Any], known: Mapping[str, float], scale: float) -> dict[str, Any]:
    if level["label_for_charts"] in known:
        return {**level, "u_probability": known[level["label_for_charts"]]}
    if level.get("is_null_level") or not isinstance(level.get("u_probability"), float):
        return level
    return {**level, "u_probability": level["u_probability"] * scale}


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0
