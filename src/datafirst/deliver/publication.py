"""Which run of a release is the one that counts? One pointer says so, and moves by swap."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from datafirst.errors import DeliveryRefused
from datafirst.package.manifest import canonical
from datafirst.store import Pointer, Store


def pointer_key(release: str) -> str:
    return f"releases/{release}.json"


def current(releases: Store, release: str) -> Pointer | None:
    """The pointer as it stands now: what a publication sets out to replace."""
    return releases.pointer(pointer_key(release))


def published(releases: Store, release: str) -> dict[str, Any] | None:
    """What has been published of a release: its run, and each package's manifest."""
    pointer = current(releases, release)
    return json.loads(pointer.body) if pointer else None


def publish(
    releases: Store,
    release: str,
    run: str,
    packages: Mapping[str, Mapping[str, str]],
    seen: Pointer | None,
    held: Callable[[str, str], str | None],
) -> bool:
    """Points a release at a run: all of its shares at once, so that no reader sees a mixture.

    `packages` is share -> recipient -> SHA-256 of the manifest delivered; `seen` is the pointer
    as it was read just before; `held` tells which manifest a recipient holds of a share now. The
    pointer only moves to a run whose packages every recipient holds: that, and not the order in
    which runs end, keeps one that ends late from replacing what was delivered instead of it.

    Says whether it moved; it does not where it was there already. DeliveryRefused where a
    recipient holds something else, or somebody else moved it since `seen` was read: what both
    runs made and delivered stays as it is.
    """
    body = canonical({"release": release, "run": run, "packages": packages})
    if seen and seen.body == body:
        return False
    elsewhere = [
        f"{share} at {recipient}"
        for share, recipients in sorted(packages.items())
        for recipient, manifest in sorted(recipients.items())
        if held(share, recipient) != manifest
    ]
    if elsewhere:
        raise DeliveryRefused(
            f"release {release}: run {run} is not published, since the package that it delivered "
            f"is not what the recipient holds: {', '.join(elsewhere)}; publish the run that was "
            "delivered, or give the release a new version"
        )
    if not releases.swap(pointer_key(release), body, seen):
        raise DeliveryRefused(
            f"release {release}: another run was published while run {run} was being made; "
            "nothing of either is lost. See which one counts, then publish again"
        )
    return True
