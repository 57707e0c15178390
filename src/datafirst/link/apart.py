"""How is a cluster cut whose records cannot all be one person?

Its edges are taken from the heaviest to the lightest, and one that would bring together two records
that cannot be one person is left out: single linkage with cannot-link constraints (Wagstaff and
others 2001). The weakest evidence gives way, and the thresholds stay nested.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from datafirst.spec import Thresholds

from .cluster import LEVELS

Edge = tuple[int, int, float, bool]
"""Two records, their match weight, and whether they are of one dataset."""

COLUMNS = (*(f"person_{level}" for level in LEVELS), "dataset_person")


@dataclass
class Groups:
    """Records brought together, except those that must stay apart."""

    apart: Mapping[int, set[int]]
    leader: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)

    def of(self, record: int) -> int:
        """The record that stands for the group; at first each stands for itself."""
        return self.leader.setdefault(record, record)

    def join(self, a: int, b: int) -> None:
        """Makes the groups of two records one, unless some of their members must stay apart."""
        small, large = sorted((self.of(a), self.of(b)), key=lambda g: (len(self._in(g)), g))
        if small == large or self._must_stay_apart(small, large):
            return
        moved = self.members.pop(small, [small])
        self.members.setdefault(large, [large]).extend(moved)
        for record in moved:
            self.leader[record] = large

    def named(self, records: Iterable[int]) -> dict[int, int]:
        """The smallest record of each record's group."""
        leaders = {record: self.of(record) for record in records}
        least = {leader: min(self._in(leader)) for leader in set(leaders.values())}
        return {record: least[leader] for record, leader in leaders.items()}

    def _in(self, group: int) -> list[int]:
        return self.members.get(group, [group])

    def _must_stay_apart(self, small: int, large: int) -> bool:
        there = ((self.of(x), r) for r in self._in(small) for x in self.apart.get(r, ()))
        return any(group == large for group, _ in there)


def cut(
    con: duckdb.DuckDBPyConnection, people: str, edges: str, impossible: str, limits: Thresholds
) -> int:
    """Cuts the people that hold records which cannot be one person; returns how many were.

    `people` is the table that cluster() made, `impossible` a relation of rule, dataset, _row_l,
    _row_r. Adds the column `flag`: the rule by which a record's cluster was cut, else null.
    """
    con.execute(f'ALTER TABLE "{people}" ADD COLUMN flag VARCHAR')
    con.execute(f"CREATE OR REPLACE TEMP TABLE cut_nodes AS {_affected(people, impossible)}")
    records = dict(con.execute("SELECT node, name FROM cut_nodes").fetchall())
    if records:
        apart = _apart(con, impossible)
        found = separated(_edges(con, edges), records, apart, limits)
        _correct(con, people, records, found)
    count = "SELECT count(DISTINCT person_loose) FROM cut_nodes"
    (people_cut,) = con.execute(count).fetchall()[0]
    con.execute("DROP TABLE cut_nodes")
    return int(people_cut)


def separated(
    edges: Iterable[Edge],
    records: Iterable[int],
    apart: Mapping[int, set[int]],
    limits: Thresholds,
) -> dict[str, dict[int, int]]:
    """By column of people, the smallest record of the group of each record.

    Edges come from the heaviest to the lightest.
    """
    records, ordered = list(records), list(edges)
    groups, found, done = Groups(apart), {}, 0
    for level in LEVELS:
        while done < len(ordered) and ordered[done][2] >= getattr(limits, level):
            groups.join(*ordered[done][:2])
            done += 1
        found[f"person_{level}"] = groups.named(records)
    person, own = found["person_standard"], Groups(apart)
    for left, right, weight, is_own in ordered:
        if is_own and weight >= limits.standard and person[left] == person[right]:
            own.join(left, right)
    return {**found, "dataset_person": own.named(records)}


def _affected(people: str, impossible: str) -> str:
    """The records of the people to be cut, numbered in the order of their names."""
    return (
        f"WITH flagged AS (SELECT l.person_loose, min(rule) AS flag FROM {impossible} AS i "
        f'JOIN "{people}" AS l ON l.dataset = i.dataset AND l._row = i._row_l '
        f'JOIN "{people}" AS r ON r.dataset = i.dataset AND r._row = i._row_r '
        "WHERE l.person_loose = r.person_loose GROUP BY ALL) "
        "SELECT dataset, _row, person_loose, dataset || '/' || record_id AS name, flagged.flag, "
        "row_number() OVER (ORDER BY dataset || '/' || record_id) AS node "
        f'FROM "{people}" JOIN flagged USING (person_loose)'
    )


def _apart(con: duckdb.DuckDBPyConnection, impossible: str) -> dict[int, set[int]]:
    pairs = con.execute(
        f"SELECT l.node, r.node FROM {impossible} AS i "
        "JOIN cut_nodes AS l ON l.dataset = i.dataset AND l._row = i._row_l "
        "JOIN cut_nodes AS r ON r.dataset = i.dataset AND r._row = i._row_r"
    ).fetchall()
    found: dict[int, set[int]] = {}
    for left, right in pairs:
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return found


def _edges(con: duckdb.DuckDBPyConnection, edges: str) -> Iterator[Edge]:
    yield from con.execute(
        f"SELECT l.node, r.node, match_weight, dataset_l = dataset_r FROM {edges} "
        "JOIN cut_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN cut_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r "
        "ORDER BY match_weight DESC, 1, 2"
    ).fetchall()


def _correct(
    con: duckdb.DuckDBPyConnection,
    people: str,
    records: Mapping[int, str],
    found: Mapping[str, Mapping[int, int]],
) -> None:
    """Gives the records of the people that were cut their new people, and the flag."""
    named = {column: [records[found[column][node]] for node in records] for column in COLUMNS}
    con.register("cut_named", pa.table({"node": list(records), **named}))
    replaced = ", ".join(f"coalesce(c.{column}, p.{column}) AS {column}" for column in COLUMNS)
    con.execute(
        f'CREATE OR REPLACE TABLE "{people}" AS SELECT p.* REPLACE ({replaced}, n.flag AS flag) '
        f'FROM "{people}" AS p LEFT JOIN cut_nodes AS n USING (dataset, _row) '
        "LEFT JOIN cut_named AS c ON c.node = n.node ORDER BY dataset, _row"
    )
    con.unregister("cut_named")
