"""Are the weights of a model told as they are?"""

import math

from datafirst.quality.weights import levels, odds_of, weights

from .pretended import learned, specification


def test_a_level_weighs_the_logarithm_of_m_over_u() -> None:
    spec = specification()
    model = spec.linkage.models["crown"]
    section = weights(model, learned(spec, model))
    assert section.rows[0] == (
        "crown", "Before anything is compared", "two records at random", None, None, -10.0,
    )  # fmt: skip
    for _, _, level, m, u, weight in section.rows[1:]:
        assert isinstance(m, float) and isinstance(u, float)
        assert weight == round(math.log2(m / u), 2), level


def test_every_level_is_told_but_what_is_missing() -> None:
    spec = specification()
    model = spec.linkage.models["crown"]
    trained = learned(spec, model)
    told = [level for _, level, _, _ in levels(model, trained)]
    every = [x for c in trained["splink"]["comparisons"] for x in c["comparison_levels"]]
    assert len(told) == sum(1 for x in every if not x.get("is_null_level")) > 10
    assert "missing" not in told
    assert odds_of(trained) == -10.0


def test_levels_of_one_name_stand_apart_in_the_picture() -> None:
    spec = specification()
    model = spec.linkage.models["crown"]
    chart = weights(model, learned(spec, model)).chart
    assert chart is not None
    lines = [row["line"] for row in chart["data"]["values"]]
    assert len(lines) == len(set(lines))
    headings = [line for line in lines if "||" in line]
    assert len(headings) == len(model.comparisons)
