"""Are connected records one person, at three nested thresholds?"""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from splink.clustering import cluster_pairwise_predictions_at_threshold

from datafirst.link import guards
from datafirst.link.cluster import COLUMNS, cluster

from .conftest import Courts

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 3)), max_size=14)


def people(edges: list[tuple[int, int, int]], threads: int = 2) -> list[tuple[Any, ...]]:
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
    con.execute("CREATE TABLE edge (l INTEGER, r INTEGER, strength TINYINT)")
    if edges:
        con.executemany("INSERT INTO edge VALUES (?, ?, ?)", edges)
    con.execute(
        "CREATE TABLE edges AS SELECT x.dataset AS dataset_l, x._row AS _row_l, y.dataset "
        "AS dataset_r, y._row AS _row_r, strength FROM edge JOIN all_records x "
        "ON x.i = l JOIN all_records y ON y.i = r"
    )
    cluster(con, {"a": "a", "b": "b"}, "edges")
    con.execute(f"SELECT dataset, record_id, {', '.join(COLUMNS)} FROM people")
    found: list[tuple[Any, ...]] = con.fetchall()
    con.close()
    return found


def by_hand(edges: list[tuple[int, int, int]], above: int, apart: bool) -> list[str]:
    """Each record's person, by joining one edge after the other."""
    names = [f"{'a' if i < 6 else 'b'}/{chr(122 - i)}" for i in range(12)]
    person = names[:]
    for left, right, strength in edges:
        if strength >= above and not (apart and (left < 6) != (right < 6)):
            both = {person[left], person[right]}
            person = [min(both) if p in both else p for p in person]
    return person


@settings(max_examples=25, deadline=None)
@given(edges=EDGES)
def test_people_are_connected_components(edges: list[tuple[int, int, int]]) -> None:
    found = people(edges)
    assert len(found) == 12
    expected = [
        by_hand(edges, above, apart)
        for above, apart in ((3, False), (2, False), (1, False), (2, True))
    ]
    names = [f"{'a' if i < 6 else 'b'}/{chr(122 - i)}" for i in range(12)]
    assert {f"{d}/{r}": tuple(p) for d, r, *p in found} == dict(
        zip(names, zip(*expected, strict=True), strict=True)
    )


def test_records_without_edges_are_people_too() -> None:
    assert all(set(row[2:]) == {f"{row[0]}/{row[1]}"} for row in people([]))


def test_threads_change_nothing() -> None:
    edges = [(i, (i * 5 + 1) % 12, 2) for i in range(0, 12, 2)]
    assert people(edges, threads=1) == people(edges, threads=4)


def test_they_are_those_that_splink_finds() -> None:
    """Its algorithm (Kiveris and others 2014) is another one: a SQL join repeated."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE a AS SELECT 'a' AS dataset, i AS _row, 0 AS variant, "
        "printf('%05d', (i * 7919) % 5000) AS record_id FROM range(5000) t(i)"
    )
    con.execute(
        "CREATE TABLE edges AS SELECT 'a' AS dataset_l, hash(i) % 5000 AS _row_l, "
        "'a' AS dataset_r, hash(i + 10000) % 5000 AS _row_r, "
        "(hash(i + 20000) % 4)::TINYINT AS strength FROM range(6000) t(i)"
    )
    cluster(con, {"a": "a"}, "edges")
    con.execute(
        "CREATE TABLE pairs AS SELECT _row_l AS n_l, _row_r AS n_r, strength / 3 AS "
        "match_probability FROM edges; CREATE TABLE nodes AS SELECT _row AS n FROM a"
    )
    for column, above in (("person_strict", 1.0), ("person_standard", 0.6), ("person_loose", 0.3)):
        with guards.engine(con) as db:
            found = cluster_pairwise_predictions_at_threshold(
                nodes=db.register("nodes"), edges=db.register("pairs"), db_api=db,
                node_id_column_name="n", edge_id_column_name_left="n_l",
                edge_id_column_name_right="n_r", threshold_match_probability=above,
            )  # fmt: skip
            con.execute(
                f"SELECT count(DISTINCT {column}), count(DISTINCT cluster_id), "
                f"count(DISTINCT ({column}, cluster_id)) FROM people "
                f"JOIN {found.physical_name} ON n = _row"
            )
            ours, theirs, both = con.fetchall()[0]
        assert 10 < ours == theirs == both < 5000
    con.close()


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
