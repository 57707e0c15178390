"""What stands after two reviewers and an adjudicator, and how far do they agree?"""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.quality.settled import agreement, disputed, kappa, reviewers, settled

Said = tuple[int, str, float, bool]
"""Pair, reviewer, score, whether it adjudicates."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE sample AS SELECT n AS pair_id FROM range(1, 8) r(n)")
        yield con


def say(con: duckdb.DuckDBPyConnection, *said: Said) -> None:
    con.execute("CREATE OR REPLACE TABLE decisions (event BIGINT, pair_id BIGINT, "
                "reviewer VARCHAR, clerical_match_score DOUBLE, adjudicates BOOLEAN)")  # fmt: skip
    con.executemany("INSERT INTO decisions VALUES (?, ?, ?, ?, ?)",
                    [(i, *each) for i, each in enumerate(said)])  # fmt: skip


SAID: tuple[Said, ...] = (
    (1, "Ann", 1, False),
    (2, "Ann", 0, False), (2, "Bea", 0, False),
    (3, "Ann", 1, False), (3, "Bea", 0, False),
    (4, "Ann", 1, False), (4, "Bea", 0.5, False), (4, "Cem", 0, True),
    (5, "Ann", 0.5, False), (5, "Bea", 0.5, False),
    (6, "Ann", 1, False), (6, "Ann", 0, False),
)  # fmt: skip


def test_what_is_settled(con: duckdb.DuckDBPyConnection) -> None:
    say(con, *SAID)
    settled(con)
    assert con.execute("FROM settled").fetchall() == [
        (1, True, "one"),
        (2, False, "two agree"),
        (3, None, "open"),
        (4, False, "adjudicated"),
        (5, None, "two agree"),
        (6, False, "one"),
        (7, None, "open"),
    ]
    assert disputed(con) == {3: {"Ann", "Bea"}, 4: {"Ann", "Bea"}}


def test_a_later_decision_stands_in_place_of_the_earlier(con: duckdb.DuckDBPyConnection) -> None:
    say(con, *SAID, (3, "Bea", 1, False), (4, "Cem", 1, True))
    settled(con)
    rows = dict(con.execute("SELECT pair_id, (decision, decided_by) FROM settled").fetchall())
    assert (rows[3], rows[4]) == ((True, "two agree"), (True, "adjudicated"))
    assert disputed(con).keys() == {4}


def test_what_each_reviewer_did(con: duckdb.DuckDBPyConnection) -> None:
    say(con, *SAID)
    ann, bea, cem = reviewers(con)
    assert (ann.decided, ann.match, ann.no_match, ann.cannot_tell) == (6, 3, 2, 1)
    assert (ann.changed, ann.shared, ann.agreed, ann.overruled) == (1, 4, 2, 1)
    assert (bea.decided, bea.shared, bea.agreed, bea.overruled) == (4, 4, 2, 1)
    assert (cem.reviewer, cem.adjudicates, cem.decided, cem.shared) == ("Cem", True, 1, 0)


def test_agreement_is_of_pairs_that_two_decided(con: duckdb.DuckDBPyConnection) -> None:
    say(con, *SAID)
    found = agreement(con)
    assert (found.pairs, found.agreed) == (4, 2)
    # By hand: Ann says 1, 0, cannot tell in 2, 1, 1 of four, Bea in 0, 2, 2: chance is 4 of 16.
    assert found.kappa == pytest.approx((0.5 - 0.25) / (1 - 0.25), abs=1e-6)
    con.execute("DELETE FROM decisions")
    assert agreement(con).kappa is None


def test_kappa_and_its_interval_are_those_of_the_literature() -> None:
    """Fleiss (1981, table 13.1): 100 cases in three kinds, kappa .676, its standard error .088."""
    diagnoses = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert diagnoses.kappa == pytest.approx(0.676, abs=0.001)
    assert diagnoses.low is not None and diagnoses.high is not None
    assert (diagnoses.high - diagnoses.low) / 2 / 1.96 == pytest.approx(0.088, abs=0.001)
    assert kappa([[5, 0], [0, 0]]).kappa is None  # chance alone would do as well
    perfect = kappa([[5, 0], [0, 5]])
    # Ten that agree hide a disagreement in .308 of pairs: .025 = .692 ** 10; chance is a half.
    assert (perfect.kappa, perfect.high) == (1.0, 1.0)
    assert perfect.low == pytest.approx((0.6915 - 0.5) / 0.5, abs=1e-3)
    many = kappa([[500, 0], [0, 500]])
    assert many.low is not None and many.low > 0.99


def test_a_reviewer_who_changes_sides_has_not_agreed(con: duckdb.DuckDBPyConnection) -> None:
    say(con, *SAID)
    before = agreement(con)
    say(con, *SAID, (3, "Bea", 1, False))
    assert agreement(con) == before
