"""Which run of a release is the one that counts? One pointer says so, and moves by swap."""

import json
from collections.abc import Mapping
from typing import Any

from datafirst.errors import DeliveryRefused
from datafirst.package.manifest import canonical
from datafirst.store import Pointer, Store


def pointer_key(release: str) -> str:
    return f"releases/{release}.json"


def current(releases: Store, release: str) -> Pointer | None:
    """The pointer as it stands now: read before the work whose result is to be published."""
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
) -> bool:
    """Points a release at a run: all of its shares at once, so that no reader sees a mixture.

    `packages` is share -> recipient -> SHA-256 of the manifest delivered; `seen` is the pointer
    that this run set out to replace. Says whether it moved; it does not where it was there
    already. DeliveryRefused where somebody else moved it meanwhile: what both runs made and
    delivered stays as it is.
    """
    body = canonical({"release": release, "run": run, "packages": packages})
    if seen and seen.body == body:
        return False
    if not releases.swap(pointer_key(release), body, seen):
        raise DeliveryRefused(
            f"release {release}: another run was published while run {run} was being made; "
            "nothing of either is lost. See which one counts, then publish again"
        )
    return True
