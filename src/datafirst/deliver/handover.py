"""How does a package reach its recipient? Every object once, the manifest last, all read back."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from datafirst.errors import DeliveryRefused, StoreError
from datafirst.package.manifest import NAME, Manifest, read
from datafirst.store import Store

from .claim import claimed_by, clear, stands, take


def deliver(
    package: Mapping[str, Callable[[], bytes]], to: Store, release: str, share: str
) -> Manifest:
    """Copies a package, given as what reads each of its files, to a recipient's bucket.

    The same package delivered again changes nothing. Once a manifest stands there, another one
    for the same release and share is refused before anything is written; until then nothing has
    been received, and what a delivery that died left behind makes way. Two that deliver at once
    see each other by the claim; the caller's lease keeps it from coming to that.
    """
    body = package[NAME]()
    manifest = read(body, NAME)
    place = f"{release}/{share}"
    claim = None
    if not _stands_already(to, place, body):
        claim = take(to, place, manifest.run, body, manifest.files)
        _stands_already(to, place, body)  # or another's came while the claim was moved
        clear(to, place, claim, manifest.files)
    _refuse_others(to, place, manifest)
    for file in manifest.files:
        _put(to, f"{place}/{file.path}", package[file.path](), file.sha256)
    _refuse_strangers(to, place, manifest)
    if claim:
        stands(to, place, claim)
    _put(to, f"{place}/{NAME}", body, hashlib.sha256(body).hexdigest())
    return manifest


def received(to: Store, release: str, share: str) -> str | None:
    """The SHA-256 of the manifest that a recipient holds, if a package has arrived whole."""
    body = to.find(f"{release}/{share}/{NAME}")
    return None if body is None else hashlib.sha256(body).hexdigest()


def _stands_already(to: Store, place: str, mine: bytes) -> bool:
    """Whether this package's manifest is there. DeliveryRefused where another's is."""
    there = to.find(f"{place}/{NAME}")
    if there in (None, mine):
        return there is not None
    ours, theirs = read(mine, NAME).inputs, read(there, to.url(f"{place}/{NAME}")).inputs
    names = sorted(n for n in {*ours, *theirs} if ours.get(n) != theirs.get(n))
    differs = f" It was made from other inputs: {', '.join(names)}." if names else ""
    raise DeliveryRefused(
        f"{to.url(place)} holds another package of this release and share.{differs} What has "
        "been delivered is never changed: give the release a new version, or have the recipient "
        "retire this one"
    )


def _refuse_others(to: Store, place: str, manifest: Manifest) -> None:
    """Refuses a place with objects of other content, all of them named."""
    known = {f"{place}/{file.path}": file.sha256 for file in manifest.files}
    in_the_way = [
        key
        for key in sorted(set(to.keys(f"{place}/")) - {f"{place}/{NAME}"})
        if key not in known or hashlib.sha256(to.read(key)).hexdigest() != known[key]
    ]
    if in_the_way:
        raise _blocked(to, place, in_the_way)


def _refuse_strangers(to: Store, place: str, manifest: Manifest) -> None:
    """Refuses what somebody put there meanwhile."""
    known = {f"{place}/{path}" for path in (*(f.path for f in manifest.files), NAME)}
    if strangers := sorted(set(to.keys(f"{place}/")) - known):
        raise _blocked(to, place, strangers)


def _blocked(to: Store, place: str, keys: list[str]) -> DeliveryRefused:
    state = "a package has been delivered there, but these are not as it says"
    if to.find(f"{place}/{NAME}") is None:
        state = f"no {NAME} is there, so nothing has been received (claim: {claimed_by(to, place)})"
    return DeliveryRefused(
        f"{to.url(place)} holds what is not part of the package: {', '.join(keys)}; {state}. "
        "Let the recipient remove these objects, and deliver again"
    )


def _put(to: Store, key: str, body: bytes, sha: str) -> None:
    """Writes an object and reads it back, since an answer is not yet an object."""
    if hashlib.sha256(body).hexdigest() != sha:
        raise DeliveryRefused(f"{key}: not the file of the manifest; package the share again")
    try:
        to.put_once(key, body)
    except StoreError:
        if to.find(key) in (None, body):
            raise
        raise DeliveryRefused(
            f"{to.url(key)} is there with other content and is never overwritten; let the "
            "recipient remove it"
        ) from None
    if hashlib.sha256(to.read(key)).hexdigest() != sha:
        raise DeliveryRefused(f"{to.url(key)} does not read back as it was written")


def fetch(recipient: Store, release: str, share: str, to: Path) -> Manifest:
    """Downloads what a recipient received into a folder, every file checked against its hash.

    The folder is either as before or whole. DeliveryRefused where nothing was delivered, or
    where the folder holds something other than a package.
    """
    place = f"{release}/{share}"
    body = recipient.find(f"{place}/{NAME}")
    if body is None:
        raise DeliveryRefused(f"{recipient.url(place)}: no whole package has been delivered")
    if to.exists() and any(to.iterdir()) and not (to / NAME).is_file():
        raise DeliveryRefused(f"{to} holds something other than a package: name another folder")
    manifest = read(body, recipient.url(f"{place}/{NAME}"))
    beside = to.with_name(f".{to.name}.arriving")
    shutil.rmtree(beside, ignore_errors=True)
    for file in manifest.files:
        recipient.fetch(f"{place}/{file.path}", beside / file.path, file.sha256)
    (beside / NAME).write_bytes(body)
    if to.exists():
        shutil.rmtree(to)
    beside.rename(to)
    return manifest
