"""What of the last release's links still holds? Edges between records that did not change."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.link.edges import floor
from datafirst.link.renewed import FINGERPRINTS, compared_with
from datafirst.run import Record, bring, code_digest, identity
from datafirst.scratch import Scratch
from datafirst.spec import LinkModel

from .release import Plan

CHANGED, SAME = "changed_records", "same_records"


@dataclass(frozen=True)
class Before:
    """What the previous release linked, as far as this one can use it."""

    linked: Record

    def scored(self, plan: Plan, model: LinkModel, prior: float) -> float | None:
        """The prior with which the model's stored edges were weighed, if they hold today.

        They do where the same model was used by the same code, with the same blocking and vetoes,
        and no pair has come within reach since: a prior that rose would bring some.
        """
        told = self.linked.counts.get("scored", {}).get(model.id)
        if told is None or told["basis"] != basis(plan, model) or told["prior"] is None:
            return None
        before = float(told["prior"])
        return before if prior <= before else None


def begin(con: DuckDBPyConnection, plan: Plan, folder: Scratch) -> Before | None:
    """Makes the table `fingerprints`, without a row, and the views `edges_before` and
    `fingerprints_before`; None where this release goes on with no other."""
    con.execute(f"CREATE TABLE fingerprints {FINGERPRINTS}")
    if plan.previous is None:
        return None
    linked = plan.previous.record("index", "link")
    if not linked.of("fingerprints"):
        return None  # linked before fingerprints were kept: everything is scored
    store = plan.store("index")
    for name in ("fingerprints", "edges"):
        brought = files(bring(store, linked.of(name), folder / "before"))
        con.execute(f"CREATE VIEW {name}_before AS FROM {brought}")
    return Before(linked)


def told_apart(con: DuckDBPyConnection, model: LinkModel) -> dict[str, int]:
    """Makes the relations of changed and of same records, as the model reads them; returns how
    many there are of each."""
    found = compared_with(con, model.id, "fingerprints_before", "fingerprints", CHANGED, SAME)
    return dict(zip(("changed", "same"), found, strict=True))


def basis(plan: Plan, model: LinkModel) -> str:
    """All that decides a pair's weight but its two records and the prior."""
    return identity(
        {
            "trained": plan.models[model.id].digest,
            "block_on": model.block_on,
            "floor": floor(model),
            "vetoes": [plan.spec.linkage.vetoes[veto].when for veto in model.vetoes],
            "code": code_digest("link"),
        }
    )
