"""Is each pair scored once, by a model that fits, and in one order?"""

import copy
import math
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link import guards
from datafirst.link.by import By
from datafirst.link.edges import edges_of
from datafirst.link.inputs import inputs
from datafirst.link.score import fitting, prior_weight, score
from datafirst.spec import Specification

from .conftest import Courts


def rows(courts: Courts, query: str) -> list[tuple[Any, ...]]:
    courts.con.execute(query)
    found: list[tuple[Any, ...]] = courts.con.fetchall()
    return found


def test_every_edge_stands_once_smaller_record_first(courts: Courts) -> None:
    query = (
        "SELECT count(*), count(DISTINCT (dataset_l, _row_l, dataset_r, _row_r)), "
        "count(*) FILTER (WHERE (dataset_l, _row_l) < (dataset_r, _row_r)), min(match_weight) "
        "FROM edges_of_people"
    )
    ((edges, different, ordered, least),) = rows(courts, query)
    assert edges == different == ordered > 1000
    assert least >= 0.0


def test_a_linking_model_scores_across_and_a_deduplicating_one_within(courts: Courts) -> None:
    query = "SELECT DISTINCT model, dataset_l, dataset_r FROM edges_of_people ORDER BY ALL"
    assert rows(courts, query) == [
        ("magistrates", "magistrates", "magistrates"),
        ("magistrates_crown", "crown", "magistrates"),
    ]


def test_edges_hold_no_values(courts: Courts) -> None:
    courts.con.execute("SELECT * FROM edges_of_people LIMIT 0")
    assert [c[0] for c in courts.con.description] == [
        "dataset_l",
        "_row_l",
        "dataset_r",
        "_row_r",
        "match_weight",
        "match_probability",
        "model",
        "strength",
    ]


def test_high_weights_are_matches(courts: Courts) -> None:
    query = (
        "SELECT avg((l.p = r.p)::INTEGER) FROM edges_magistrates JOIN raw_magistrates l "
        "ON l._row = _row_l JOIN raw_magistrates r ON r._row = _row_r WHERE match_weight > 8"
    )
    assert rows(courts, query)[0][0] > 0.99


@pytest.mark.parametrize(
    ("key", "message"),
    [("version", "version"), ("standardised", "standardising"), ("compared", "comparisons")],
)
def test_a_model_trained_for_something_else_is_refused(
    courts: Courts, key: str, message: str
) -> None:
    other = {**courts.trained["magistrates"], key: "2011-01"}
    with pytest.raises(LinkageRefused, match=f"{message}.* changed since it was trained"):
        score(courts.con, courts.spec, other, courts.records, into="never")


def test_a_model_that_is_not_in_the_specification_is_refused(courts: Courts) -> None:
    with pytest.raises(LinkageRefused, match="no such model"):
        score(courts.con, courts.spec, {"model": "nobody"}, courts.records)


def test_chunks_and_threads_change_nothing(courts: Courts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datafirst.link.by.PAIRS_AT_ONCE", 6_000)
    courts.con.execute("SET threads = 1")
    trained = courts.trained["magistrates"]
    for n, by in enumerate((By("splink"), By("compiled", threads=1))):
        score(courts.con, courts.spec, trained, courts.records, into=f"again_{n}", by=by)
    courts.con.execute("SET threads = 2")
    tables = ("edges_magistrates", "again_0", "again_1")
    once, again, alone = (rows(courts, f"SELECT * FROM {t}") for t in tables)
    assert once == again == alone


def test_the_prior_is_todays(courts: Courts, spec: Specification) -> None:
    trained = copy.deepcopy(courts.trained["magistrates"])
    prior = trained["splink"]["probability_two_random_records_match"]
    ten = {name: 10 * n for name, n in trained["records"].items()}
    same, fewer = (prior_weight(trained, counts) for counts in (trained["records"], ten))
    assert same == pytest.approx(math.log2(prior / (1 - prior)), abs=1e-6)
    assert fewer == pytest.approx(same - math.log2(10), rel=1e-3)


def test_the_weight_is_that_of_splink_with_this_prior(courts: Courts) -> None:
    """Scored with even odds and the prior added: the same as Splink alone with the prior."""
    trained = courts.trained["magistrates"]
    model = fitting(courts.spec, trained)
    rule = {"blocking_rule": "l.surname = r.surname AND l.date_of_birth = r.date_of_birth"}
    settings = {
        **trained["splink"],
        "blocking_rules_to_generate_predictions": [rule | {"sql_dialect": "duckdb"}],
    }
    with inputs(courts.con, model, courts.records) as tables, guards.engine(courts.con) as db:
        linker = guards.linker(guards.frames(db, tables), settings)
        found = linker.inference.predict(threshold_match_weight=2.0)
        courts.con.execute(
            "CREATE OR REPLACE TABLE alone AS SELECT unique_id_l // 64 AS a, "
            f"unique_id_r // 64 AS b, match_weight AS w FROM {found.physical_name}"
        )
    ((compared, furthest),) = rows(
        courts,
        "SELECT count(*), max(abs(w - match_weight)) FROM alone JOIN edges_magistrates "
        "ON least(a, b) = _row_l AND greatest(a, b) = _row_r",
    )
    assert compared > 1000
    assert furthest < 1e-5


def test_the_strength_follows_from_the_models_thresholds(courts: Courts) -> None:
    query = (
        "SELECT strength, count(*) > 0, min(match_weight) >= any_value(least) "
        "FROM edges_magistrates JOIN (VALUES (3, 14), (2, 8), (1, 4), (0, 0)) AS t(s, least) "
        "ON strength = s GROUP BY ALL ORDER BY ALL"
    )
    assert rows(courts, query) == [(n, True, True) for n in range(4)]


def test_records_are_as_alike_as_their_likest_ways_and_not_with_themselves(
    spec: Specification,
) -> None:
    """Row 1 is written in two ways (numbers 64 and 65), row 2 in one, row 3 of another dataset."""
    pairs = (
        "SELECT * FROM (VALUES ('crown', 128, 'crown', 64, 3.0), ('crown', 65, 'crown', 128, 9.0), "
        "('crown', 64, 'crown', 65, 12.0), ('magistrates', 192, 'crown', 65, 5.0)) "
        "t(dataset_l, n_l, dataset_r, n_r, match_weight)"
    )
    edges = edges_of(spec.linkage.models["magistrates_crown"], pairs, 0.5)
    found = duckdb.sql(f"SELECT * EXCLUDE (match_probability, model) FROM ({edges})").fetchall()
    assert found == [("crown", 1, "crown", 2, 9.5, 2), ("crown", 1, "magistrates", 3, 5.5, 1)]
