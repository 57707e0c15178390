"""How often do the estimates' intervals hold the truth? Clerical review, again and again.

    python benchmarks/interval_coverage.py [--people 20000] [--pairs 3000] [--draws 500] [--seed 1]

Invents people, links their records with the models of a release in one process without servers,
and then draws 500 samples of pairs as `datafirst sample` would (its frames, strata and shares),
labels them by the truth, and estimates precision and recall as `datafirst evaluate` would. Prints
how many of the 95% intervals hold the truth, and how wide they are, for all links and for each
group, beside the textbook's interval; and how often a threshold that is chosen by such a sample is
as precise as it was asked to be.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.link.read import fields_read
from datafirst.link.records import records
from datafirst.link.score import score
from datafirst.link.train import train
from datafirst.quality.allocation import allocate
from datafirst.quality.estimate import CATEGORIES
from datafirst.quality.frames import frames
from datafirst.quality.groups import FIELDS, GROUPS, groups
from datafirst.quality.intervals import NORMAL, Floats, Share
from datafirst.quality.known import group_of
from datafirst.quality.tally import Drawn, Tally
from datafirst.spec import LinkModel, Specification, load
from datafirst.synthetic.laid_out import lay_out

CONFIG = Path(__file__).parents[1] / "config"
RELEASE = "2022-02"
DRAWS = 1000
"""Of each end of an interval."""
FEWEST = 30
"""A group whose sample would hold fewer pairs than this, linked and not, has no line."""
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Every pair that could be drawn: its stratum, what it is, and whom it is of."""

    strata: tuple[str, ...]
    pairs: Floats
    share: Codes
    """How many pairs of each stratum are drawn."""
    stratum: Codes
    linked: npt.NDArray[np.bool_]
    match: npt.NDArray[np.bool_]
    of: dict[str, tuple[list[str], Codes]]
    """By what groups are told: the categories, and each pair's."""
    weight: Floats
    """The match weight; nan where there is no edge."""

    def sample(self, rng: np.random.Generator) -> Codes:
        """The places of the pairs drawn: of every stratum its share, none twice."""
        order = np.lexsort((rng.random(len(self.stratum)), self.stratum))
        first = np.searchsorted(self.stratum[order], np.arange(len(self.strata)))
        return np.concatenate([order[at : at + n] for at, n in zip(first, self.share, strict=True)])

    def tally(
        self,
        name: str,
        drawn: Drawn,
        places: Codes,
        of: npt.NDArray[np.bool_],
        known: Mapping[bool, Floats] | None = None,
    ) -> Tally:
        """What reviewers find in a sample, of the pairs of one group."""
        own = places[of[places]]
        counts = {
            (linked, match): self._count(own[(self.linked[own] == linked) & is_match])
            for linked in (True, False)
            for match, is_match in ((True, self.match[own]), (False, ~self.match[own]))
        }
        none = np.zeros(len(self.strata))
        counts |= {(True, None): none, (False, None): none}
        return Tally(name, drawn, counts, known)

    def known(self, of: npt.NDArray[np.bool_]) -> dict[bool, Floats]:
        """How many pairs of a group each stratum has, as known.known() counts them."""
        return {
            linked: self._count(np.flatnonzero(of & (self.linked == linked)))
            for linked in (True, False)
        }

    def true(self, measure: str, of: npt.NDArray[np.bool_]) -> float:
        right = int((self.linked & self.match & of).sum())
        whole = self.linked if measure == "precision" else self.match
        return right / int((whole & of).sum())

    def drawn(self) -> Drawn:
        share = self.share.astype(np.float64)
        reach = {
            linked: self._count(np.flatnonzero(self.linked == linked)) > 0
            for linked in (True, False)
        }
        return Drawn(self.strata, self.pairs, share, share, reach)

    def _count(self, places: Codes) -> Floats:
        return np.bincount(self.stratum[places], minlength=len(self.strata)).astype(np.float64)


def population(people: int, pairs: int, release: str = RELEASE) -> Population:
    """The links of invented people, and the strata of a sample of so many pairs."""
    spec = load(CONFIG)
    named = [spec.linkage.models[name] for name in spec.releases[release].models]
    models = [model for model in named if model.produces == "people"]
    with duckdb.connect(config={"memory_limit": "3GB", "threads": 2}) as con:
        made = linked(con, spec, models, people)
        rule = spec.linkage.bridges[str(spec.releases[release].bridges)]
        cut_at_bridges(con, "people", "edges", rule, models)
        groups(con, spec, made)
        standards = {p: m.thresholds.standard for m in models if m.thresholds for p in m.pairs}
        frame = frames(con, made, 1, "people", "edges", "grouped")
        strata = allocate(frame.cells, pairs, standards)
        of_cell = {cell.number: i for i, s in enumerate(strata) for cell in s.cells}
        numbers = pa.table({"number": list(of_cell), "stratum": list(of_cell.values())})
        con.register("of_cell", numbers)
        found = con.execute(_pairs()).fetchnumpy()
    codes = {name: np.unique(found[name].astype(str), return_inverse=True) for name in CATEGORIES}
    return Population(
        strata=tuple(s.name for s in strata),
        pairs=np.array([s.pairs for s in strata], np.float64),
        share=np.array([s.sampled for s in strata], np.int64),
        stratum=np.asarray(found["stratum"], np.int64),
        linked=np.asarray(found["together"], np.bool_),
        match=np.asarray(found["match"], np.bool_),
        of={name: (list(names), places) for name, (names, places) in codes.items()},
        weight=np.ma.filled(found["match_weight"].astype(np.float64), np.nan),
    )


def linked(
    con: duckdb.DuckDBPyConnection, spec: Specification, models: list[LinkModel], people: int
) -> dict[str, str]:
    """Makes the tables people and edges, as the release's models link invented records."""
    lay_out(con, spec, people, 2022)
    fields = sorted({*fields_read(spec, models), *FIELDS})
    made = {}
    for dataset in sorted({d for model in models for d in model.datasets}):
        made[dataset] = f"records_{dataset}"
        query = records(spec, dataset, fields)
        con.execute(f"CREATE TABLE records_{dataset} AS {query} ORDER BY _row, variant")
    for number, model in enumerate(models):
        score(con, spec, train(con, spec, model, made), made, into=f"edges_{number}")
    each = " UNION ALL ".join(f"FROM edges_{number}" for number in range(len(models)))
    con.execute(f"CREATE TABLE edges AS {each}")
    cluster(con, made, "edges")
    return made


def _pairs() -> str:
    """Every pair of the frames, with what a sample says of it and whether it is a match."""
    told = ", ".join(f"{group_of(name)} AS {name}" for name in GROUPS)
    datasets = "least(l.dataset, r.dataset) || ' and ' || greatest(l.dataset, r.dataset)"
    return (
        "SELECT o.stratum, l.person = r.person AS together, match_weight, "
        f"coalesce(lt.person_id = rt.person_id, false) AS match, 'all' AS \"all\", "
        f"{datasets} AS datasets, {told} FROM sampling_pairs AS p "
        "JOIN sampling_cells AS c USING (frame, band, place_l, place_r, rare) "
        "JOIN of_cell AS o USING (number) JOIN sampling_nodes AS l ON l.node = p.node_l "
        "JOIN sampling_nodes AS r ON r.node = p.node_r "
        "LEFT JOIN sampling_edges AS e ON e.a = p.node_l AND e.b = p.node_r "
        "JOIN grouped AS lg ON lg.dataset = l.dataset AND lg._row = l._row "
        "JOIN grouped AS rg ON rg.dataset = r.dataset AND rg._row = r._row "
        "JOIN truth AS lt ON lt.dataset = l.dataset AND lt.record_id = l.record_id "
        "JOIN truth AS rt ON rt.dataset = r.dataset AND rt.record_id = r.record_id "
        "ORDER BY p.node_l, p.node_r"
    )


@dataclass
class Line:
    """How the intervals of one share of one group did."""

    by: str
    category: str
    measure: str
    true: float
    told: int = 0
    held: int = 0
    above: int = 0
    below: int = 0
    width: float = 0.0
    textbook: int = 0
    textbook_width: float = 0.0
    decided: int = 0

    @property
    def coverage(self) -> float:
        return self.held / self.told if self.told else 1.0


def coverage(known: Population, draws: int, seed: int = 1) -> Iterator[Line]:
    """How often the intervals of so many samples hold the truth, by group and measure."""
    rng, drawn = np.random.default_rng(seed), known.drawn()
    domains = {
        (by, name): places == i
        for by, (names, places) in known.of.items()
        for i, name in enumerate(names)
        if _enough(known, places == i)
    }
    lines = {
        (*domain, measure): Line(*domain, measure, known.true(measure, of))
        for (domain, of), measure in product(domains.items(), ("precision", "recall"))
    }
    there = {domain: known.known(of) for domain, of in domains.items()}
    for _ in range(draws):
        places = known.sample(rng)
        for domain, of in domains.items():
            tally = known.tally("/".join(domain), drawn, places, of, there[domain])
            for measure in ("precision", "recall"):
                share = getattr(tally, measure)(draws=DRAWS)
                if share is not None:
                    _note(lines[*domain, measure], share, tally)
    yield from lines.values()


def _enough(known: Population, of: npt.NDArray[np.bool_]) -> bool:
    """Whether a sample is expected to hold enough pairs of the group that are linked."""
    in_stratum = np.bincount(known.stratum[of & known.linked], minlength=len(known.strata))
    return float((in_stratum * known.share / known.pairs).sum()) >= FEWEST


def _note(line: Line, share: Share, tally: Tally) -> None:
    low, high = share.interval
    line.told += 1
    line.held += low <= round(line.true, 5) <= high
    line.above += round(line.true, 5) > high
    line.below += round(line.true, 5) < low
    line.width += high - low
    line.decided += tally.decided
    low, high = wald(tally, line.measure)
    line.textbook += low <= line.true <= high
    line.textbook_width += high - low


def wald(tally: Tally, measure: str) -> tuple[float, float]:
    """The textbook's interval of a share (its linearised variance: Särndal, Swensson and Wretman
    1992, 5.6)."""
    strata = tally.drawn.strata("left out")
    good = tally.counts[True, True]
    bad = tally.counts[(True, False) if measure == "precision" else (False, True)]
    each, n = strata.each, np.maximum(strata.decided, 1)
    whole = float(each @ (good + bad))
    value = float(each @ good) / whole
    first, second = (1 - value) / whole, -value / whole
    mean = (good * first + bad * second) / n
    squares = good * first**2 + bad * second**2 - n * mean**2
    left = np.maximum(1 - n / strata.pairs, 0)
    variance = strata.pairs**2 * left * squares / np.maximum(n - 1, 1) / n
    half = NORMAL * sqrt(max(float(variance.sum()), 0.0))
    return max(value - half, 0.0), min(value + half, 1.0)


@dataclass
class Chosen:
    """How precise the thresholds are that samples chose."""

    target: float
    samples: int = 0
    refused: int = 0
    short: int = 0
    """Chosen, and less precise in truth than was asked for."""
    weights: list[float] = field(default_factory=list)


def chosen(known: Population, target: float, draws: int, seed: int = 1) -> Chosen:
    """The least match weight of all edges whose precision's lower end reaches the target."""
    rng, drawn, found = np.random.default_rng(seed), known.drawn(), Chosen(target)
    steps = np.arange(0.0, 24.0, 1.0)
    for _ in range(draws):
        places = known.sample(rng)
        reached = []
        for step in steps:
            of = known.weight >= step
            at = Population(**{**vars(known), "linked": of})
            share = at.tally(f"from {step}", drawn, places, of).precision(draws=DRAWS)
            if share is not None and share.interval[0] >= target:
                reached.append(float(step))
        found.samples += 1
        found.refused += not reached
        if reached:
            of = known.weight >= min(reached)
            found.weights.append(min(reached))
            found.short += known.match[of].mean() < target
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--pairs", type=int, default=3_000)
    asked.add_argument("--draws", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    started = time.monotonic()
    known = population(given.people, given.pairs)
    print(
        f"{given.people:,} people, {len(known.stratum):,} pairs, {known.linked.sum():,} of them "
        f"linked, {len(known.strata)} strata: {time.monotonic() - started:.0f} s"
    )
    print(f"{'':54s}  pairs    true  covers   width  | textbook  width")
    for line in coverage(known, given.draws, given.seed):
        told = max(line.told, 1)
        print(
            f"{line.measure:10s}{line.by:10s}{line.category:34s}{line.decided / told:7.0f}  "
            f"{line.true:.4f}  {line.coverage:6.3f}  {line.width / told:.4f}  | "
            f"{line.textbook / told:6.3f}  {line.textbook_width / told:.4f}"
        )
    for target in (0.95, 0.98, 0.99):
        choice = chosen(known, target, max(given.draws // 5, 1), given.seed)
        print(
            f"chosen for precision {target}: {choice.samples} samples, {choice.refused} refused, "
            f"{choice.short} thresholds less precise than that; weights "
            f"{sorted(set(choice.weights))}"
        )
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
