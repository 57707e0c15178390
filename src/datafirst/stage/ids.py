"""Which ids do people have? Those that they had in the release that this one continues."""

from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.link.lasting import CHANGES, COLUMNS, lasting
from datafirst.quality.ids import held
from datafirst.run import bring
from datafirst.scratch import Scratch

from .release import Plan

ORDER = {"id_changes": ("level", "before", "now")}
"""What is kept, in its total order."""


def named(con: DuckDBPyConnection, plan: Plan, folder: Scratch) -> dict[str, dict[str, Any]]:
    """Gives the people of the table `people` their ids and makes `id_changes`; returns, by level,
    how many ids met which change and how many untouched people kept theirs.

    Raises LinkageRefused where too few did.
    """
    lasting(con, "people", plan.release.version, _before(plan, folder))
    counted = con.execute("SELECT level, change, count(*) FROM id_changes GROUP BY ALL").fetchall()
    rows = {(level, change): int(n) for level, change, n in counted}
    found = {c: {change: rows.get((c, change), 0) for change in CHANGES} for c in COLUMNS}
    for each in held(con):
        found[each.level] |= {"untouched": each.untouched, "untouched_kept": each.untouched_kept}
    return found


def _before(plan: Plan, folder: Scratch) -> str | None:
    """The people of the release that is continued, if one is, by the ids that they had in it."""
    if plan.previous is None:
        return None
    linked = plan.previous.record("index", "link").of("people")
    return files(bring(plan.store("index"), linked, folder / "before"))
