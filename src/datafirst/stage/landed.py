"""Which landed tables is a share made from? Brings them here, with what is quarantined."""

from datafirst.derive import Landed
from datafirst.errors import SpecificationError
from datafirst.run import bring
from datafirst.scratch import Scratch
from datafirst.spec import Share

from .release import Plan


def share_named(plan: Plan, name: str) -> Share:
    """A share of the release. SpecificationError for another."""
    if name not in plan.release.shares:
        raise SpecificationError(
            f"release {plan.release.version} has no share {name}: it consists of "
            f"{', '.join(plan.release.shares)}"
        )
    return plan.spec.shares[name]


def read_by(plan: Plan, share: Share) -> list[str]:
    """The source tables that a share, or one that it follows, accounts for."""
    shares = (share, *(plan.spec.shares[name] for name in share.follows))
    return list(dict.fromkeys(a.table for s in shares for a in s.accounts))


def landed(plan: Plan, share: Share, scratch: Scratch) -> dict[str, Landed]:
    """Those tables as snapshot and validation left them."""
    return {id: landed_table(plan, id, scratch) for id in read_by(plan, share)}


def landed_table(plan: Plan, id: str, scratch: Scratch) -> Landed:
    """One source table, `system.table`, as snapshot and validation left it."""
    system, name = id.split(".")
    landing, folder = plan.store("landing"), scratch / "landed" / system
    taken = plan.snapshots[system]
    parts = bring(landing, taken.of(name), folder)
    quarantine = bring(landing, plan.validated(system).of(name), folder)
    rows = taken.counts["rows"][name]
    return Landed(plan.spec.source_table(id), tuple(parts), rows, tuple(quarantine))
