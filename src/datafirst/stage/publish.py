"""Which run of a release counts? Moves the one pointer, when every package has been delivered."""

from typing import Any

from datafirst.deliver import current, received
from datafirst.deliver import publish as move
from datafirst.store import bucket

from .release import plan


def publish(release: str) -> dict[str, Any]:
    """Publishes a release.

    Raises DeliveryRefused where a recipient does not hold this run's package, or another run was
    published at this moment.
    """
    made = plan(release)
    releases = made.store("release")
    seen = current(releases, release)
    buckets = {recipient.id: recipient.bucket for _, recipient in made.deliveries}
    packages: dict[str, dict[str, str]] = {}
    for share, recipient in made.deliveries:
        record = made.done("release", "deliver", made.share_place(share.id, recipient.id))
        packages.setdefault(share.id, {})[recipient.id] = record.counts["manifest"]

    def held(share: str, recipient: str) -> str | None:
        return received(bucket(buckets[recipient], made.settings), release, share)

    moved = move(releases, release, made.run_id, packages, seen, held)
    return {"run": made.run_id, "moved": moved, "shares": sorted(packages)}
