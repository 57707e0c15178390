"""How right is a ladder, where the truth is known?"""

from dataclasses import dataclass

import duckdb

from datafirst.link.inputs import Records
from datafirst.link.ladder import once_each
from datafirst.link.near import looked_for
from datafirst.link.standardise import literal
from datafirst.spec import Ladder
from datafirst.spec.ladder import FIVE

from .share import share
from .truth import Agreement


@dataclass(frozen=True)
class LadderQuality:
    """How the pairs that a ladder found agree with those that are one person."""

    true_pairs: int
    found: int
    right: int
    agree_on_all_five: float | None
    """The share of true pairs that agree on all five identifiers: what exact matching finds."""
    precision_by_rule: dict[str, float | None]

    @property
    def pairs(self) -> Agreement:
        return Agreement(share(self.right, self.found), share(self.right, self.true_pairs))


def ladder_quality(
    con: duckdb.DuckDBPyConnection,
    ladder: Ladder,
    records: Records,
    truth: str,
    matches: str = "matches",
) -> LadderQuality:
    """Compare a ladder's matches with the truth (dataset, record_id, person_id)."""
    left, right = (
        f"(SELECT {', '.join(FIVE)}, t.person_id FROM {once_each(relation)} r "
        f"JOIN {truth} t "
        f"ON t.dataset = {literal(name)} AND t.record_id = r.record_id)"
        for name, relation in (
            (ladder.left, looked_for(ladder, records)),
            (ladder.right, records[ladder.right]),
        )
    )
    five = " AND ".join(f"l.{name} = r.{name}" for name in FIVE)
    pairs, exact = con.execute(
        f"SELECT count(*), count(*) FILTER ({five}) FROM {left} l JOIN {right} r USING (person_id)"
    ).fetchall()[0]
    by_rule = {
        rule: (found, hit)
        for rule, found, hit in con.execute(_found(ladder, truth, matches)).fetchall()
    }
    return LadderQuality(
        true_pairs=pairs,
        found=sum(found for found, _ in by_rule.values()),
        right=sum(hit for _, hit in by_rule.values()),
        agree_on_all_five=share(exact, pairs),
        precision_by_rule={
            rung.name: share(by_rule[rung.name][1], by_rule[rung.name][0])
            for rung in ladder.rules
            if rung.name in by_rule
        },
    )


def _found(ladder: Ladder, truth: str, matches: str) -> str:
    return (
        "SELECT rule, count(*), count(*) FILTER (l.person_id = r.person_id) "
        f"FROM {matches} LEFT JOIN {truth} l "
        "ON l.dataset = left_dataset AND l.record_id = left_record_id "
        f"LEFT JOIN {truth} r ON r.dataset = right_dataset AND r.record_id = right_record_id "
        f"WHERE ladder = {literal(ladder.id)} GROUP BY rule"
    )
