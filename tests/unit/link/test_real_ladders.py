"""Does each rule of the ladders that are in use find the pair that it is there for, and no twin?"""

import datetime
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from datafirst.link.ladder import climbable
from datafirst.spec.ladder import EXACT, FIVE

from .ladders import SPEC, climbed, pairs, tied, written

PLANTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "all_five": ({}, {}),
    "sex_open": ({}, {"sex": None}),
    "surname_slip": ({}, {"surname": "MURPY"}),
    "forename_slip": ({"forename1": "CHARLOTTE"}, {"forename1": "CHARLOTE"}),
    "forename_short": ({"forename1": "ALEX"}, {"forename1": "ALEXANDRA"}),
    "names_swapped": ({}, {"forename1": "MURPHY", "surname": "ANNA"}),
    "birthday_slip": ({}, {"date_of_birth": datetime.date(1990, 2, 11)}),
    "birthday_swapped": ({}, {"date_of_birth": datetime.date(1990, 1, 2)}),
    "surname_changed": ({}, {"surname": "DE SOUZA"}),
    "moved_nearby": ({}, {"postcode": "LS1 9ZZ"}),
    "moved": ({}, {"postcode": "CF1 2XY"}),
    "moved_and_sounds_alike": ({}, {"surname": "MURFEE", "postcode": "LS1 9ZZ"}),
}
NUMBER = {"pnc": "2001/0000001A"}
NUMBERED: dict[str, dict[str, Any]] = {
    "number_and_birthday": {"surname": "JONES", "forename1": "ZOE"},
    "number_and_surname": {"surname": "MURPY", "date_of_birth": None},
    "number_and_names_swapped": {
        "surname": "ANNA",
        "forename1": "MURPHY",
        "date_of_birth": datetime.date(1971, 1, 1),
    },
}
COURTS = ("pnc_magistrates", "pnc_crown", "pnc_prison")


@pytest.fixture(scope="module")
def own() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def test_a_pair_is_planted_for_every_rule() -> None:
    assert list(PLANTED) == [rung.name for rung in written("pnc_npd").rules]
    for name in COURTS:
        assert list(NUMBERED) == [rung.name for rung in written(name).rules]


@pytest.mark.parametrize("rule", PLANTED)
def test_a_rule_from_police_to_schools_finds_the_pair_it_is_there_for(
    own: duckdb.DuckDBPyConnection, rule: str
) -> None:
    offender, pupil = PLANTED[rule]
    climbed(own, written("pnc_npd"), [offender], [pupil])
    assert pairs(own) == [(0, 0, rule)]


@pytest.mark.parametrize("ladder", COURTS)
@pytest.mark.parametrize("rule", NUMBERED)
def test_a_rule_from_police_to_courts_and_prisons_does_too(
    own: duckdb.DuckDBPyConnection, ladder: str, rule: str
) -> None:
    climbed(own, written(ladder), [NUMBER], [{**NUMBER, **NUMBERED[rule]}] * 2)
    assert pairs(own) == [(0, 0, rule), (0, 1, rule)]


@pytest.mark.parametrize("ladder", COURTS)
def test_a_number_alone_links_nobody(own: duckdb.DuckDBPyConnection, ladder: str) -> None:
    other = {"surname": "JONES", "forename1": "ZOE", "date_of_birth": None}
    climbed(own, written(ladder), [NUMBER], [{**NUMBER, **other}])
    assert pairs(own) == []


def test_a_twin_is_not_taken_for_the_other(own: duckdb.DuckDBPyConnection) -> None:
    """Whatever the other is called, wherever at home; each pair has a surname of its own."""
    forenames, homes = ("HANNAH", "JOANNA", "BETH", "EVE"), ("LS1 4AB", "LS1 9ZZ", "CF1 2XY", None)
    twins = [
        {"forename1": forename, "postcode": home, "surname": f"{forename}-{home}"}
        for forename in forenames
        for home in homes
    ]
    climbed(own, written("pnc_npd"), [{"surname": twin["surname"]} for twin in twins], twins)
    assert pairs(own) == []


def test_namesakes_born_on_one_day_are_a_tie(own: duckdb.DuckDBPyConnection) -> None:
    climbed(own, written("pnc_npd"), [{}], [{"postcode": "CF1 2XY"}, {"postcode": "SA1 2XY"}])
    assert pairs(own) == []
    assert len(tied(own)) == 3


def test_schools_are_linked_by_three_equal_identifiers_at_least() -> None:
    for rung in written("pnc_npd").rules:
        assert len(set(rung.agree) & set(FIVE)) >= EXACT
    for name in ("pnc_npd", *COURTS):
        climbable(SPEC, written(name))
