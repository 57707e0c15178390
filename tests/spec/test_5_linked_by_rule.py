"""Linked by rule

Offenders of the Police National Computer are linked to pupils, defendants and prisoners not by
weights but by ladders: rules that are tried in order, from the strictest down. Each ladder's rules
are in the linkage plan.
"""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from datafirst.link.individuals import individuals
from datafirst.link.ladder import climb
from datafirst.spec import Specification

SCHOOLS, COURTS = "pnc_npd", ("pnc_magistrates", "pnc_crown", "pnc_prison")
ELSEWHERE = {"postcode": "CF1 2XY"}
NUMBER = {"pnc": "2001/0000001A"}
Climb = Callable[[str, list[dict[str, Any]], list[dict[str, Any]]], Any]


def test_the_strictest_rule_that_holds_links(climbed: Climb) -> None:
    """The first rule that holds of two records links them, and it is told with the link; who is
    linked takes no part in the rules that follow."""
    married = {"surname": "DE SOUZA"}
    found = climbed(SCHOOLS, [{}, {"forename1": "BELLA"}], [ELSEWHERE, {}, married])
    assert found.pairs == [(0, 1, "all_five")]
    assert climbed(SCHOOLS, [{}], [ELSEWHERE]).pairs == [(0, 0, "moved")]


def test_three_of_five_identifiers_are_equal(spec: Specification) -> None:
    """Every rule asks that at least three of forename, surname, date of birth, sex and postcode
    are equal, or a number that names one person; the others may be alike, missing or changed."""
    five = {"forename1", "surname", "date_of_birth", "sex", "postcode"}
    for ladder in spec.linkage.ladders.values():
        for rung in ladder.rules:
            assert len(five & set(rung.agree)) >= 3 or "pnc" in rung.agree, rung.name


def test_what_is_missing_agrees_with_nothing(climbed: Climb) -> None:
    """What is missing in both records is not equal."""
    unknown = {"date_of_birth": None, "postcode": None}
    assert climbed(SCHOOLS, [unknown], [unknown]).pairs == []


def test_ties_are_set_aside(climbed: Climb) -> None:
    """Where a rule holds of several pairs of one record, none of them is linked, by this rule or a
    later one: they are counted, and kept for reviewers.

    A later rule asks for less, and could choose between them by chance only.
    """
    found = climbed(SCHOOLS, [{}], [ELSEWHERE, {"postcode": "SA1 2XY"}])
    assert found.pairs == []
    assert found.ties == [("npd", 0), ("npd", 1), ("pnc", 0)]


def test_an_offender_is_one_pupil(climbed: Climb) -> None:
    """An offender is linked to one pupil at most and a pupil to one offender, whereas a person may
    stand on any number of records of courts and prisons."""
    assert climbed(SCHOOLS, [{}, {}], [{}]).pairs == []
    for name in COURTS:
        found = climbed(name, [NUMBER], [NUMBER, NUMBER])
        assert [pair[:2] for pair in found.pairs] == [(0, 0), (0, 1)]


def test_twins_are_not_confused(climbed: Climb) -> None:
    """No rule links two people whose forenames are neither alike nor short for each other, as are
    those of twins, wherever they live."""
    for home in ({}, {"postcode": "LS1 9ZZ"}, ELSEWHERE, {"postcode": None}):
        twin = {"forename1": "BETH", **home}
        assert climbed(SCHOOLS, [{}], [twin]).pairs == []


@pytest.mark.parametrize("ladder", COURTS)
def test_a_number_alone_links_nobody(climbed: Climb, ladder: str) -> None:
    """A police number is typed by hand: it links only where date of birth or name bear it out."""
    other = {**NUMBER, "forename1": "ZOE", "surname": "JONES"}
    stranger = {**other, "date_of_birth": "1971-03-04"}
    assert climbed(ladder, [NUMBER], [stranger]).pairs == []
    assert len(climbed(ladder, [NUMBER], [other]).pairs) == 1


def test_who_was_at_school_too_early_is_not_looked_for(climbed: Climb) -> None:
    """Offenders born before 31 August 1985 are not looked for among pupils, of whom there are no
    records so early."""
    early, late = ({"date_of_birth": day} for day in ("1985-08-30", "1985-08-31"))
    found = climbed(SCHOOLS, [early, late], [early, late])
    assert [pair[:2] for pair in found.pairs] == [(1, 1)]


def test_every_way_of_writing_is_tried(
    con: duckdb.DuckDBPyConnection, spec: Specification, climbed: Climb
) -> None:
    """Who gave other names is looked for under each of them, and linked once."""
    found = climbed(SCHOOLS, [{"surname": "ASH"}], [{}])
    assert [rule for *_, rule in found.pairs] == ["surname_changed"]
    con.execute("INSERT INTO pnc SELECT * REPLACE (1 AS variant, 'MURPHY' AS surname) FROM pnc")
    climb(con, spec, found.ladder, found.records)
    assert found.pairs == [(0, 0, "all_five")]


def test_a_person_has_one_identifier_throughout(
    con: duckdb.DuckDBPyConnection, climbed: Climb
) -> None:
    """An offender and the pupil linked to them have one identifier in the tables of both; everybody
    else has one of their own."""
    found = climbed(SCHOOLS, [{}], [{}, {"forename1": "ZOE", "surname": "JONES"}])
    individuals(con, [found.ladder], found.records)
    told = con.execute("SELECT dataset, _row, individual FROM individuals").fetchall()
    assert told == [("npd", 0, "pnc/0"), ("npd", 1, "npd/1"), ("pnc", 0, "pnc/0")]
