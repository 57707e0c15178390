"""Which models may have been trained? Splink settings at random, over the columns of peopled.py."""

from typing import Any

from hypothesis import strategies as st

from .levels import ANY, AREA, MISSING, PART, TEXTS, even, ladders

COARSE = ['{s}."k"', '{s}."n"', '{s}."c"', 'year({s}."d")']
"""Keys that many records share."""

KEYS = [
    *COARSE,
    *('{s}."t"', '{s}."d"', '{s}."m"', '{s}."money"', '{s}."b"[1]'),
    *('substr({s}."u", 1, 2)', 'upper({s}."code")', PART.format('{s}."p"', AREA)),
]

BESIDES = [
    'l."t" <> r."t"',
    '(l."changed" OR r."changed")',
    'l."n" IS NOT NULL AND r."n" IS NOT NULL',
    'abs(l."d" - r."d") < 400',
    "(l.\"c\" OR r.\"n\" = 1 OR l.\"t\" = r.\"u\")",
    'NOT (l."k" = r."k" AND l."n" = r."n")',
]  # fmt: skip

LINKS = {
    "dedupe_only": ["any"],
    "link_only": ["b", "a"],
    "link_only of three": ["a-", "a", "a1"],
    "link_and_dedupe": ["y", "x"],
}
"""The names of the datasets, which are not in order."""


_SHARE = st.floats(1e-6, 1.0)


@st.composite
def _level(draw: st.DrawFn, sql: str, simple: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"sql_condition": sql, "label_for_charts": "one of the levels"}
    made |= {"m_probability": draw(_SHARE), "u_probability": draw(_SHARE)}
    if draw(st.integers(0, 2)) or '"' not in sql:  # Splink forgets the column of such a level
        return made
    column = draw(st.sampled_from(["t", "u", "code", "n"]))
    exact = simple and sql == f'"{column}_l" = "{column}_r"'
    return made | {
        "tf_adjustment_column": column,
        "tf_adjustment_weight": draw(st.sampled_from([1.0, 0.5, 2.5, -0.7, 0.0])),
        "tf_minimum_u_value": draw(st.sampled_from([0.0, 0.01, 0.3])),
        "disable_tf_exact_match_detection": not exact,
    }


@st.composite
def _comparison(draw: st.DrawFn, name: str, link: str) -> dict[str, Any]:
    column = draw(st.sampled_from([*TEXTS, "n", "d"]))
    simple = column in TEXTS and draw(st.booleans())
    missing = st.sampled_from(MISSING).map(lambda form: form.format(c=column))
    asked = ANY
    if link == "link_and_dedupe":
        asked, missing = asked.filter(even), missing.filter(even)
    each = draw(ladders(column) if simple else st.lists(asked, min_size=1, max_size=5))
    levels = [draw(_level(sql, simple)) for sql in each]
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        at = draw(st.sampled_from([0, 0, len(levels) // 2, len(levels)]))
        unknown = {"sql_condition": draw(missing), "label_for_charts": "missing"}
        levels.insert(at, unknown | {"is_null_level": True})
    other = {"sql_condition": "ELSE", "label_for_charts": "all other"}
    levels.append(other | {"m_probability": draw(_SHARE), "u_probability": draw(_SHARE)})
    return {"output_column_name": name, "comparison_levels": levels}


@st.composite
def _rule(draw: st.DrawFn, link: str) -> dict[str, str]:
    keys = draw(st.permutations(KEYS))[: draw(st.sampled_from([0, 1, 2, 3]))]
    keys = keys or [draw(st.sampled_from(COARSE))]
    asked = [f"{key.format(s='l')} = {key.format(s='r')}" for key in keys]
    besides = st.sampled_from(BESIDES)
    besides = besides.filter(even) if link == "link_and_dedupe" else besides
    asked += draw(st.lists(besides, max_size=1))
    return {"blocking_rule": " AND ".join(asked), "sql_dialect": "duckdb"}


@st.composite
def models(draw: st.DrawFn, link: str) -> dict[str, Any]:
    """A trained model of a way to link (LINKS)."""
    rules = st.lists(_rule(link), min_size=1, max_size=4)
    return {
        "sql_dialect": "duckdb",
        "linker_uid": "any",
        "link_type": link.split()[0],
        "comparisons": [draw(_comparison(f"c{n}", link)) for n in range(draw(st.integers(1, 4)))],
        "blocking_rules_to_generate_predictions": draw(rules),
        "probability_two_random_records_match": draw(st.floats(1e-6, 0.9)),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }
