"""Does training find what is in the data, and the same every time?"""

import json
import math

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.em import Session
from datafirst.link.train import _rounded, train
from datafirst.spec import Comparison, Specification

from .conftest import Courts
from .population import populate


def weights(trained: dict[str, object], comparison: str) -> dict[str, float]:
    (found,) = (
        c for c in trained["splink"]["comparisons"] if c["output_column_name"] == comparison
    )
    return {
        x["label_for_charts"]: math.log2(x["m_probability"] / x["u_probability"])
        for x in found["comparison_levels"]
        if not x.get("is_null_level")
    }


def test_weights_follow_how_telling_an_agreement_is(courts: Courts) -> None:
    trained = courts.trained["magistrates"]
    born, pnc = weights(trained, "date_of_birth"), weights(trained, "pnc_cro")
    assert pnc["same pnc"] > born["same"] > born["one digit apart"] > 0 > born["different"]
    assert weights(trained, "sex")["same"] < 1.5


def test_m_and_u_are_distributions(courts: Courts) -> None:
    for trained in courts.trained.values():
        for comparison in trained["splink"]["comparisons"]:
            for side in ("m_probability", "u_probability"):
                levels = comparison["comparison_levels"][1:]
                assert sum(x[side] for x in levels) == pytest.approx(1, abs=1e-3)


def test_the_prior_is_near_the_truth(courts: Courts) -> None:
    courts.con.execute(
        "SELECT sum(n * (n - 1)) / (sum(n) * (sum(n) - 1)) FROM (SELECT count(*) AS n FROM truth "
        "WHERE dataset = 'magistrates' GROUP BY person_id)"
    )
    true = float(courts.con.fetchall()[0][0])
    prior = courts.trained["magistrates"]["splink"]["probability_two_random_records_match"]
    assert abs(math.log2(prior / true)) < 0.5


def test_identifiers_are_not_taken_for_chance(courts: Courts) -> None:
    """Random pairs put the u of PNC numbers at their matches: here it is what is left of them."""
    (pnc,) = (
        c
        for c in courts.trained["magistrates"]["splink"]["comparisons"]
        if c["output_column_name"] == "pnc_cro"
    )
    assert pnc["comparison_levels"][1]["u_probability"] < 2e-6


def test_a_trained_model_says_what_it_was_trained_on(courts: Courts) -> None:
    trained = courts.trained["magistrates_crown"]
    assert set(trained["records"]) == {"magistrates", "crown"}
    assert (trained["model"], trained["version"]) == ("magistrates_crown", "2022-02")
    assert json.loads(json.dumps(trained)) == trained


BORN = Comparison(field="date_of_birth", compare="exact")


def lean(spec: Specification, born: Comparison = BORN) -> Specification:
    """A model of three comparisons, quick to train."""
    model = spec.linkage.models["magistrates"]
    few = (
        Comparison(field="surname", compare="name", thresholds=(0.88,)),
        born,
        Comparison(field="postcode", compare="exact"),
    )
    training = model.training.model_copy(
        update={"em_rules": (("date_of_birth",), ("postcode",)), "u_max_pairs": 50_000}
    )
    model = model.model_copy(update={"comparisons": few, "training": training})
    linkage = spec.linkage.model_copy(update={"models": {"magistrates": model}})
    return spec.model_copy(update={"linkage": linkage})


def test_threads_change_nothing(spec: Specification) -> None:
    found = []
    for threads in (1, 2):
        con = duckdb.connect()
        con.execute(f"SET threads = {threads}; SET memory_limit = '500MB'")
        small = lean(spec)
        records = populate(con, small, 1200)
        found.append(json.dumps(train(con, small, small.linkage.models["magistrates"], records)))
        con.close()
    assert found[0] == found[1]


def test_too_little_to_learn_from_is_refused(spec: Specification) -> None:
    con = duckdb.connect()
    small = lean(spec, Comparison(field="date_of_birth", compare="date_of_birth"))
    records = populate(con, small, 20)
    with pytest.raises(LinkageRefused, match="model magistrates"):
        train(con, small, small.linkage.models["magistrates"], records)
    con.close()


def test_rules_are_counted_before_the_work_starts(
    spec: Specification, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(*_: object) -> None:
        raise AssertionError("the work has started")

    monkeypatch.setattr("datafirst.link.guards.frames", begun)
    con = duckdb.connect()
    small = lean(spec)
    records = populate(con, small, 500)
    model = small.linkage.models["magistrates"]
    everybody = model.training.model_copy(update={"prior_rules": (("sex",),)})
    with pytest.raises(LinkageRefused, match=r"prior_rule \(sex\)"):
        train(con, small, model.model_copy(update={"training": everybody}), records)
    con.close()


@pytest.mark.parametrize(
    ("matches", "u", "kept"),
    [(150, 0.3, 0.02), (150, 0.004, 0.004), (3e6, 0.3, 1e-4), (3e6, 1e-6, 1e-6)],
)
def test_few_matches_cannot_prove_that_a_disagreement_is_rarer(
    matches: float, u: float, kept: float
) -> None:
    """Nor does a level that no match showed ever speak for one. Only matches count in which the
    field was known, of sessions that estimated it."""
    levels = [
        {"is_null_level": True},
        {"m_probability": 1.0, "u_probability": 1e-3},
        {"m_probability": 1e-12, "u_probability": u},
    ]
    trained = {
        "probability_two_random_records_match": 0.1,
        "comparisons": [{"output_column_name": "sex", "comparison_levels": levels}],
    }
    sessions = [
        Session("a", 9, 9, 1, 0.5, 1e-4, {"sex": matches}),
        Session("b", 9**9, 9**9, 1, 0.5, 1e-4, {"other": 1e9}),
    ]
    [comparison] = _rounded(trained, sessions)["comparisons"]
    assert comparison["comparison_levels"][2]["m_probability"] == pytest.approx(kept, rel=0.03)
