"""Who is filling a place in a recipient's bucket? One claim, moved by swap, listing what it puts.

While a place has no manifest nothing has been received. So a run that finds there what a dead
delivery left takes over its claim, and removes what that claim lists and nothing else.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from datafirst.errors import RunRefused, StoreError
from datafirst.package.files import File
from datafirst.package.manifest import canonical
from datafirst.store import Store


@dataclass(frozen=True)
class Claim:
    """What a delivery put down before its first object."""

    run: str
    manifest: str
    """SHA-256 of the manifest that will be written last."""
    objects: frozenset[tuple[str, str]]
    """Path and SHA-256 of what this delivery, or a dead one before it, may have put there."""

    @property
    def body(self) -> bytes:
        said = {"run": self.run, "manifest": self.manifest, "objects": sorted(self.objects)}
        return canonical(said)


def take(to: Store, place: str, run: str, manifest: bytes, files: Iterable[File]) -> Claim:
    """Claims a place that has no manifest. RunRefused where another claims it at this moment.

    What earlier claims list stays listed, so that it is found whoever dies next.
    """
    held = to.pointer(_key(place))
    before = _read(held.body).objects if held else frozenset()
    claim = Claim(
        run, hashlib.sha256(manifest).hexdigest(), before | {(f.path, f.sha256) for f in files}
    )
    if not to.swap(_key(place), claim.body, held):
        raise RunRefused(
            f"{to.url(place)} was claimed by another delivery at this moment; wait until it is done"
        )
    to.prove(_key(place), claim.body)
    return claim


def stands(to: Store, place: str, claim: Claim) -> None:
    """RunRefused where another delivery has taken the place."""
    body = to.find(_key(place))
    if body != claim.body:
        by = f"run {_read(body).run}" if body else "somebody who removed the claim"
        raise RunRefused(
            f"{to.url(place)} was taken over by {by} while run {claim.run} delivered to it; "
            "nothing of it has been received: see which run counts, then release it again"
        )


def clear(to: Store, place: str, claim: Claim, keep: Iterable[File]) -> None:
    """Removes what dead deliveries left: the very objects that the claim lists, by their hash.

    Where the recipient lets nobody remove anything they stay, and are named as being in the way.
    """
    for path, sha in sorted(claim.objects - {(f.path, f.sha256) for f in keep}):
        body = to.find(f"{place}/{path}")
        if body is not None and hashlib.sha256(body).hexdigest() == sha:
            stands(to, place, claim)
            with suppress(StoreError):
                to.remove(f"{place}/{path}")


def claimed_by(to: Store, place: str) -> str:
    """The run whose claim stands, for a message."""
    body = to.find(_key(place))
    return f"run {_read(body).run}" if body else "nobody"


def _key(place: str) -> str:
    return f"{place}.claim"


def _read(body: bytes) -> Claim:
    """A claim from its bytes. Whatever else is there lists nothing that may be removed."""
    try:
        content = json.loads(body)
        objects = frozenset((path, sha) for path, sha in content["objects"])
        return Claim(content["run"], content["manifest"], objects)
    except (ValueError, KeyError, TypeError):
        return Claim("unknown", "", frozenset())
