"""Are connected records one person, at three nested thresholds?"""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.cluster import cluster
from datafirst.spec import Thresholds

from .conftest import Courts

THRESHOLDS = Thresholds(strict=10, standard=5, loose=1)
COLUMNS = ("person_strict", "person_standard", "person_loose", "dataset_person")
EDGES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([0.0, 1.0, 5.0, 9.9, 12.0])),
    max_size=14,
)


def people(edges: list[tuple[int, int, float]], threads: int = 2) -> list[tuple[Any, ...]]:
    """Records 0 to 5 are of dataset a, 6 to 11 of dataset b; record ids are letters."""
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute(
        "CREATE TABLE all_records AS SELECT i, CASE WHEN i < 6 THEN 'a' ELSE 'b' END AS "
        "dataset, i % 6 AS _row, 0 AS variant, chr(122 - i::INTEGER) AS record_id "
        "FROM range(12) t(i)"
    )
    for name in "ab":
        con.execute(f"CREATE TABLE {name} AS FROM all_records WHERE dataset = '{name}'")
    con.execute("CREATE TABLE edge (l INTEGER, r INTEGER, match_weight DOUBLE)")
    if edges:
        con.executemany("INSERT INTO edge VALUES (?, ?, ?)", edges)
    con.execute(
        "CREATE TABLE edges AS SELECT x.dataset AS dataset_l, x._row AS _row_l, y.dataset "
        "AS dataset_r, y._row AS _row_r, match_weight FROM edge JOIN all_records x "
        "ON x.i = l JOIN all_records y ON y.i = r"
    )
    cluster(con, {"a": "a", "b": "b"}, "edges", THRESHOLDS)
    con.execute(f"SELECT dataset, record_id, {', '.join(COLUMNS)} FROM people")
    found: list[tuple[Any, ...]] = con.fetchall()
    con.close()
    return found


def by_hand(edges: list[tuple[int, int, float]], above: float, apart: bool) -> list[str]:
    """Each record's person, by joining one edge after the other."""
    names = [f"{'a' if i < 6 else 'b'}/{chr(122 - i)}" for i in range(12)]
    person = names[:]
    for left, right, weight in edges:
        if weight >= above and not (apart and (left < 6) != (right < 6)):
            both = {person[left], person[right]}
            person = [min(both) if p in both else p for p in person]
    return person


@settings(max_examples=6, deadline=None)
@given(edges=EDGES)
def test_people_are_connected_components(edges: list[tuple[int, int, float]]) -> None:
    found = people(edges)
    assert len(found) == 12
    expected = [
        by_hand(edges, above, apart)
        for above, apart in ((10, False), (5, False), (1, False), (5, True))
    ]
    names = [f"{'a' if i < 6 else 'b'}/{chr(122 - i)}" for i in range(12)]
    assert {f"{d}/{r}": tuple(p) for d, r, *p in found} == dict(
        zip(names, zip(*expected, strict=True), strict=True)
    )


def test_records_without_edges_are_people_too() -> None:
    assert all(set(row[2:]) == {f"{row[0]}/{row[1]}"} for row in people([]))


def test_threads_change_nothing() -> None:
    edges = [(i, (i * 5 + 1) % 12, 6.0) for i in range(0, 12, 2)]
    assert people(edges, threads=1) == people(edges, threads=4)


def test_every_record_has_one_row_in_order(courts: Courts) -> None:
    courts.con.execute("SELECT dataset, _row FROM people")
    rows = courts.con.fetchall()
    courts.con.execute("SELECT count(*) FROM truth")
    assert len(rows) == courts.con.fetchall()[0][0]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize(
    ("inner", "outer"), [("person_strict", "person_standard"), ("person_standard", "person_loose"),
                         ("dataset_person", "person_standard")]
)  # fmt: skip
def test_people_are_nested(courts: Courts, inner: str, outer: str) -> None:
    courts.con.execute(
        f"SELECT count(*) FROM (SELECT {inner} FROM people GROUP BY 1 "
        f"HAVING count(DISTINCT {outer}) > 1)"
    )
    assert courts.con.fetchall() == [(0,)]
