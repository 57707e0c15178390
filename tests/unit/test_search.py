"""Can every linkage model that the search tries be made of the configuration as it is?"""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from datafirst.link import comparisons
from datafirst.link.settings import settings
from datafirst.spec import load

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def search() -> Any:
    """The search, with the ways to compare that only it has; they are gone afterwards."""
    ways = dict(comparisons.WAYS)
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module("search")
    sys.path.remove(str(BENCHMARKS))
    comparisons.WAYS.clear()
    comparisons.WAYS.update(ways)


@pytest.mark.parametrize("data", ["historical", "invented"])
def test_every_variant_is_a_model_that_differs(search: Any, data: str) -> None:
    spec = load(search.CONFIG[data])
    tried = [variant for variant in search.variants() if data in variant["on"]]
    assert len(tried) > 8
    before = [spec.linkage.models[name] for name in search.MODELS[data]]
    for variant in tried:
        changed = search.varied(spec, data, variant)
        after = [changed.linkage.models[name] for name in search.MODELS[data]]
        for model in after:
            settings(changed, model)  # refuses what no linkage record has
        if variant["name"] != "as configured":
            assert after != before or "read" in variant, variant["name"]


def test_rules_that_a_variant_leaves_out_are_there(search: Any) -> None:
    for variant in search.variants():
        for data in variant["on"]:
            models = load(search.CONFIG[data]).linkage.models
            rules = {rule for name in search.MODELS[data] for rule in models[name].block_on}
            assert {tuple(rule) for rule in variant.get("block_without", ())} <= rules


def test_names_are_told_apart_and_keys_are_known(search: Any) -> None:
    variants = search.variants()
    names = [variant["name"] for variant in variants]
    assert len(set(names)) == len(names)
    known = {"name", "on", "differs", "rules", "read", "without", "compare", "frequency"}
    known |= {"block_on", "block_also", "block_without", "training", "training_by"}
    assert not {key for variant in variants for key in variant} - known


def test_the_labels_choose_no_threshold(search: Any) -> None:
    """What a rule takes is the edges' weights and probabilities, and nothing else."""
    assert "truth" not in search.EXPECTED_WRONG
