"""Which of the comparisons that Splink offers, and which of our own, can the engine answer?"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from splink import ColumnExpression as Column
from splink import comparison_level_library as levels
from splink import comparison_library as comparisons
from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator as LevelCreator

from datafirst.link.comparisons import WAYS, way
from datafirst.link.engine.conditions import Holds, NotUnderstood
from datafirst.link.engine.language import condition, keys
from datafirst.link.settings import settings
from datafirst.spec import Comparison, load

from .crossed import TRUE, records, said, told

CONFIG = Path(__file__).parents[4] / "config"

OFFERED = [
    comparisons.ExactMatch("t"),
    comparisons.NameComparison("t"),
    comparisons.NameComparison("t", dmeta_col_name="b"),
    comparisons.ForenameSurnameComparison("t", "u"),
    comparisons.ForenameSurnameComparison("t", "u", forename_surname_concat_col_name="e"),
    comparisons.DateOfBirthComparison("written", input_is_string=True),
    comparisons.DateOfBirthComparison("d", input_is_string=False),
    comparisons.DateOfBirthComparison("d", input_is_string=False, invalid_dates_as_null=False),
    comparisons.PostcodeComparison("p"),
    comparisons.PostcodeComparison("p", invalid_postcodes_as_null=True),
    comparisons.EmailComparison("e"),
    comparisons.ArrayIntersectAtSizes("a", [3, 1]),
    comparisons.JaroAtThresholds("t"),
    comparisons.JaroWinklerAtThresholds("t", [0.9, 0.7]),
    comparisons.LevenshteinAtThresholds("t"),
    comparisons.DamerauLevenshteinAtThresholds("t", [1, 2]),
    comparisons.DistanceFunctionAtThresholds("t", "jaro_similarity", [0.9]),
    comparisons.AbsoluteDateDifferenceAtThresholds(
        "written", input_is_string=True, metrics=["day", "month", "year"], thresholds=[1, 1, 1]
    ),
    comparisons.AbsoluteTimeDifferenceAtThresholds(
        "at", input_is_string=False, metrics=["second", "hour"], thresholds=[1, 1.5]
    ),
    comparisons.CustomComparison(
        [
            levels.NullLevel("t", valid_string_pattern="^[ab]+$"),
            levels.And(levels.ExactMatchLevel("t"), levels.Not(levels.NullLevel("u"))),
            levels.Or(levels.LevenshteinLevel("u", 1), levels.ArrayIntersectLevel("b", 2)),
            levels.Not(levels.JaroLevel("u", 0.5)),
            levels.ColumnsReversedLevel("t", "u", symmetrical=True),
            levels.LiteralMatchLevel("t", "a", "string"),
            levels.LiteralMatchLevel("d", "2001-01-10", "date", "left"),
            levels.LiteralMatchLevel("n", "2", "int", "right"),
            levels.AbsoluteDifferenceLevel("n", 1),
            levels.AbsoluteDifferenceLevel("m", 0.2),
            levels.CustomLevel("a_l[1] = a_r[-1]"),
            levels.ExactMatchLevel(Column("t").lower().substr(1, 2).nullif("").cast_to_string()),
            levels.ExactMatchLevel(Column("written").try_parse_date()),
            levels.ExactMatchLevel(Column("e").regex_extract("^(a)b", 1)),
            levels.ExactMatchLevel(Column("b").access_extreme_array_element("last")),
            levels.ElseLevel(),
        ]
    ),
]
"""All that Splink offers of which every level is understood."""

NOT_UNDERSTOOD = [
    ("array_cosine_similarity", levels.CosineSimilarityLevel("a", 0.9)),
    ("CAST", levels.DistanceInKMLevel("n", "m", 3)),
    ("jaccard", levels.JaccardLevel("t", 0.9)),
    ("hamming", levels.DistanceFunctionLevel("t", "hamming", 1, higher_is_more_similar=False)),
    ("->", levels.PairwiseStringDistanceFunctionLevel("b", "levenshtein", 1)),
    ("->", levels.PairwiseStringDistanceFunctionLevel("b", "jaro_winkler", 0.9)),
    ("/", levels.PercentageDifferenceLevel("n", 0.1)),
    ("array_length = least", levels.ArraySubsetLevel("a", empty_is_subset=True)),
    ("least", levels.ArraySubsetLevel("a")),
]
"""What Splink offers and we do not understand, by the form that we stumble over. Besides these, a
PostcodeComparison with coordinates, whose last levels are DistanceInKM."""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as con:
        records(con)
        yield con


@pytest.mark.parametrize("offered", OFFERED, ids=lambda each: type(each).__name__)
def test_splinks_comparisons_are_understood(
    con: duckdb.DuckDBPyConnection, offered: ComparisonCreator
) -> None:
    made = offered.get_comparison("duckdb").as_dict()["comparison_levels"]
    for level in made[:-1]:
        sql = level["sql_condition"]
        assert np.array_equal(told(con, condition(sql)) == TRUE, said(con, sql) == TRUE), sql


@pytest.mark.parametrize(("what", "offered"), NOT_UNDERSTOOD)
def test_what_else_splink_offers_is_left_to_splink(what: str, offered: LevelCreator) -> None:
    level = offered.get_comparison_level("duckdb").as_dict()
    with pytest.raises(NotUnderstood) as refused:
        condition(level["sql_condition"])
    assert refused.value.what == what


def test_no_comparison_of_splinks_is_forgotten() -> None:
    offered = {type(each).__name__ for each in OFFERED}
    offered |= {type(each).__name__.replace("Level", "AtThresholds") for _, each in NOT_UNDERSTOOD}
    assert {name for name in vars(comparisons) if _is_offered(name)} <= offered


def _is_offered(name: str) -> bool:
    made = getattr(comparisons, name)
    own = isinstance(made, type) and made.__module__.endswith("comparison_library")
    return own and not name.startswith("_")


ASKED = {
    "full_name": {"field": "t", "against": "u"},
    "identifiers": {"field": "t", "against": "u"},
    "date_of_birth": {"field": "d"},
    "written_date": {"field": "written"},
    "days_apart": {"field": "d", "thresholds": (1, 30)},
    "shared_dates": {"field": "a"},
    "postcode": {"field": "p"},
}


@pytest.mark.parametrize("compare", WAYS)
def test_our_own_ways_to_compare_are_understood(
    con: duckdb.DuckDBPyConnection, compare: str
) -> None:
    made = way(Comparison(compare=compare, **ASKED.get(compare, {"field": "t"})))
    derived = ", ".join(f'{sql} AS "{name}"' for name, sql in made.columns.items())
    con.execute(f"CREATE OR REPLACE VIEW derived AS SELECT i, {derived} FROM records")
    for sql in (made.missing, *(level.sql for level in made.levels)):
        tree = condition(sql)
        assert np.array_equal(told(con, tree, "derived") == TRUE, said(con, sql, "derived") == TRUE)


def test_everything_that_is_configured_is_understood() -> None:
    spec = load(CONFIG)
    for veto in spec.linkage.vetoes.values():
        assert not isinstance(condition(veto.when), Holds)
    for model in spec.linkage.models.values():
        made = settings(spec, model)
        for rule in made["blocking_rules_to_generate_predictions"]:
            equal, besides = keys(rule["blocking_rule"])
            assert equal
            assert besides is None
        for comparison in made["comparisons"]:
            for level in comparison["comparison_levels"][:-1]:
                condition(level["sql_condition"])
