"""Is what is told of a ladder right: whom it matched, what they are called, how right it was?"""

import datetime
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from datafirst.link.individuals import individuals
from datafirst.link.rates import codes_of, rates
from datafirst.link.read import fields_read
from datafirst.quality.ladder_truth import ladder_quality
from datafirst.report import ladders
from datafirst.settings import PROJECT
from datafirst.spec import load

from .ladders import SPEC, climbed, ladder, pairs, tied

STRICT = {"agree": ("forename1", "surname", "date_of_birth", "sex", "postcode")}
MOVED = {"agree": ("forename1", "surname", "date_of_birth", "sex")}
NUMBERED = {"agree": ("pnc",)}
RECORDS = {"pnc": "records_pnc", "npd": "records_npd"}
CODES = {"sex": frozenset("FMX"), "ethnicity": frozenset({"W1", "B1", "Z9"})}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def people(number: int, **same: Any) -> list[dict[str, Any]]:
    return [{"surname": f"S{n:04d}", **same} for n in range(number)]


def told(con: duckdb.DuckDBPyConnection, climbing: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (line["by"], line["category"]): (
            line["records"],
            line["matched"],
            line["rate"],
            tuple(line["by_rule"].values()),
        )
        for line in rates(con, climbing, RECORDS, CODES)
    }


def test_match_rates_by_rule_sex_ethnicity_and_cohort(con: duckdb.DuckDBPyConnection) -> None:
    men = people(20, sex="M", ethnicity="B1", date_of_birth=datetime.date(1989, 12, 31))
    women = people(10, sex="F", ethnicity=None, date_of_birth=None)
    seen = [*men[:4], *({**man, "postcode": "CF1 1AA"} for man in men[4:5])]
    climbing = ladder([STRICT, MOVED])
    climbed(con, climbing, [*men, *women], seen)
    assert told(con, climbing) == {
        ("all", "all"): (30, 5, 0.1667, (4, 1)),
        ("sex", "F"): (10, 0, 0.0, (0, 0)),
        ("sex", "M"): (20, 5, 0.25, (4, 1)),
        ("ethnicity", "B1"): (20, 5, 0.25, (4, 1)),
        ("ethnicity", "not known"): (10, 0, 0.0, (0, 0)),
        ("birth cohort", "1985 to 1989"): (20, 5, 0.25, (4, 1)),
        ("birth cohort", "not known"): (10, 0, 0.0, (0, 0)),
    }


def test_a_category_of_few_is_not_named(con: duckdb.DuckDBPyConnection) -> None:
    rare = people(9, sex="X", ethnicity="Z9", date_of_birth=datetime.date(1899, 1, 1))
    climbing = ladder([STRICT])
    climbed(con, climbing, [*people(10), *rare], people(1))
    named = {category for by, category in told(con, climbing) if by != "all"}
    assert named == {"F", "W1", "1990 to 1994", "another code", "other"}
    assert "Z9" not in str(rates(con, climbing, RECORDS, CODES))


def test_a_code_is_named_only_where_it_is_in_the_list(con: duckdb.DuckDBPyConnection) -> None:
    """However many have it, and whatever it looks like."""
    climbing = ladder([STRICT])
    climbed(con, climbing, [*people(10), *people(30, sex="Q", ethnicity="AB")], people(1))
    named = {category for by, category in told(con, climbing) if by in ("sex", "ethnicity")}
    assert named == {"F", "W1", "another code"}
    found = told(con, climbing)
    assert found["sex", "another code"][0] == found["ethnicity", "another code"][0] == 30


def test_the_codes_are_those_of_the_system_brought_to_those_that_are_compared() -> None:
    codes = codes_of(load(PROJECT / "config"), "pnc")
    assert {"M", "F"} <= codes["sex"]
    assert {"W1", "A4"} <= codes["ethnicity"] and not {"O1", "NS", "UN"} & codes["ethnicity"]


def test_only_those_who_are_looked_for_are_matched_and_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """By the main way they are written; their other names are looked for too."""
    old, young = {"date_of_birth": datetime.date(1960, 1, 1)}, {"surname": "YOUNG"}
    written = [
        {"_row": 0, **old},
        {"_row": 0, "variant": 1, **young},
        {"_row": 1, **young},
        {"_row": 1, "variant": 1, **old},
    ]
    climbing = ladder([STRICT], left_when="date_of_birth >= DATE '1985-08-31'")
    climbed(con, climbing, written, [young, old])
    assert pairs(con) == [] and len(tied(con)) == 3
    climbed(con, climbing, written, [old])
    assert pairs(con) == [(1, 0, "rule_1")]
    assert told(con, climbing)["all", "all"] == (1, 1, 1.0, (1,))
    con.execute(
        "CREATE TABLE truth AS SELECT * FROM (VALUES ('pnc', 'p0', 'A'), ('pnc', 'p1', 'B'), "
        "('npd', 'n0', 'A')) t(dataset, record_id, person_id)"
    )
    assert ladder_quality(con, climbing, RECORDS, "truth").true_pairs == 0


def test_a_person_of_many_records_is_matched_once(con: duckdb.DuckDBPyConnection) -> None:
    offender = {"pnc": "2001/0000001A"}
    climbing = ladder([{"agree": ("pnc", "surname")}, NUMBERED], one_to_one=False)
    climbed(con, climbing, [offender], [offender, offender, {**offender, "surname": "X"}])
    assert told(con, climbing)["all", "all"] == (1, 1, 1.0, (1, 1))


def test_other_names_of_a_record_are_not_other_people(con: duckdb.DuckDBPyConnection) -> None:
    alias = {"_row": 0, "variant": 1, "surname": "X", "sex": "M"}
    climbing = ladder([STRICT])
    climbed(con, climbing, [{"_row": 0}, alias], [{}])
    assert told(con, climbing)["all", "all"] == (1, 1, 1.0, (1,))
    individuals(con, [climbing], RECORDS)
    assert con.execute("SELECT count(*) FROM individuals").fetchall() == [(2,)]


def test_an_individual_is_called_after_the_left_hand_record(
    con: duckdb.DuckDBPyConnection,
) -> None:
    climbing = ladder([STRICT])
    climbed(con, climbing, people(2), people(3)[1:])
    individuals(con, [climbing], RECORDS)
    assert con.execute("FROM individuals").fetchall() == [
        ("npd", "n0", 0, "pnc/p1", "rule_1"),
        ("npd", "n1", 1, "npd/n1", None),
        ("pnc", "p0", 0, "pnc/p0", None),
        ("pnc", "p1", 1, "pnc/p1", None),
    ]


def test_quality_against_the_truth(con: duckdb.DuckDBPyConnection) -> None:
    """Of four people who are in both, two agree on all five, one moved, one changed all; the one
    who moved is confused with nobody, and a stranger with the first's particulars is linked."""
    left = people(5)
    right = [left[0], left[1], {**left[2], "postcode": "CF1 1AA"}, {"surname": "X"}, left[4]]
    truth = [("pnc", f"p{n}", f"P{n}") for n in range(5)]
    truth += [("npd", f"n{n}", f"P{n}") for n in range(4)] + [("npd", "n4", "P9")]
    climbing = ladder([STRICT, MOVED, {**MOVED, "name": "never"}])
    climbed(con, climbing, left, right)
    con.execute("CREATE TABLE truth (dataset VARCHAR, record_id VARCHAR, person_id VARCHAR)")
    con.executemany("INSERT INTO truth VALUES (?, ?, ?)", truth)
    quality = ladder_quality(con, climbing, RECORDS, "truth")
    assert (quality.true_pairs, quality.found, quality.right) == (4, 4, 3)
    assert (quality.pairs.precision, quality.pairs.recall) == (0.75, 0.75)
    assert quality.agree_on_all_five == 0.5
    assert quality.precision_by_rule == {"rule_1": 0.666667, "rule_2": 1.0}


def test_records_are_made_with_every_field_that_a_ladder_reads() -> None:
    sounding = {
        "agree": ("forename1", "postcode_district", "sex", "date_of_birth", "postcode"),
        "alike": [{"field": "surname", "by": "soundex"}],
    }
    assert fields_read(SPEC, [ladder([sounding])]) == [
        "date_of_birth", "ethnicity", "forename1", "postcode", "sex", "surname",
    ]  # fmt: skip
    assert "surname" in fields_read(SPEC, [ladder([{"agree": ("pnc", "surname_soundex")}])])


def test_a_ladder_is_shown_by_rule_and_by_whom_it_matched() -> None:
    line = {"by": "all", "category": "all", "records": 10, "matched": 5, "rate": 0.5}
    found = {
        "rules": [
            {"rule": "strict", "candidates": 6, "matched": 5, "tied_left": 1, "tied_right": 0}
        ],
        "rates": [{**line, "by_rule": {"strict": 5}}],
        "truth": {
            "precision": 1.0, "recall": 0.5, "f1": 0.6667, "agree_on_all_five": 0.64,
            "precision_by_rule": {"strict": 1.0},
        },
    }  # fmt: skip
    rules, whom = ladders({"ladders": {"small": found}})
    assert "64.0% of true pairs" in str(rules.title)
    assert [list(column.cells) for column in rules.columns][:4] == [
        ["strict"], ["6"], ["5"], ["50.0%"],
    ]  # fmt: skip
    assert [list(column.cells) for column in whom.columns][2:5] == [["10"], ["5"], ["50.0%"]]
    assert ladders({}) == []
