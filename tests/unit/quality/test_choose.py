"""Thresholds are chosen by what reviewers decided, and refused where that is too little."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from datafirst.errors import LinkageRefused, SpecificationError
from datafirst.quality.choose import FEWEST, Review, Targets, choose
from datafirst.quality.groups import GROUPS
from datafirst.spec import LinkModel, load

from .reviewing import UNSEEN, keep, pairs

CONFIG = Path(__file__).parents[3] / "config"
REVIEW = Review("2022-02", "f00d", "beef", 7, 2, 0.91)
OWN = {"dataset_l": "magistrates", "dataset_r": "magistrates", "model": "magistrates"}
TARGETS = Targets.of(0.9)


@pytest.fixture(scope="module")
def model() -> LinkModel:
    return load(CONFIG).linkage.models["magistrates"]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect(config={"threads": 1})
    yield made
    made.close()


def band(weight: float, right: int, wrong: int, open_pairs: int = 0) -> Iterator[object]:
    """The pairs of one band of weights, each of which stands for ten."""
    told = {**OWN, "match_weight": weight, "stratum": f"band {weight}"}
    told["stratum_pairs"] = 10 * (right + wrong + open_pairs)
    for number, decision in ((right, True), (wrong, False), (open_pairs, None)):
        yield from pairs(number, decision, **told)


def test_the_least_weight_that_is_right_often_enough_is_standard(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    keep(
        con,
        band(15.2, 400, 0),
        band(9.2, 100, 4),
        band(5.2, 40, 30),
        band(1.2, 5, 100),
        pairs(2, True, **{**UNSEEN, **OWN, "model": None}, stratum_pairs=20),
    )
    chosen = choose(con, model, TARGETS, REVIEW)
    # 544 of 578 from 5 on is .941, and .918 at least; from 1 on .80. Strict is .95: from 9 on.
    assert (chosen.standard, chosen.strict) == (1.5, 5.5)
    # Loose keeps .99 of 545 matches that have an edge: all but five.
    assert chosen.loose == 1.5
    evidence = chosen.evidence
    assert evidence is not None
    assert evidence.standard.precision.low >= 0.9
    assert evidence.strict.precision.low >= 0.95
    assert evidence.standard.recall.value == pytest.approx(540 / 547, abs=1e-4)
    assert (evidence.pairs, evidence.decided, evidence.seed) == (681, 681, 7)
    assert [group.by for group in evidence.groups] == list(GROUPS)
    assert "about 680 pairs" in chosen.because
    # As they were linked: all with an edge. 545 of 679 are right, and two matches were not linked.
    assert evidence.links is not None
    assert evidence.links.precision.value == pytest.approx(545 / 679, abs=1e-4)
    assert evidence.links.recall.value < 1


def test_a_group_of_few_decided_pairs_is_not_told_of(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    few = {**OWN, "match_weight": 15.2, "stratum": "few", "sex": "male", "stratum_pairs": 99}
    keep(con, band(15.2, 400, 0), pairs(FEWEST - 1, True, **few))
    evidence = choose(con, model, TARGETS, REVIEW).evidence
    assert evidence is not None
    assert [g.category for g in evidence.groups if g.by == "sex"] == ["female"]


@pytest.mark.parametrize("asked", [(0.9, 1.0), (0.9, 1.5), (0.9, -1.0), (0.9, 0.8), (1.0, None)])
def test_what_no_sample_could_show_is_not_asked_for(asked: tuple[float, float | None]) -> None:
    with pytest.raises(SpecificationError, match="share between 0 and 1"):
        Targets.of(*asked)


def test_pairs_that_nobody_could_decide_count_as_wrong(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    keep(con, band(15.2, 400, 0), band(9.2, 40, 0, open_pairs=60), band(1.2, 1, 50))
    assert choose(con, model, TARGETS, REVIEW).standard == 9.5


def test_loose_is_never_above_standard(con: duckdb.DuckDBPyConnection, model: LinkModel) -> None:
    keep(con, band(15.2, 400, 0), band(9.2, 300, 0), band(-3.8, 1, 0))
    chosen = choose(con, model, TARGETS, REVIEW)
    assert chosen.loose <= chosen.standard <= chosen.strict


def test_a_sample_too_small_to_tell_is_refused(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    keep(con, band(15.2, 20, 0))
    with pytest.raises(LinkageRefused, match=r"magistrates: .*too small to tell.*36 pairs"):
        choose(con, model, TARGETS, REVIEW)


def test_too_many_errors_are_refused(con: duckdb.DuckDBPyConnection, model: LinkModel) -> None:
    keep(con, band(15.2, 200, 100))
    with pytest.raises(LinkageRefused, match="reviewers found more errors than that"):
        choose(con, model, TARGETS, REVIEW)


def test_a_strict_threshold_that_cannot_be_told_is_refused_too(
    con: duckdb.DuckDBPyConnection, model: LinkModel
) -> None:
    keep(con, band(15.2, 60, 0))
    assert choose(con, model, Targets(0.9, 0.93), REVIEW).strict >= 14
    with pytest.raises(LinkageRefused, match=r"right 0.95 of the time"):
        choose(con, model, TARGETS, REVIEW)


def test_nothing_decided_is_refused(con: duckdb.DuckDBPyConnection, model: LinkModel) -> None:
    keep(con, band(15.2, 0, 0, open_pairs=9))
    with pytest.raises(LinkageRefused, match="no pair that it gave an edge has been decided"):
        choose(con, model, TARGETS, REVIEW)
