"""Is it told of every threshold on what evidence it stands, or that there is none?"""

import pytest

from datafirst.quality.accuracy import thresholds
from datafirst.quality.laddered import laddered
from datafirst.spec import LinkModel, Specification
from datafirst.spec.evidence import Evidence, Found, OfGroup, Within

from .pretended import specification


def found(precision: float, recall: float) -> Found:
    def within(value: float) -> Within:
        return Within(value=value, low=value - 0.02, high=value + 0.01)

    return Found(precision=within(precision), recall=within(recall))


EVIDENCE = Evidence(
    release="2022-02",
    run="0123",
    sample="4567",
    pairs=2000,
    decided=1980,
    seed=1,
    reviewers=2,
    kappa=0.934,
    strict=found(0.99, 0.9),
    standard=found(0.98, 0.95),
    loose=found(0.9, 0.97),
    links=found(0.97, 0.96),
    groups=(
        OfGroup(by="sex", category="female", decided=120, precision=found(0.97, 0.9).precision),
    ),
)


@pytest.fixture(scope="module")
def spec() -> Specification:
    return specification()


def reviewed(model: LinkModel) -> LinkModel:
    assert model.thresholds
    limits = model.thresholds.model_copy(update={"evidence": EVIDENCE})
    return model.model_copy(update={"thresholds": limits})


def test_a_model_that_was_reviewed_says_what_was_found(spec: Specification) -> None:
    told = {s.name: s for s in thresholds([reviewed(spec.linkage.models["crown"])])}
    first = told["Thresholds"].rows[0]
    assert first[:9] == ("crown", "strict", "14", 0.99, 0.97, 1.0, 0.9, 0.88, 0.91)
    assert told["Clerical review"].rows == (("crown", "2022-02", 2000, 1980, "2", "0.93"),)
    assert told["Accuracy by group: crown"].rows == (
        ("crown", "Sex: female", 120, 0.97, 0.95, 0.98, None, None, None),
    )
    links = told["Accuracy of links"].rows[0]
    assert links[:2] == ("crown", "2022-02")
    assert links[2:] == pytest.approx((0.97, 0.95, 0.98, 0.96, 0.94, 0.97))
    chart = told["Thresholds"].chart
    assert chart is not None and len(chart["data"]["values"]) == 6


def test_a_model_that_was_not_says_so(spec: Specification) -> None:
    models = [reviewed(spec.linkage.models["crown"]), spec.linkage.models["family"]]
    rows = {row[:2]: row for row in next(thresholds(models)).rows}
    assert rows["family", "standard"][3:9] == (None,) * 6
    assert "not been reviewed" in str(rows["family", "standard"][9])
    assert "not been reviewed" not in str(rows["crown", "standard"][9])


def test_where_nothing_was_reviewed_nothing_is_drawn(spec: Specification) -> None:
    [section] = thresholds([spec.linkage.models["crown"], spec.linkage.models["journeys"]])
    assert section.chart is None
    assert section.rows[-1][:2] == ("journeys", "journey")


def test_a_ladder_tells_what_each_rule_found(spec: Specification) -> None:
    ladder = spec.linkage.ladders["pnc_npd"]
    one = {"candidates": 9, "matched": 7, "tied_left": 2, "tied_right": 1}
    counted = {
        "rules": [{**one, "rule": rung.name} for rung in ladder.rules],
        "rates": [{"by": "sex", "category": "F", "records": 10, "matched": 4, "rate": 0.4}],
    }
    rules, rates = laddered([ladder], {"pnc_npd": counted})
    says = ladder.rules[0].says
    assert rules.rows[0] == ("pnc_npd", "1. all five", says, 7, 2, 1)
    assert len(rules.rows) == len(ladder.rules)
    assert rates.rows == (("pnc_npd", "sex", "F", 10, 4, 0.4),)
    assert list(laddered([ladder], {})) == []
