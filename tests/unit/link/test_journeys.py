"""Are Crown Court cases found in the magistrates' courts?"""

from datafirst.link.journeys import journeys
from datafirst.quality.truth import journeys_quality

from .conftest import Courts


def made(courts: Courts) -> str:
    model = courts.spec.linkage.models["journeys"]
    journeys(courts.con, model, courts.records, "edges_journeys")
    return "journeys"


def test_journeys_are_right(courts: Courts) -> None:
    best = journeys_quality(courts.con, made(courts), "truth_journeys", best=True)
    every = journeys_quality(courts.con, "journeys", "truth_journeys")
    assert best.precision > 0.99
    assert every.precision > 0.9
    assert every.recall >= best.recall > 0.85


def test_each_crown_record_has_one_best_link_its_heaviest(courts: Courts) -> None:
    courts.con.execute(
        f"SELECT count(*) FILTER (WHERE best), count(DISTINCT right_row), count(*) FILTER (WHERE "
        f"best AND match_weight < heaviest) FROM (SELECT *, max(match_weight) OVER "
        f"(PARTITION BY right_row) AS heaviest FROM {made(courts)})"
    )
    ((best, right, wrong),) = courts.con.fetchall()
    assert best == right > 0
    assert wrong == 0


def test_left_is_the_court_below_and_rows_are_in_order(courts: Courts) -> None:
    courts.con.execute(f"SELECT * FROM {made(courts)}")
    names = [column[0] for column in courts.con.description]
    rows = courts.con.fetchall()
    assert names == [
        "left_dataset",
        "left_record_id",
        "left_row",
        "right_dataset",
        "right_record_id",
        "right_row",
        "match_weight",
        "match_probability",
        "best",
    ]
    assert {(row[0], row[3]) for row in rows} == {("magistrates", "crown")}
    assert all(row[1].startswith("M") and row[4].startswith("C") for row in rows)
    assert [(row[2], row[5]) for row in rows] == sorted((row[2], row[5]) for row in rows)


def test_many_to_many_and_ties(courts: Courts) -> None:
    """One case split in two and two joined in one; of equals the smallest row is best."""
    courts.con.execute(
        "CREATE OR REPLACE TABLE few AS SELECT * FROM (VALUES "
        "('crown', 1, 'magistrates', 7, 9.0, 0.9, 1), ('crown', 1, 'magistrates', 3, 9.0, 0.9, 1), "
        "('crown', 2, 'magistrates', 3, 8.0, 0.9, 1), ('crown', 4, 'magistrates', 5, 1.0, 0.5, 0)) "
        "t(dataset_l, _row_l, dataset_r, _row_r, match_weight, match_probability, strength)"
    )
    model = courts.spec.linkage.models["journeys"]
    journeys(courts.con, model, courts.records, "few", into="few_journeys")
    courts.con.execute("SELECT left_row, right_row, best FROM few_journeys")
    assert courts.con.fetchall() == [(3, 1, True), (3, 2, True), (7, 1, False)]
