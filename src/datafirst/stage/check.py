"""Is everything there that a release needs, before any work starts?"""

from typing import Any

from .release import plan

STORES = ("landing", "index", "keys", "release", "audit")


def check(release: str) -> dict[str, Any]:
    """Finds what is missing or unusable at once; returns what the run will do.

    Raises SpecificationError, SourceError, RunRefused or StoreError.
    """
    made = plan(release)
    for name in STORES:
        made.store(name).make()
    return {
        "release": release,
        "run": made.run_id,
        "systems": {name: str(day) for name, day in sorted(made.release.snapshots.items())},
        "shares": [share.id for share in made.shares],
        "deliveries": [{"share": s.id, "recipient": r.id} for s, r in made.deliveries],
    }
