"""Does training find what is in the data, and the same every time?"""

import json
import math
from collections.abc import Callable, Iterator

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.train import train
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


def crossed(spec: Specification) -> Specification:
    """The same of two datasets."""
    small = lean(spec)
    [model] = small.linkage.models.values()
    both = model.model_copy(update={"datasets": ("magistrates", "crown")})
    linkage = small.linkage.model_copy(update={"models": {"magistrates": both}})
    return small.model_copy(update={"linkage": linkage})


@pytest.mark.parametrize("smaller", [lean, crossed])
def test_the_engine_learns_what_splink_learns(
    spec: Specification, smaller: Callable[[Specification], Specification]
) -> None:
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '500MB'")
    small = smaller(spec)
    records = populate(con, small, 1200)
    model = small.linkage.models["magistrates"]
    ours, theirs = (train(con, small, model, records, by) for by in ("compiled", "splink"))
    con.close()
    assert (ours.pop("engine"), theirs.pop("engine")) == ("compiled", "splink")
    assert [*numbers(ours)] == pytest.approx([*numbers(theirs)], rel=1e-8)
    assert [*numbers(ours, "text")] == [*numbers(theirs, "text")]


def numbers(told: object, kind: str = "number") -> Iterator[object]:
    """Every number of what a trained model says, or everything else, in order."""
    if isinstance(told, dict | list):
        items = (
            [x for pair in sorted(told.items()) for x in pair] if isinstance(told, dict) else told
        )
        for each in items:
            yield from numbers(each, kind)
    elif isinstance(told, int | float) == (kind == "number"):
        yield told


def test_what_the_engine_does_not_know_is_learnt_by_splink(
    spec: Specification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the model says so. Nothing else is different."""
    con = duckdb.connect()
    small = lean(spec)
    records = populate(con, small, 1200)
    model = small.linkage.models["magistrates"]
    theirs = train(con, small, model, records, "splink")

    def puzzled(*_: object) -> None:
        raise NotUnderstood("a riddle")

    # The last thing that is asked: what had been learnt by then is not used.
    monkeypatch.setattr("datafirst.link.engine.learn.tally", puzzled)
    ours = train(con, small, model, records)
    con.close()
    assert ours == {**theirs, "engine": "splink: a riddle"}


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
