"""Which run of a release counts? Moves the one pointer, when every package has been delivered."""

from typing import Any

from datafirst.deliver import current
from datafirst.deliver import publish as move

from .release import plan


def publish(release: str) -> dict[str, Any]:
    """Publishes a release. Raises DeliveryRefused where another run was published meanwhile."""
    made = plan(release)
    releases = made.store("release")
    seen = current(releases, release)
    packages: dict[str, dict[str, str]] = {}
    for share, recipient in made.deliveries:
        record = made.done("release", "deliver", made.share_place(share.id, recipient.id))
        packages.setdefault(share.id, {})[recipient.id] = record.counts["manifest"]
    moved = move(releases, release, made.run_id, packages, seen)
    return {"run": made.run_id, "moved": moved, "shares": sorted(packages)}
