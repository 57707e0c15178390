"""What do the ladders of a release find? Matches, ties, and what every person is called."""

from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.tables import INDIVIDUALS
from datafirst.link.individuals import individuals
from datafirst.link.ladder import MATCHES, TIES, climb
from datafirst.link.rates import codes_of, rates
from datafirst.quality.ladder_truth import ladder_quality
from datafirst.scratch import Scratch
from datafirst.spec import Ladder

from .records import counted, make_records
from .release import Plan

ORDER = {
    "matches": ("left_dataset", "left_row", "right_dataset", "right_row"),
    "ties": ("dataset", "_row", "ladder"),
    "individuals": ("dataset", "_row"),
}
"""What is kept, each in its total order."""


def ladders_of(plan: Plan) -> list[Ladder]:
    """The ladders of the release, in the order that it names them."""
    return [plan.spec.linkage.ladders[name] for name in plan.release.ladders]


def climbed(
    con: DuckDBPyConnection, plan: Plan, records: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """Makes the tables `matches`, `ties` and `individuals`, without rows where there is no
    ladder; returns what each ladder found: counts, and match rates."""
    ladders = ladders_of(plan)
    for name, columns in (("matches", MATCHES), ("ties", TIES), ("individuals", INDIVIDUALS)):
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        con.execute(f"CREATE TABLE {name} ({listed})")
    found = {}
    for ladder in ladders:
        rules = climb(con, plan.spec, ladder, records, into="matched_now", ties="tied_now")
        con.execute("INSERT INTO matches FROM matched_now; INSERT INTO ties FROM tied_now")
        con.execute("DROP TABLE matched_now; DROP TABLE tied_now")
        own = {name: records[name] for name in ladder.datasets}
        found[ladder.id] = {
            "records": counted(con, own),
            "rules": [asdict(rule) for rule in rules],
            "rates": rates(con, ladder, records, codes_of(plan.spec, ladder.left)),
        }
    if ladders:
        individuals(con, ladders, records)
    return found


def measured(con: DuckDBPyConnection, plan: Plan, folder: Scratch) -> dict[str, dict[str, Any]]:
    """How right each ladder's `matches` are, by the relation `truth`.

    The records are made again: the truth is about who is who, and not about what is written.
    """
    ladders = ladders_of(plan)
    records = make_records(con, plan, ladders, folder) if ladders else {}
    return {
        ladder.id: asdict(quality) | asdict(quality.pairs) | {"f1": quality.pairs.f1}
        for ladder in ladders
        for quality in [ladder_quality(con, ladder, records, "truth")]
    }
