"""Are the measures those that one would count by hand?"""

from itertools import combinations, product

import pytest
from duckdb import DuckDBPyConnection as Con
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.quality.truth import (
    between,
    blocking_recall,
    journeys_quality,
    people_quality,
)

from .conftest import Courts

RECORDS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=14)


def tables(con: Con, records: list[tuple[int, int]]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE q AS SELECT unnest($rows) AS row", {"rows": [
        {"i": str(i), "f": f, "r": str(r)} for i, (f, r) in enumerate(records)]})  # fmt: skip
    con.execute(
        "CREATE OR REPLACE TEMP TABLE found AS SELECT 'a' AS dataset, row.i AS record_id, "
        "'p' || row.f AS person_standard FROM q"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE really AS SELECT 'a' AS dataset, row.i AS record_id, "
        "row.r AS person_id FROM q"
    )


@settings(max_examples=40, deadline=None)
@given(records=RECORDS)
def test_links_between_two_datasets_measured_by_hand(
    con: Con, records: list[tuple[int, int]]
) -> None:
    tables(con, records)
    # Every third record is of a third dataset, which does not count.
    for table in ("found", "really"):
        con.execute(f"UPDATE {table} SET dataset = 'abc'[1 + record_id::INTEGER % 3]")
    pairs = list(product(records[::3], records[1::3]))
    found = [p for p in pairs if p[0][0] == p[1][0]]
    really = [p for p in pairs if p[0][1] == p[1][1]]
    right = [p for p in found if p in really]
    measured = between(con, "found", "really", "a", "b")
    assert measured.precision == pytest.approx(len(right) / len(found) if found else None, abs=1e-6)
    assert measured.recall == pytest.approx(len(right) / len(really) if really else None, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(records=RECORDS)
def test_people_measured_by_hand(con: Con, records: list[tuple[int, int]]) -> None:
    tables(con, records)
    q = people_quality(con, "found", "really")
    pairs = list(combinations(records, 2))
    found = [p for p in pairs if p[0][0] == p[1][0]]
    really = [p for p in pairs if p[0][1] == p[1][1]]
    right = [p for p in found if p in really]
    assert q.pairs.precision == pytest.approx(len(right) / len(found) if found else None, abs=1e-6)
    assert q.pairs.recall == pytest.approx(len(right) / len(really) if really else None, abs=1e-6)
    of_found = [sum(o[0] == x[0] for o in records) for x in records]
    of_real = [sum(o[1] == x[1] for o in records) for x in records]
    of_both = [sum(o == x for o in records) for x in records]
    n = len(records)
    precision = sum(b / f for b, f in zip(of_both, of_found, strict=True)) / n
    recall = sum(b / r for b, r in zip(of_both, of_real, strict=True)) / n
    assert q.b_cubed.precision == pytest.approx(precision, abs=1e-6)
    assert q.b_cubed.recall == pytest.approx(recall, abs=1e-6)
    whole = {
        x for x, f, r, b in zip(records, of_found, of_real, of_both, strict=True) if f == r == b
    }
    assert q.exact_clusters == pytest.approx(len(whole) / len({r for _, r in records}), abs=1e-6)
    assert (q.records, q.largest_cluster) == (n, max(of_found))


def test_people_of_the_courts_are_found(courts: Courts) -> None:
    strict, standard, loose, own = (
        people_quality(courts.con, "people", "truth", column)
        for column in ("person_strict", "person_standard", "person_loose", "dataset_person")
    )
    assert standard.pairs.precision > 0.99
    assert standard.pairs.recall > 0.8
    assert strict.pairs.recall < standard.pairs.recall < loose.pairs.recall
    assert own.pairs.precision > 0.99
    assert own.people > standard.people


def test_blocking_recall_bounds_recall(courts: Courts) -> None:
    models = [courts.spec.linkage.models[m] for m in ("magistrates", "magistrates_crown")]
    recall = blocking_recall(courts.con, models, courts.records, "truth")
    assert 0.8 < recall < 1
    assert blocking_recall(courts.con, models[:1], courts.records, "truth") < recall


def test_a_pair_is_blocked_where_any_way_of_writing_is(courts: Courts) -> None:
    """Three records of one person, one of them written in two ways: a pair counts once."""
    model = courts.spec.linkage.models["magistrates"].model_copy(
        update={"block_on": (("surname",), ("forename1",))}
    )
    courts.con.execute(
        "CREATE OR REPLACE TEMP TABLE twice AS SELECT 'magistrates' AS dataset, * FROM (VALUES "
        "(0, 0, 'a', 'ANN', 'LEE'), (0, 1, 'a', 'ANN', 'RAY'), (1, 0, 'b', 'SUE', 'RAY'), "
        "(2, 0, 'c', 'MAY', 'FOX')) t(_row, variant, record_id, forename1, surname)"
    )
    courts.con.execute(
        "CREATE OR REPLACE TEMP TABLE one AS SELECT DISTINCT dataset, record_id, 'P' AS person_id "
        "FROM twice"
    )
    recall = blocking_recall(courts.con, [model], {"magistrates": "twice"}, "one")
    assert recall == pytest.approx(1 / 3, abs=1e-6)


def test_journeys_measured(con: Con) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE j AS SELECT * FROM (VALUES ('m1', 'c1', true), "
        "('m2', 'c1', false), ('m3', 'c2', true)) t(left_record_id, right_record_id, best)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE tj AS SELECT * FROM (VALUES ('m1', 'c1'), ('m2', 'c1'), "
        "('m9', 'c2')) t(left_record_id, right_record_id)"
    )
    every, best = (journeys_quality(con, "j", "tj", best=b) for b in (False, True))
    assert (every.precision, every.recall) == (pytest.approx(2 / 3, abs=1e-6),) * 2
    assert (best.precision, best.recall) == (0.5, pytest.approx(1 / 3, abs=1e-6))
