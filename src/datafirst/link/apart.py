"""How is a cluster cut whose records cannot all be one person?

Its edges are taken from the strongest and heaviest on, and one that would bring together two
records that cannot be one person is left out: single linkage with cannot-link constraints (Wagstaff
and others 2001). The weakest evidence gives way, and the thresholds stay nested.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from datafirst.spec.linkage import LEVELS

from .cluster import COLUMNS, STRENGTHS, TOGETHER, numbered
from .corrected import corrected

Edge = tuple[int, int, int, bool]
"""Two records, the strength of their edge, and whether they are of one dataset."""


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


def cut(con: duckdb.DuckDBPyConnection, people: str, edges: str, impossible: str) -> int:
    """Cuts the people that hold records which cannot be one person; returns how many were.

    `people` is the table that cluster() made, `impossible` a relation of rule, dataset_l, _row_l,
    dataset_r, _row_r. The column `flag`, which is added, names the rule by which a record's cluster
    was cut.
    """
    con.execute(f'ALTER TABLE "{people}" ADD COLUMN IF NOT EXISTS flag VARCHAR')
    numbered(con, _affected(people, impossible), "cut_nodes")
    rows = con.execute("SELECT node, flag, person_loose FROM cut_nodes ORDER BY node").fetchall()
    nodes, flags, cut_up = zip(*rows, strict=True) if rows else ((), (), ())
    if nodes:
        found = separated(_edges(con, edges), nodes, _apart(con, impossible))
        named = {column: [found[column][node] for node in nodes] for column in COLUMNS}
        corrected(con, people, "cut_nodes", pa.table({"node": nodes, "flag": flags, **named}))
    con.execute("DROP TABLE cut_nodes")
    return len(set(cut_up))


def separated(
    edges: Iterable[Edge],
    records: Iterable[int],
    apart: Mapping[int, set[int]],
) -> dict[str, dict[int, int]]:
    """By column of people, the smallest record of the group of each record.

    Edges come from the strongest to the weakest, and the heaviest of one strength first.
    """
    records, ordered = list(records), list(edges)
    groups, found, done = Groups(apart), {}, 0
    for level in LEVELS:
        while done < len(ordered) and ordered[done][2] >= STRENGTHS[level]:
            groups.join(*ordered[done][:2])
            done += 1
        found[f"person_{level}"] = groups.named(records)
    person, own = found["person_standard"], Groups(apart)
    for left, right, strength, is_own in ordered:
        if is_own and strength >= STRENGTHS["standard"] and person[left] == person[right]:
            own.join(left, right)
    return {**found, "dataset_person": own.named(records)}


def _affected(people: str, impossible: str) -> str:
    """The records of the people to be cut, and the first of the rules that say so."""
    return (
        f"WITH flagged AS (SELECT l.person_loose, min(rule) AS flag FROM {impossible} AS i "
        f'JOIN "{people}" AS l ON l.dataset = i.dataset_l AND l._row = i._row_l '
        f'JOIN "{people}" AS r ON r.dataset = i.dataset_r AND r._row = i._row_r '
        "WHERE l.person_loose = r.person_loose GROUP BY l.person_loose) "
        "SELECT p.* REPLACE (flagged.flag AS flag) "
        f'FROM "{people}" AS p JOIN flagged USING (person_loose)'
    )


def _apart(con: duckdb.DuckDBPyConnection, impossible: str) -> dict[int, set[int]]:
    pairs = con.execute(
        f"SELECT l.node, r.node FROM {impossible} AS i "
        "JOIN cut_nodes AS l ON l.dataset = i.dataset_l AND l._row = i._row_l "
        "JOIN cut_nodes AS r ON r.dataset = i.dataset_r AND r._row = i._row_r"
    ).fetchall()
    found: dict[int, set[int]] = {}
    for left, right in pairs:
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return found


def _edges(con: duckdb.DuckDBPyConnection, edges: str) -> Iterator[Edge]:
    yield from con.execute(
        f"SELECT l.node, r.node, {TOGETHER} AS strong, dataset_l = dataset_r FROM {edges} "
        "JOIN cut_nodes AS l ON l.dataset = dataset_l AND l._row = _row_l "
        "JOIN cut_nodes AS r ON r.dataset = dataset_r AND r._row = _row_r "
        "ORDER BY strong DESC, match_weight DESC, 1, 2"
    ).fetchall()
