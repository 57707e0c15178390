"""How many pairs may stand on either side of a weight bounds what no pair drawn speaks of."""

from pathlib import Path

import duckdb
import numpy as np

from datafirst.quality.estimate import reviewed_pairs
from datafirst.quality.possible import Possible, possible
from datafirst.quality.tally import KINDS, Drawn, Tally, drawn
from datafirst.spec import load

from .reviewing import UNSEEN, keep, pairs

CONFIG = Path(__file__).parents[3] / "config"
OWN = {"dataset_l": "magistrates", "dataset_r": "magistrates", "model": "magistrates"}

# Edges from 8 on, edges of 2 to 4, and what has no edge: of a group 100, 10 and 60 pairs, of
# which 100, 0 and 20 are matches. The last stratum is heavy, and hardly ever is one of the 60
# drawn.
THERE = np.array([2_000.0, 100.0, 40_000.0])
SAMPLED = np.array([200.0, 90.0, 40.0])
GROUP = np.array([100.0, 10.0, 60.0])
MATCHES = np.array([100.0, 0.0, 20.0])
TRUE_RECALL = 100 / 120
POSSIBLE = Possible(
    together=np.array([2_000.0, 0.0, 0.0]),
    apart=np.array([0.0, 100.0, 40_000.0]),
    groups={("sex", "female"): GROUP},
    lowest=np.array([8.0, 2.0, -np.inf]),
    highest=np.array([np.inf, 4.0, -np.inf]),
)
DRAWN = Drawn(
    ("a", "b", "c"),
    THERE,
    SAMPLED,
    SAMPLED,
    {True: np.array([True, False, False]), False: np.array([False, True, True])},
)


def drawn_at_random(rng: np.random.Generator) -> Tally:
    """What a sample finds of the group, where an edge of 6 or more links."""
    kinds = np.stack([MATCHES, GROUP - MATCHES, THERE - GROUP], axis=1).astype(int)
    found = np.array(
        [rng.multivariate_hypergeometric(k, int(n)) for k, n in zip(kinds, SAMPLED, strict=True)]
    ).astype(float)
    linked = np.array([1.0, 0.0, 0.0])
    counts = {kind: np.zeros(3) for kind in KINDS}
    for match in (True, False):
        counts[True, match] = found[:, 0 if match else 1] * linked
        counts[False, match] = found[:, 0 if match else 1] * (1 - linked)
    return Tally("sex/female", DRAWN, counts)


def holds(pairs: Tally) -> bool:
    found = pairs.recall(draws=300)
    return found is not None and found.interval[0] <= TRUE_RECALL <= found.interval[1]


def test_the_interval_of_a_small_group_at_a_threshold_holds_the_truth() -> None:
    rng, times = np.random.default_rng(4), 100
    samples = [drawn_at_random(rng) for _ in range(times)]
    bounded = [POSSIBLE.by_weight(pairs, 6.0, ("sex", "female")) for pairs in samples]
    assert sum(map(holds, bounded)) >= 0.95 * times
    assert sum(map(holds, samples)) < 0.5 * times  # of those drawn alone


def test_pairs_are_bounded_on_the_sides_where_their_band_lets_them_be() -> None:
    none = Tally("t", DRAWN, {kind: np.zeros(3) for kind in KINDS})

    def at(weight: float) -> tuple[list[float], list[float]]:
        known = POSSIBLE.by_weight(none, weight, ("sex", "female")).known
        assert known is not None
        return known[True].tolist(), known[False].tolist()

    assert at(1.0) == ([100, 10, 0], [0, 0, 60])
    assert at(3.0) == ([100, 10, 0], [0, 10, 60])  # within a band: either side
    assert at(6.0) == ([100, 0, 0], [0, 10, 60])
    assert at(9.0) == ([100, 0, 0], [100, 10, 60])


def test_what_was_drawn_on_one_side_is_not_on_the_other() -> None:
    counts = {kind: np.zeros(3) for kind in KINDS}
    counts[False, True] = np.array([0.0, 4.0, 0.0])
    known = POSSIBLE.by_weight(Tally("t", DRAWN, counts), 3.0, ("sex", "female")).known
    assert known is not None and known[True].tolist() == [100, 6, 0]


def test_it_is_read_from_the_sample_and_what_was_counted_when_it_was_drawn() -> None:
    others = {"dataset_l": "crown", "dataset_r": "crown"}
    with duckdb.connect() as con:
        keep(
            con,
            pairs(3, True, **OWN, match_weight=9.1, stratum="a", stratum_pairs=30),
            pairs(2, True, **OWN, match_weight=-7.5, stratum="b", stratum_pairs=8),
            pairs(1, True, **OWN, match_weight=23.0, stratum="c", stratum_pairs=6),
            pairs(2, True, **others, match_weight=23.0, stratum="c", stratum_pairs=6),
            pairs(2, False, **{**UNSEEN, **OWN, "model": None}, stratum_pairs=20),
        )
        strata = drawn(con, reviewed_pairs())
        model = load(CONFIG).linkage.models["magistrates"]
        found = possible(con, model, strata, "sample", "sample_known")
    assert strata.names == ("a", "b", "c", "u")
    assert found.together.tolist() == [30, 8, 2, 0]
    assert found.apart.tolist() == [0, 0, 0, 20]
    assert found.groups["sex", "female"].tolist() == [30, 8, 6, 20]
    assert found.lowest.tolist() == [8, -np.inf, 20, -np.inf]
    assert found.highest.tolist() == [10, 0, np.inf, -np.inf]
