"""Does a record's band say how sure its links are, by the rule that is written down?"""

import math
from collections.abc import Iterator
from itertools import combinations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.bands import band, numbers
from datafirst.link.compared import everything
from datafirst.link.confidence import EVEN, confidence
from datafirst.spec import Specification

STANDARD = 8.0
"""The standard threshold of both models of these tests."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect()
    yield made
    made.close()


def found(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    edges: list[tuple[int, int, float]],
    people: dict[int, tuple[str, str]],
    pnc: dict[int, str] | None = None,
    flagged: tuple[int, ...] = (),
    born: dict[int, int] | None = None,
    models: tuple[str, ...] = ("magistrates",),
) -> str:
    """The bands of the records in their order, `-` for none.

    Edges say by how many bits they are above the standard threshold; people are each record's
    person at the standard and at the loose threshold.
    """
    con.execute(
        "CREATE TABLE people (dataset VARCHAR, _row BIGINT, person_standard VARCHAR, "
        "person_loose VARCHAR, flag VARCHAR)"
    )
    con.execute("CREATE TABLE records (dataset VARCHAR, _row BIGINT, variant INT, pnc VARCHAR)")
    con.execute("ALTER TABLE records ADD COLUMN cro VARCHAR")
    con.execute("ALTER TABLE records ADD COLUMN date_of_birth DATE")
    con.execute(
        "CREATE TABLE edges (dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT, "
        "match_weight DOUBLE, model VARCHAR, strength TINYINT)"
    )
    for row, (standard, loose) in people.items():
        flag = "cut" if row in flagged else None
        con.execute(
            "INSERT INTO people VALUES ('magistrates', ?, ?, ?, ?)", [row, standard, loose, flag]
        )
        con.execute(
            "INSERT INTO records VALUES ('magistrates', ?, 0, ?, NULL, ?)",
            [row, (pnc or {}).get(row), f"19{(born or {}).get(row, 80)}-01-01"],
        )
    for i, (left, right, bits) in enumerate(edges):
        con.execute(
            "INSERT INTO edges VALUES ('magistrates', ?, 'magistrates', ?, ?, ?, ?)",
            [left, right, STANDARD + bits, models[i % len(models)], 2 if bits >= 0 else 1],
        )
    band(con, spec, [spec.linkage.models[m] for m in models], {"magistrates": "records"})
    rows = con.execute("SELECT coalesce(band, '-') FROM people ORDER BY _row").fetchall()
    return "".join(each for (each,) in rows)


PAIR = {0: ("a", "a"), 1: ("a", "a")}


@pytest.mark.parametrize(
    ("bits", "bands"),
    [(0.0, "CC"), (5.9, "CC"), (6.0, "BB"), (11.9, "BB"), (12.0, "AA"), (40.0, "AA")],
)
def test_a_pair_is_as_sure_as_its_edge(
    con: duckdb.DuckDBPyConnection, spec: Specification, bits: float, bands: str
) -> None:
    assert found(con, spec, [(0, 1, bits)], PAIR) == bands


def test_who_is_linked_to_nobody_has_no_band(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    assert found(con, spec, [(0, 1, 20)], {**PAIR, 2: ("b", "b")}) == "AA-"


def test_another_official_number_takes_a_band_away(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    people = {**PAIR, 2: ("b", "b"), 3: ("b", "b")}
    pnc = {0: "2000/0000001A", 1: "2000/0000002A", 2: "2000/0000003A"}
    assert found(con, spec, [(0, 1, 7), (2, 3, 7)], people, pnc) == "CCBB"


def test_two_dates_of_birth_take_a_band_away_where_each_stands_twice(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    people = {
        row: (person, person)
        for person, rows in (("a", "0123"), ("b", "4567"))
        for row in map(int, rows)
    }
    edges = [(a, b, 7.0) for rows in ("0123", "4567") for a, b in combinations(map(int, rows), 2)]
    born = {0: 81, 1: 81, 4: 81}
    assert found(con, spec, edges, people, born=born) == "CCCCBBBB"


def test_a_larger_person_at_the_loose_threshold_takes_a_band_away(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    people = {0: ("a", "a"), 1: ("a", "a"), 2: ("b", "a"), 3: ("c", "c"), 4: ("c", "c")}
    assert found(con, spec, [(0, 1, 7), (1, 2, -1), (3, 4, 7)], people) == "CC-BB"


def test_a_person_who_was_cut_loses_a_band_once_however_ambiguous(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    people = {0: ("a", "a"), 1: ("a", "a"), 2: ("b", "a"), 3: ("c", "c"), 4: ("c", "c")}
    assert found(con, spec, [(0, 1, 7), (3, 4, 1)], people, flagged=(0, 3)) == "CC-DD"


def test_a_lone_bridge_between_groups_counts_for_little(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    """One edge of nine possible ones joins two threes: they are in D, though it is above the
    threshold, and two records that it joins would be in C."""
    threes = [(a, b, 30.0) for group in ((0, 1, 2), (3, 4, 5)) for a, b in combinations(group, 2)]
    all_one = dict.fromkeys(range(6), ("a", "a"))
    assert found(con, spec, [*threes, (2, 3, 2.0)], all_one) == "DDDDDD"


def test_a_stray_is_doubted_more_than_those_it_strayed_to(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    nine = [(a, b, 30.0) for a, b in combinations(range(9), 2)]
    people = dict.fromkeys(range(10), ("a", "a"))
    edges = [*nine, *((8 - i, 9, 3.0) for i in range(9))]
    assert found(con, spec, edges, people) == "B" * 9 + "C"


def test_in_the_surest_band_every_single_link_is_sure(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    """On the whole the nine are surer than that: eight of their nine links are beyond doubt."""
    nine = [(a, b, 40.0) for a, b in combinations(range(9), 2)]
    people = dict.fromkeys(range(10), ("a", "a"))
    assert found(con, spec, [*nine, *((i, 9, 11.0) for i in range(9))], people) == "B" * 10


def test_edges_of_several_models_are_measured_from_their_own_thresholds(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    strict = spec.linkage.models["crown"]
    assert strict.thresholds
    limits = strict.thresholds.model_copy(update={"standard": STANDARD + 4, "strict": 20.0})
    models = {
        **spec.linkage.models,
        "crown": strict.model_copy(update={"thresholds": limits}),
    }
    changed = spec.model_copy(
        update={"linkage": spec.linkage.model_copy(update={"models": models})}
    )
    people = {**PAIR, 2: ("b", "b"), 3: ("b", "b")}
    two = found(con, changed, [(0, 1, 7), (2, 3, 7)], people, models=("magistrates", "crown"))
    assert two == "BBCC"


def test_without_models_there_is_no_band(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    assert found(con, spec, [], {0: ("a", "a")}, models=()) == "-"


def test_official_numbers_are_what_is_compared_or_blocked_on_as_such(spec: Specification) -> None:
    models = [spec.linkage.models[name] for name in ("family", "criminal")]
    assert numbers(spec, models[:1]) == []
    assert {"cro", "noms_number", "pnc"} <= set(numbers(spec, models))


EDGES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(-12, 20)).filter(
        lambda edge: edge[0] != edge[1]
    ),
    max_size=14,
    unique_by=lambda edge: frozenset(edge[:2]),
)


@given(EDGES)
@settings(max_examples=100, deadline=None)
def test_confidence_is_what_comparing_all_ways_by_hand_gives(
    edges: list[tuple[int, int, int]],
) -> None:
    """One person of seven records, whatever its edges: also where they do not hold it together."""
    ordered = sorted(edges, key=lambda e: (-e[2], e[0], e[1]))
    left, right, bits = (np.array([e[i] for e in ordered], dtype=float) for i in range(3))
    sure, least = confidence(
        left.astype(np.int64), right.astype(np.int64), bits, np.full(7, 7, dtype=np.int64),
        *everything(7),
    )  # fmt: skip
    joins = by_hand(ordered)
    for record in range(7):
        odds = [joins.get(frozenset((record, other)), -EVEN) for other in range(7)]
        mean = sum(2.0 ** min(-x, EVEN) for i, x in enumerate(odds) if i != record) / 6
        assert sure[record] == pytest.approx(-math.log2(mean), abs=1e-9)
        if len(joins) < 21:
            assert least[record] == -np.inf
        else:
            own = [x for i, x in enumerate(odds) if i != record]
            assert least[record] == pytest.approx(min(own))


def by_hand(edges: list[tuple[int, int, int]]) -> dict[frozenset[int], float]:
    """How sure each two records are that edges join, by making groups one after the other."""
    groups = [{record} for record in range(7)]
    found: dict[frozenset[int], float] = {}
    for left, right, bits in edges:
        a = next(group for group in groups if left in group)
        b = next(group for group in groups if right in group)
        if a is b:
            continue
        across = sum(len({x, y} & a) == 1 and len({x, y} & b) == 1 for x, y, _ in edges)
        sure = bits - math.log2(len(a) * len(b) / across)
        found |= {frozenset((x, y)): sure for x in a for y in b}
        groups = [group for group in groups if group not in (a, b)] + [a | b]
    return found


@pytest.mark.parametrize("own", [False, True])
def test_what_is_not_compared_is_no_chance_for_a_link(own: bool) -> None:
    """Two groups of two, of datasets a and c, and b and c: of the four pairs three are compared,
    and the fourth where c is compared with itself."""
    dataset = np.array([0, 2, 1, 2], np.int8)
    pairs = np.zeros((3, 3), np.bool_)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        pairs[one, other] = pairs[other, one] = True
    pairs[2, 2] = own
    left, right = np.array([0, 2, 0]), np.array([1, 3, 2])
    _, least = confidence(left, right, np.array([30.0, 30.0, 9.0]), np.full(4, 4), dataset, pairs)
    assert least == pytest.approx([9.0 - math.log2(4 if own else 3)] * 4)
