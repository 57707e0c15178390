"""Does a ladder link who agrees, once, by the strictest rule, and nobody by chance?"""

import datetime
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import LinkageRefused, SpecificationError
from datafirst.link.ladder import climbable
from datafirst.link.near import loosest
from datafirst.spec import Ladder

from .ladders import BORN, SOMEBODY, SPEC, climbed, ladder, pairs, tied

ALL = ("forename1", "surname", "date_of_birth", "sex", "postcode")
STRICT = {"agree": ALL}
MOVED = {"agree": ("forename1", "surname", "date_of_birth", "sex")}
MARRIED = {"agree": ("forename1", "date_of_birth", "sex", "postcode")}
NAMED = {"agree": ("forename1", "surname", "sex")}
NUMBERED = {"agree": ("pnc", "date_of_birth")}

PERSON = st.fixed_dictionaries(
    {
        "forename1": st.sampled_from(["ANNA", "BELLA", None]),
        "surname": st.sampled_from(["MURPHY", "JONES"]),
        "date_of_birth": st.sampled_from([BORN, datetime.date(1991, 2, 1), None]),
        "postcode": st.sampled_from(["LS1 4AB", "CF1 2XY", None]),
    }
)
PEOPLE = st.lists(PERSON, min_size=1, max_size=8)
RULES = (STRICT, MARRIED, MOVED, NAMED)


@pytest.fixture(scope="module")
def own() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        yield con


def by_hand(climbing: Ladder, left: list[Any], right: list[Any]) -> tuple[set[Any], set[Any]]:
    """Matches and ties by comparing everybody with everybody. Rules of agreement only."""
    matches: set[Any] = set()
    ties: set[Any] = set()
    for rung in climbing.rules:
        gone = {("pnc", x) for x, _, _ in matches if climbing.one_to_one}
        gone |= {("npd", y) for _, y, _ in matches} | {(side, n) for side, n, _ in ties}
        held = [
            (x, y)
            for (x, a), (y, b) in product(enumerate(left), enumerate(right))
            if ("pnc", x) not in gone and ("npd", y) not in gone
            if all({**SOMEBODY, **a}[c] == {**SOMEBODY, **b}[c] is not None for c in rung.agree)
        ]
        lefts, rights = Counter(x for x, _ in held), Counter(y for _, y in held)
        for x, y in held:
            if rights[y] == 1 and (lefts[x] == 1 or not climbing.one_to_one):
                matches.add((x, y, rung.name))
            else:
                ties.add(("npd", y, rung.name))
                ties |= {("pnc", x, rung.name)} if climbing.one_to_one else set()
    return matches, ties


@settings(max_examples=40, deadline=None)
@given(PEOPLE, PEOPLE, st.permutations(RULES), st.booleans())
def test_matches_and_ties_are_those_found_by_comparing_everybody(
    own: duckdb.DuckDBPyConnection, left: list[Any], right: list[Any], rules: Any, alone: bool
) -> None:
    climbing = ladder(rules, one_to_one=alone)
    climbed(own, climbing, left, right)
    found, ties = pairs(own), tied(own)
    assert (set(found), set(ties)) == by_hand(climbing, left, right)
    assert len(set(found)) == len(found) and len(set(ties)) == len(ties)
    assert max(Counter(y for _, y, _ in found).values(), default=1) == 1
    if alone:
        assert max(Counter(x for x, _, _ in found).values(), default=1) == 1


@settings(max_examples=15, deadline=None)
@given(st.data(), PEOPLE, PEOPLE)
def test_the_order_of_rows_and_the_threads_change_nothing(
    own: duckdb.DuckDBPyConnection, data: st.DataObject, left: list[Any], right: list[Any]
) -> None:
    climbing = ladder(RULES)
    climbed(own, climbing, left, right)
    before = pairs(own), tied(own)
    mixed = [
        data.draw(st.permutations([{**person, "_row": n} for n, person in enumerate(people)]))
        for people in (left, right)
    ]
    own.execute("SET threads = 1")
    climbed(own, climbing, *mixed)
    own.execute("SET threads = 2")
    assert (pairs(own), tied(own)) == before


@settings(max_examples=15, deadline=None)
@given(PEOPLE, PEOPLE)
def test_one_to_one_is_the_same_from_either_side(
    own: duckdb.DuckDBPyConnection, left: list[Any], right: list[Any]
) -> None:
    climbing = ladder(RULES)
    climbed(own, climbing, left, right)
    there = set(pairs(own))
    climbed(own, climbing, right, left)
    assert {(y, x, rule) for x, y, rule in pairs(own)} == there


def test_the_strictest_rule_that_holds_is_the_one_that_is_told(
    own: duckdb.DuckDBPyConnection,
) -> None:
    bella, moved = {"forename1": "BELLA"}, {"forename1": "BELLA", "postcode": "CF1 2XY"}
    found = climbed(own, ladder([STRICT, MOVED]), [{}, bella], [moved, {}])
    assert pairs(own) == [(0, 1, "rule_1"), (1, 0, "rule_2")]
    assert [(rule.candidates, rule.matched) for rule in found] == [(1, 1), (1, 1)]


def test_ties_are_not_linked_but_reported_on_both_sides(own: duckdb.DuckDBPyConnection) -> None:
    [rule] = climbed(own, ladder([STRICT]), [{}], [{}, {}])
    assert pairs(own) == []
    assert (rule.matched, rule.tied_left, rule.tied_right) == (0, 1, 2)
    assert tied(own) == [("npd", 0, "rule_1"), ("npd", 1, "rule_1"), ("pnc", 0, "rule_1")]
    assert own.execute("SELECT DISTINCT ladder FROM ties").fetchall() == [("small",)]


def test_a_tie_is_not_broken_because_a_rival_was_matched_elsewhere(
    own: duckdb.DuckDBPyConnection,
) -> None:
    """Two pupils of one name moved; one of them is somebody else's at the next rule."""
    here, there = {"postcode": "CF1 2XY"}, {"postcode": "CF1 2XZ"}
    married = {"surname": "JONES", "postcode": "CF1 2XY"}
    climbed(own, ladder([MOVED, MARRIED, NAMED]), [{}, married], [here, there])
    assert pairs(own) == []
    climbed(own, ladder([MARRIED, MOVED, NAMED]), [{}, married], [here, there])
    assert pairs(own) == [(0, 1, "rule_2"), (1, 0, "rule_1")]


def test_a_missing_value_agrees_with_nothing(own: duckdb.DuckDBPyConnection) -> None:
    for column in ALL:
        climbed(own, ladder([STRICT]), [{column: None}], [{column: None}])
        assert pairs(own) == []


def test_many_records_may_be_one_persons_where_the_ladder_says_so(
    own: duckdb.DuckDBPyConnection,
) -> None:
    person, twice = {"pnc": "2001/0000001A"}, {"pnc": "2002/0000002B"}
    many = ladder([NUMBERED], one_to_one=False)
    [rule] = climbed(own, many, [person, twice, twice], [person, person, twice])
    assert pairs(own) == [(0, 0, "rule_1"), (0, 1, "rule_1")]
    assert tied(own) == [("npd", 2, "rule_1")]
    assert (rule.matched, rule.tied_left, rule.tied_right) == (2, 0, 1)


def test_another_name_of_a_record_links_it_and_links_it_once(
    own: duckdb.DuckDBPyConnection,
) -> None:
    alias = {"_row": 0, "variant": 1, "surname": "JONES"}
    climbed(own, ladder([STRICT]), [{"_row": 0}, alias], [{"surname": "JONES"}])
    assert pairs(own) == [(0, 0, "rule_1")]
    [rule] = climbed(own, ladder([NAMED]), [{"_row": 0}, {**alias, "surname": "MURPHY"}], [{}])
    assert (rule.candidates, pairs(own)) == (1, [(0, 0, "rule_1")])


def test_a_rule_may_agree_on_how_a_name_sounds(own: duckdb.DuckDBPyConnection) -> None:
    sounds = {"agree": ("surname_soundex", "date_of_birth", "sex", "postcode")}
    climbed(own, ladder([sounds]), [{"surname": "RUPERT"}], [{"surname": "ROBERT"}])
    assert pairs(own) == [(0, 0, "rule_1")]


def test_all_that_a_match_is_called_by(own: duckdb.DuckDBPyConnection) -> None:
    climbed(own, ladder([STRICT]), [{"_row": 7}], [{"_row": 9}])
    assert own.execute("FROM matches").fetchall() == [
        ("pnc", "p7", 7, "npd", "n9", 9, "small", "rule_1")
    ]


def test_a_rule_that_explodes_is_refused_by_name_before_any_pair_is_made(
    own: duckdb.DuckDBPyConnection,
) -> None:
    crowd = [{}] * 20
    said = (
        r"linkage/ladders/small.toml: rule rule_2: 400 pairs agree on \(forename1, surname, sex\)"
    )
    with pytest.raises(LinkageRefused, match=said):
        climbed(own, ladder([STRICT, NAMED], pairs_up_to=399), crowd, crowd)
    climbed(own, ladder([STRICT, NAMED], pairs_up_to=400), crowd, crowd)


def test_nobody_on_one_side_is_refused(own: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(LinkageRefused, match="dataset npd has no records"):
        climbed(own, ladder([STRICT]), [{}], [])


def test_nothing_of_a_climb_is_left_behind(own: duckdb.DuckDBPyConnection) -> None:
    climbed(own, ladder([STRICT]), [{}], [{}])
    own.execute(
        "SELECT table_name FROM duckdb_tables() UNION "
        "SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    left = {name for (name,) in own.fetchall()}
    assert left == {"plain", "records_pnc", "records_npd", "matches", "ties"}


def test_rules_that_ask_for_more_than_another_need_no_reading_of_their_own() -> None:
    climbing = ladder([STRICT, MOVED, MARRIED, NAMED, NAMED])
    assert {rung.name for rung in loosest(climbing)} == {"rule_3", "rule_4"}


def test_a_column_that_no_record_has_is_refused_by_name() -> None:
    rule = {"agree": (*ALL, "postcode_sectors")}
    with pytest.raises(
        SpecificationError, match="rule_1: no linkage record has a column postcode_s"
    ):
        climbable(SPEC, ladder([rule]))
    climbable(SPEC, ladder([{"agree": (*ALL, "surname_soundex", "date_of_birth_year_month")}]))
