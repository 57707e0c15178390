"""A pair stands for its stratum, undecided pairs widen what is said, and groups are told apart."""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.quality.estimate import Estimate, Measured, estimates

from .reviewing import APART, UNSEEN, keep, pairs

DRAWS = 500


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect(config={"threads": 1})
    yield made
    made.close()


def of(con: duckdb.DuckDBPyConnection, by: str = "all", category: str = "all") -> Measured:
    [line] = [
        m for m in estimates(con, draws=DRAWS).measured if (m.by, m.category) == (by, category)
    ]
    return line


def known(estimate: Estimate | None) -> Estimate:
    assert estimate is not None
    assert estimate.least <= estimate.low <= estimate.value <= estimate.high <= estimate.most
    return estimate


def test_each_pair_stands_for_its_stratum(con: duckdb.DuckDBPyConnection) -> None:
    heavy = {"stratum": "heavy", "stratum_pairs": 9_000}
    keep(
        con,
        pairs(29, True, **heavy),
        pairs(1, False, **heavy),
        pairs(6, True, stratum_pairs=1_000),
        pairs(4, False, stratum_pairs=1_000),
        pairs(2, True, **APART, stratum_pairs=500),
        pairs(8, False, **APART, stratum_pairs=500),
        pairs(1, True, **UNSEEN, stratum_pairs=4_000),
        pairs(39, False, **UNSEEN, stratum_pairs=4_000),
    )
    found = of(con)
    # 300 for each of the heavy 30, 100 for each of 10, 50 for each of 10, 100 for each of 40.
    assert known(found.precision).value == pytest.approx((29 * 300 + 600) / 10_000)
    assert known(found.recall).value == pytest.approx(9_300 / 9_500, abs=1e-5)
    assert (found.decided, found.undecided) == (90, 0)


def test_no_match_missed_is_no_proof_that_none_is(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, pairs(50, True, stratum_pairs=500), pairs(40, False, **UNSEEN, stratum_pairs=400))
    recall = known(of(con).recall)
    assert recall.value == recall.high == 1.0
    # 3.69 times ten pairs that a pair stands for, less what was reviewed.
    assert recall.low == pytest.approx(500 / (500 + 3.69 * 9.5), abs=0.02)


def test_undecided_pairs_could_be_either(con: duckdb.DuckDBPyConnection) -> None:
    wide = {"stratum_pairs": 100}
    keep(con, pairs(90, True, **wide), pairs(10, None, **wide), pairs(5, None, **APART))
    found = of(con)
    precision, recall = known(found.precision), known(found.recall)
    assert found.undecided == 15
    assert precision.value == 1.0
    assert precision.least < 0.91 < precision.low
    assert recall.value == recall.most == 1.0
    # The five apart stand for a hundred: 90 of 190 if all are matches that were missed.
    assert recall.least < 90 / 190 + 0.01


def test_strata_in_which_nothing_is_decided_are_told(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, pairs(5, True), pairs(5, None, stratum="silent", stratum_pairs=10_000))
    found = estimates(con, draws=DRAWS)
    assert (found.strata, found.silent, found.decided, found.pairs) == (2, 1, 5, 10)
    assert known(found.measured[0].precision).least < 0.05


def test_groups_are_compared_with_the_one_most_is_known_of(
    con: duckdb.DuckDBPyConnection,
) -> None:
    wide = {"stratum_pairs": 3_000}
    keep(
        con,
        pairs(190, True, **wide),
        pairs(10, False, **wide),
        pairs(40, True, sex="male", **wide),
        pairs(60, False, sex="male", **wide),
        pairs(3, True, sex="mixed", **wide),
        pairs(20, True, **APART),
        pairs(1, True, sex="male", **APART),
    )
    assert known(of(con, "sex", "male").precision).value == pytest.approx(0.4)
    [precision, _] = [c for c in estimates(con, draws=DRAWS).contrasts if c.by == "sex"]
    assert (precision.category, precision.reference) == ("male", "female")
    assert precision.value == pytest.approx(-0.55)
    assert precision.high < -0.4 and precision.told
    assert 0.05 < precision.detectable < 0.25


def test_datasets_are_named_in_order(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, pairs(3, True, dataset_l="b"), pairs(2, False, dataset_r="b"))
    assert of(con, "datasets", "a and b").decided == 5


def test_matches_beyond_the_search_are_as_many_as_it_misses_of_the_linked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    wide = {"stratum_pairs": 1_000}
    keep(
        con,
        pairs(60, True, **wide),
        pairs(40, True, searched=False, **wide),
        pairs(6, True, **UNSEEN, stratum_pairs=60),
    )
    beyond = known(estimates(con, draws=DRAWS).beyond)
    assert known(of(con).recall).value == pytest.approx(1000 / 1060, abs=1e-5)
    assert beyond.value == pytest.approx(1000 / 1100, abs=1e-5)


def test_a_sample_that_nobody_reviewed_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, pairs(5, None), pairs(5, None, **APART))
    found = estimates(con, draws=DRAWS)
    assert found.decided == 0 and found.beyond is None
    assert all(m.precision is None and m.recall is None for m in found.measured)
    keep(con)
    assert estimates(con, draws=DRAWS).measured == ()
