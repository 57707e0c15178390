"""Do people keep their ids from release to release, and what became of those that do not?

Everything is counted in the table of changes that link.lasting makes; the people themselves need
not be there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.link.lasting import CHANGES, COLUMNS

from .section import Cell, Section
from .share import share

KEPT_AT_LEAST = Fraction(99, 100)
"""The share of untouched people who must keep their ids. Studies follow people over releases: where
more than one in a hundred of those of whom nothing new is known was renamed, it is the linkage that
changed, and not the people."""
FEW = 10
"""So many may lose theirs in any case: where there are few people, one merge decides nothing."""

LEVELS = {
    "strict": "Strict",
    "standard": "Standard",
    "loose": "Loose",
    "dataset": "Within each dataset",
}

KEPT = """
WITH pair AS (FROM {changes} WHERE before IS NOT NULL AND now IS NOT NULL),
person AS (
    SELECT level, now, sum(records) = any_value(records_now) AS nobody_came
    FROM pair GROUP BY level, now
),
told AS (
    SELECT pair.level, before, sum(records) = any_value(records_before) AS nobody_went,
           bool_and(nobody_came) AS nobody_came, bool_or(change = 'retained') AS kept
    FROM pair JOIN person USING (level, now) GROUP BY pair.level, before
)
SELECT level, count(*) FILTER (nobody_came), count(*) FILTER (nobody_came AND kept),
       count(*), count(*) FILTER (kept)
FROM told WHERE nobody_went GROUP BY level
"""


@dataclass(frozen=True)
class Kept:
    """Of the people of one level in the release before, all of whose records are there now, how
    many have the id that they had."""

    level: str
    untouched: int
    """Those who share a person with no record that was not there before."""
    untouched_kept: int
    whole: int
    """Those and the others: new records may have shown that two were one."""
    whole_kept: int

    @property
    def lost(self) -> int:
        return self.untouched - self.untouched_kept

    @property
    def holds(self) -> bool:
        """Whether enough untouched people kept their ids."""
        return self.lost <= FEW or self.untouched_kept >= KEPT_AT_LEAST * self.untouched


def kept(con: duckdb.DuckDBPyConnection, changes: str = "id_changes") -> tuple[Kept, ...]:
    """How many people of each level kept their ids; nothing where no release was continued.

    Whether something else is written in a record than before is not asked, so that people of
    whom something was put right count too: the demand is the stricter for it.
    """
    found = {
        level: counts for level, *counts in con.execute(KEPT.format(changes=changes)).fetchall()
    }
    return tuple(Kept(level, *found[level]) for level in COLUMNS if level in found)


def held(con: duckdb.DuckDBPyConnection, changes: str = "id_changes") -> tuple[Kept, ...]:
    """The same. LinkageRefused, with counts, where too few untouched people kept their ids."""
    found = kept(con, changes)
    faults = [
        f"{each.lost:,} of {each.untouched:,} {LEVELS[each.level].lower()} people, all of whose "
        "records are as they were, lose their ids"
        for each in found
        if not each.holds
    ]
    if faults:
        raise LinkageRefused(
            "\n".join(faults)
            + f"\nat least {float(KEPT_AT_LEAST):.0%} must keep them: link by the models and "
            "thresholds of the release that this one continues, or take `previous` out of its "
            "file; then everybody gets a new id, and no table tells which was whose"
        )
    return found


def sections(con: duckdb.DuckDBPyConnection, changes: str = "id_changes") -> tuple[Section, ...]:
    """What became of the ids of the release that is continued: two parts of the report."""
    return _changes(con, changes), _kept(kept(con, changes))


def _changes(con: duckdb.DuckDBPyConnection, changes: str) -> Section:
    counted = {
        (level, change): numbers
        for level, change, *numbers in con.execute(
            f"SELECT level, change, count(*), sum(records)::BIGINT FROM {changes} GROUP BY ALL"
        ).fetchall()
    }
    rows: list[tuple[Cell, ...]] = [
        (name, change, says, *counted.get((level, change), (0, 0)))
        for level, name in LEVELS.items()
        for change, says in CHANGES.items()
    ]
    return Section(
        name="What became of people's ids",
        says="Each id of the release before is retained, merged or withdrawn, once; rows that are "
        "split say where further parts of its records went. The records are those that the "
        "row tells of.",
        header=("People", "Change", "Meaning", "Rows", "Records"),
        rows=tuple(rows),
        published=True,
    )


def _kept(found: Iterable[Kept]) -> Section:
    rows = [
        (LEVELS[each.level], whose, people, same, share(same, people), bound)
        for each in found
        for whose, people, same, bound in (
            (
                "nothing about them is new",
                each.untouched,
                each.untouched_kept,
                float(KEPT_AT_LEAST),
            ),
            ("all of their records are there", each.whole, each.whole_kept, None),
        )
    ]
    return Section(
        name="Who kept their id",
        says="People of the release before of whose records none is gone: how many have the same "
        "id now. Nothing is new about those to whom no record came either; of them at least "
        f"{float(KEPT_AT_LEAST):.0%} must keep their ids, or the release is refused.",
        header=("People", "Who", "Number", "Kept their ids", "Share", "At least"),
        rows=tuple(rows),
        published=True,
        shares={"Share": ("Kept their ids", "Number")},
    )
