"""What may the levels of a comparison ask? In SQL, over the columns of peopled.py.

Levels are those of Splink's own library and of ours, and conditions at random in between.
"""

import re

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

LADDERS = [
    ["{l} = {r}", *(f"jaro_winkler_similarity({{l}}, {{r}}) >= {t}" for t in (0.92, 0.88, 0.7))],
    ["{l} = {r}", *(f"levenshtein({{l}}, {{r}}) <= {n}" for n in (1, 2, 5))],
    ["{l} = {r}", *(f"damerau_levenshtein({{l}}, {{r}}) < {n}" for n in (2, 3, 9))],
    [f"jaro_similarity({{l}}, {{r}}) >= {t}" for t in (0.9, 0.75, 0.5)],
]
"""Degrees of one likeness: the first that holds is a pair's."""

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


def even(sql: str) -> bool:
    """Whether it says the same of a pair the other way round."""
    asked = condition(sql)
    return form(asked) == form(turned(asked))


def ladders(column: str) -> st.SearchStrategy[list[str]]:
    """Levels of a comparison of one text."""
    known = [[each.format(l=f'"{column}_l"', r=f'"{column}_r"') for each in one] for one in LADDERS]
    return st.sampled_from(known) | st.lists(alike(column), min_size=1, max_size=5)


def alike(*columns: str) -> st.SearchStrategy[str]:
    """How texts of a column are alike."""
    sides = st.sampled_from(columns).map(lambda c: {"l": f'"{c}_l"', "r": f'"{c}_r"'})
    return st.builds(lambda form, own: form.format(**own), st.sampled_from(ALIKE), sides)


_PARTS = [PART.format('"p_{0}"', part) for part in (SECTOR, DISTRICT, AREA)]

_LEAF = st.one_of(
    alike(*TEXTS, "p", "e"),
    st.sampled_from([f"{part.format('l')} = {part.format('r')}" for part in _PARTS]),
    *map(st.sampled_from, (SWAPPED, DATED, LISTED, OTHERS)),
)

_ELSEWHERE = re.compile(r'lambda|@|"a_[lr]" (=|<>|!=|IS|IN)')
"""What Splink, that looks for columns, or the engine (equal lists) does not understand."""

ANY = st.one_of(
    *[_LEAF] * 4,
    st.builds("({}) AND ({})".format, _LEAF, _LEAF),
    st.builds("({}) OR ({})".format, _LEAF, _LEAF),
    st.builds("NOT ({})".format, _LEAF),
    CONDITIONS.filter(lambda sql: not _ELSEWHERE.search(sql)),
)
"""What a level may ask."""
