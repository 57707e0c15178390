"""Do the intervals of clerical review hold the truth in 93 of 100 samples, in every group?"""

import importlib.util
import sys
from types import ModuleType

import pytest

from datafirst.settings import PROJECT

pytestmark = pytest.mark.slow

SAMPLES = 500
LEAST = 0.93
"""Intervals that held the truth in .957 of samples would fall below .93 of 500 once in 500 groups
(binomial: .957 less 2.9 standard errors of .0091); theirs is .97 or more."""


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = PROJECT / "benchmarks" / "interval_coverage.py"
    spec = importlib.util.spec_from_file_location("interval_coverage", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["interval_coverage"] = module
    spec.loader.exec_module(module)
    return module


def test_intervals_hold_the_truth_overall_and_in_each_group(benchmark: ModuleType) -> None:
    known = benchmark.population(people=10_000, pairs=2_000)
    lines = list(benchmark.coverage(known, SAMPLES, seed=20220228))
    told = {(line.measure, line.by, line.category): line.coverage for line in lines}
    assert ("precision", "all", "all") in told and ("recall", "all", "all") in told
    assert {by for _, by, _ in told} >= {"sex", "ethnicity", "age", "area", "year", "naming"}
    assert {group: held for group, held in told.items() if held < LEAST} == {}
    # The textbook's would not do: where it finds no error it says that there is none.
    assert min(line.textbook / line.told for line in lines) < 0.8
