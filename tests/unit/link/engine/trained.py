"""Which models may have been trained? Splink settings at random, over the columns of peopled.py.

Comparisons are those of Splink's own library and of ours, and conditions at random in between.
"""

import re
from typing import Any

from hypothesis import strategies as st

from datafirst.link.engine.language import condition
from datafirst.link.engine.plan import form, turned

from .asking import CONDITIONS

TEXTS = ["t", "u", "code", "written"]

PART = "NULLIF(regexp_extract({}, '{}', 0), '')"

SECTOR, DISTRICT, AREA = "^[A-Z]+[0-9]+ [0-9]", "^[A-Z]+[0-9]+", "^[A-Z]+"

ALIKE = [
    "{l} = {r}",
    "jaro_winkler_similarity({l}, {r}) >= 0.92",
    "jaro_winkler_similarity({l}, {r}) > 0.7",
    "jaro_winkler_similarity({l}, {r}) >= 0.88",
    "jaro_similarity({l}, {r}) >= 0.8",
    "jaro_similarity({l}, {r}) < 0.5",
    "levenshtein({l}, {r}) <= 1",
    "levenshtein({l}, {r}) < 4",
    "levenshtein({l}, {r}) <= 40",
    "damerau_levenshtein({l}, {r}) <= 1",
    "damerau_levenshtein({l}, {r}) <= 3",
    "substr({l}, 1, 2) = substr({r}, 1, 2)",
    "upper({l}) = upper({r})",
]

SWAPPED = [
    '"t_l" = "u_r" AND "u_l" = "t_r"',
    '"t_l" = "u_r"',
    '"u_l" = "t_r" AND NOT "t_l" = "u_r"',
    "jaro_winkler_similarity(\"t_l\", \"u_r\") >= 0.8 OR '' = \"u_l\"",
    "\"t_l\" || ' ' || \"u_l\" = \"t_r\" || ' ' || \"u_r\"",
    "list_has_any([\"t_l\", \"u_l\"], [\"t_r\", \"u_r\"])",
]  # fmt: skip

DATED = [
    '"d_l" = "d_r"',
    'abs("d_l" - "d_r") <= 30',
    'abs("d_l" - "d_r") < 3653',
    'abs(date_diff(\'year\', "d_l", "d_r")) <= 1',
    "levenshtein(strftime(\"d_l\", '%Y%m%d'), strftime(\"d_r\", '%Y%m%d')) <= 1",
    "strftime(\"d_l\", '%Y%m%d') = strftime(\"d_r\", '%Y%d%m')",
    'abs(epoch(try_strptime("written_l", \'%Y-%m-%d\')) - epoch(try_strptime("written_r", '
    "'%Y-%m-%d'))) <= 31557600.0",
]

LISTED = [
    'list_has_any("b_l", "b_r")',
    'list_has_any("b_l", "f_r") OR list_has_any("f_l", "b_r")',
    'array_length(list_intersect("b_l", "f_r")) >= 1',
    'array_length(list_intersect("b_l", "b_r")) >= 2',
    'len(list_intersect("a_l", "a_r")) = 1',
    'NOT list_has_any("f_l", "f_r")',
]

OTHERS = [
    'abs("n_l" - "n_r") <= 1',
    'abs("m_l" - "m_r") <= 0.2',
    '"m_l" = "m_r"',
    '"money_l" = "money_r"',
    '"at_l" = "at_r"',
    '"c_l" = "c_r"',
    '"c_l" AND NOT "c_r"',
    '"n_l" = 1 AND "n_r" = 2',
    '"code_l" <> "code_r"',
    "true",
]

MISSING = [
    '"{c}_l" IS NULL OR "{c}_r" IS NULL',
    '"{c}_l" IS NULL AND "{c}_r" IS NULL',
    '"{c}_r" IS NULL',
    '("{c}_l" = "{c}_r") IS NULL',
    "nullif(\"t_l\", '') IS NULL OR nullif(\"t_r\", '') IS NULL",
    'NOT ("{c}_l" IS NOT NULL AND "{c}_r" IS NOT NULL)',
    'coalesce("{c}_l" = "{c}_r" AND "c_l", false)',
    "false",
]

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


def even(sql: str) -> bool:
    """Whether it says the same of a pair the other way round."""
    asked = condition(sql)
    return form(asked) == form(turned(asked))


def _alike(*columns: str) -> st.SearchStrategy[str]:
    sides = st.sampled_from(columns).map(lambda c: {"l": f'"{c}_l"', "r": f'"{c}_r"'})
    return st.builds(lambda form, own: form.format(**own), st.sampled_from(ALIKE), sides)


_PARTS = [PART.format('"p_{0}"', part) for part in (SECTOR, DISTRICT, AREA)]

_LEAF = st.one_of(
    _alike(*TEXTS, "p", "e"),
    st.sampled_from([f"{part.format('l')} = {part.format('r')}" for part in _PARTS]),
    *map(st.sampled_from, (SWAPPED, DATED, LISTED, OTHERS)),
)

_ELSEWHERE = re.compile(r'lambda|@|"a_[lr]" (=|<>|!=|IS|IN)')
"""What Splink, that looks for columns, or the engine (equal lists) does not understand."""

_ANY = st.one_of(
    *[_LEAF] * 4,
    st.builds("({}) AND ({})".format, _LEAF, _LEAF),
    st.builds("({}) OR ({})".format, _LEAF, _LEAF),
    st.builds("NOT ({})".format, _LEAF),
    CONDITIONS.filter(lambda sql: not _ELSEWHERE.search(sql)),
)

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
    asked = _alike(column) if simple else _ANY
    missing = st.sampled_from(MISSING).map(lambda form: form.format(c=column))
    if link == "link_and_dedupe":
        asked, missing = asked.filter(even), missing.filter(even)
    told = draw(st.lists(asked, min_size=1, max_size=5))
    levels = [draw(_level(sql, simple)) for sql in told]
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
