"""Is drift told in every kind, refused beyond its bound by name, and accepted only where named?"""

import copy
import json
import math
from pathlib import Path
from typing import Any

import pytest

from datafirst.errors import LinkageRefused
from datafirst.quality.drawing import svg
from datafirst.quality.drift import Move, beyond, index, lineage, moves, refuse
from datafirst.quality.drifted import drifted
from datafirst.spec import Accepted, Drift, load

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def bounds() -> Drift:
    drift = load(CONFIG).linkage.drift
    assert drift
    return drift


def model(*datasets: str, produces: str = "people") -> dict[str, Any]:
    return {
        "datasets": list(datasets),
        "produces": produces,
        "trained_on": dict.fromkeys(datasets, 100_000),
        "prior": 1e-5,
        "levels": {"surname": {"same": [0.9, 0.001], "different": [0.1, 0.999]}},
        "pairs": {"surname": 200_000, "pnc": 3},
        "edges": {"0": 1_000, "1": 2_000, "2": 3_000, "3": 40_000},
        "weights": {"2": 1_000, "10": 5_000, "20": 40_000},
    }


def whole() -> dict[str, Any]:
    datasets = ("crown", "magistrates")
    return {
        "records": dict.fromkeys(datasets, 100_000),
        "known": {d: {"postcode": 80_000, "surname": 100_000} for d in datasets},
        "models": {"crown": model("crown"), "courts": model(*datasets)},
        "people": {
            d: {
                "sizes": {"1": 30_000, "2": 20_000, "5": 6_000},
                "linked": {"own": 70_000, "other": 50_000},
                "bands": {"A": 60_000, "none": 40_000},
            }
            for d in datasets
        },
        "journeys": {"crown": 60_000},
    }


def changed(path: str, value: object) -> dict[str, Any]:
    """The whole, in which one thing (its path by slashes) is another."""
    made = copy.deepcopy(whole())
    *way, last = path.split("/")
    at: Any = made
    for step in way:
        at = at[step]
    at[int(last) if isinstance(at, list) else last] = value
    return made


def test_the_same_has_not_moved_also_after_it_was_kept(bounds: Drift) -> None:
    kept = json.loads(json.dumps(whole()))
    found = moves(kept, whole())
    assert {move.kind for move in found} == set(bounds.bounds()) - {"m", "u", "prior"}
    assert all(move.moved == 0 for move in found)
    refuse(found, bounds, (), "2024-06", "2022-02")


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        ("models/crown/levels/surname/same/0", 0.2, "m: crown: surname: same"),
        ("models/crown/levels/surname/same/1", 0.01, "u: crown: surname: same"),
        ("models/crown/prior", 1e-4, "prior: crown"),
        ("known/magistrates/postcode", 70_000, "completeness: magistrates: postcode"),
        ("records/crown", 300_000, "records: crown"),
        ("models/courts/pairs/surname", 900_000, "pairs: courts: surname"),
        ("models/courts/pairs/surname", 0, "pairs: courts: surname"),
        ("models/crown/edges/3", 10_000, "edges: crown: 3"),
        ("models/crown/weights/2", 40_000, "weights: crown"),
        ("people/crown/sizes/5", 60_000, "people: crown"),
        ("people/crown/linked/other", 80_000, "linked: crown: other"),
        ("journeys/crown", 20_000, "journeys: crown"),
    ],
)
def test_each_kind_is_refused_beyond_its_bound_by_name(
    bounds: Drift, path: str, value: object, name: str
) -> None:
    found = moves(whole(), changed(path, value))
    assert name in {move.name for move in beyond(found, bounds)}
    with pytest.raises(LinkageRefused) as refused:
        refuse(found, bounds, (), "2024-06", "2022-02")
    assert f"- {name}: " in str(refused.value)
    assert 'releases/2024-06.toml:\n[[accepts_drift]]\nmoved = "' in str(refused.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("models/crown/levels/surname/same/0", 0.8),
        ("known/magistrates/postcode", 78_000),
        ("models/courts/pairs/pnc", 40),
    ],
    ids=["m a little", "completeness a little", "few pairs, however many times more"],
)
def test_what_stays_within_its_bound_is_only_told(bounds: Drift, path: str, value: object) -> None:
    found = moves(whole(), changed(path, value))
    assert any(move.moved > 0 for move in found)
    refuse(found, bounds, (), "2024-06", "2022-02")


def test_acceptance_is_for_one_thing_and_so_far(bounds: Drift) -> None:
    found = moves(whole(), changed("known/magistrates/postcode", 70_000))
    name, because = "completeness: magistrates: postcode", "Companies left the source."
    far = Accepted(moved=name, up_to=0.1, because=because)
    refuse(found, bounds, (far,), "2024-06", "2022-02")
    for other in (
        Accepted(moved=name, up_to=0.06, because=because),
        Accepted(moved="completeness: crown: postcode", up_to=0.5, because=because),
    ):
        with pytest.raises(LinkageRefused, match=name):
            refuse(found, bounds, (other,), "2024-06", "2022-02")


def test_what_the_refusal_says_to_write_is_accepted(bounds: Drift) -> None:
    found = moves(whole(), changed("known/magistrates/postcode", 71_234))
    with pytest.raises(LinkageRefused) as refused:
        refuse(found, bounds, (), "2024-06", "2022-02")
    said = dict(line.split(" = ") for line in str(refused.value).splitlines() if " = " in line)
    told = Accepted(
        moved=json.loads(said["moved"]), up_to=float(said["up_to"]), because="It was found."
    )
    refuse(found, bounds, (told,), "2024-06", "2022-02")


def test_more_records_of_the_same_kind_are_no_drift_of_the_prior(bounds: Drift) -> None:
    """Twice the records halve the prior of a model that is trained on them."""
    now = changed("models/crown/prior", 5e-6)
    now["models"]["crown"]["trained_on"]["crown"] = 200_000
    (prior,) = (m for m in moves(whole(), now) if m.kind == "prior")
    assert prior.moved == pytest.approx(0, abs=1e-4)


def test_a_model_goes_on_from_the_one_of_its_name_or_of_its_datasets() -> None:
    then = {
        "crown": model("crown"),
        "criminal": model("crown", "prison"),
        "other": model("family", "crown"),
        "journeys": model("crown", "prison", produces="journeys"),
    }
    now = {
        "crown": model("crown"),
        "criminal_2024": model("crown", "prison", "oasys"),
        "oasys": model("oasys"),
    }
    assert lineage(then, now) == {"crown": "crown", "criminal_2024": "criminal"}


def test_volumes_are_compared_only_where_the_datasets_are_the_same() -> None:
    now = whole()
    now["models"]["courts_2"] = model("crown", "magistrates", "prison")
    del now["models"]["courts"]
    now["records"]["prison"] = 10
    kinds = {m.kind for m in moves(whole(), now) if "courts_2" in m.name}
    assert kinds == set()
    now["models"]["courts_2"]["levels"]["surname"]["same"][0] = 0.5
    kinds = {m.kind for m in moves(whole(), now) if "courts_2" in m.name}
    assert kinds == {"m", "u"}
    assert not any(m.thing[-1] == "other" for m in moves(whole(), now) if m.kind == "linked")


def test_the_index_is_the_population_stability_index() -> None:
    then, now = {"a": 700_000, "b": 300_000}, {"a": 500_000, "b": 500_000}
    by_hand = -0.2 * math.log(0.5 / 0.7) + 0.2 * math.log(0.5 / 0.3)
    assert index(then, now) == pytest.approx(by_hand, rel=1e-3)
    assert index(then, then) == 0
    assert index({}, {"a": 5}) == 0
    assert math.isfinite(index({"a": 100}, {"b": 100}))


def test_the_report_names_what_moved_and_what_was_accepted(bounds: Drift) -> None:
    now = changed("known/magistrates/postcode", 70_000)
    now["records"]["crown"] = 300_000
    accepted = (
        Accepted(moved="completeness: magistrates: postcode", up_to=0.2, because="It is real."),
        Accepted(moved="people: crown", up_to=2, because="It was expected."),
    )
    found = moves(whole(), now)
    kinds, things, weights = drifted(found, bounds, accepted, whole(), now)
    assert {row[0] for row in kinds.rows} == set(bounds.bounds())
    verdicts = {row[0]: row[-1] for row in things.rows}
    assert verdicts["completeness: magistrates: postcode"] == "accepted: It is real."
    assert verdicts["records: crown"] == "beyond its bound"
    assert "did not move beyond its bound: people: crown." in things.says
    for section in (kinds, weights):
        assert section.chart and svg(section.chart).startswith("<svg")


def test_a_move_is_told_by_name() -> None:
    assert Move("m", ("crown", "sex", "same"), 0.9, 0.8, 0.17, 5).name == "m: crown: sex: same"
