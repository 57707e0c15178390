"""How does a package reach its recipient? Every object once, the manifest last, all read back."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from datafirst.errors import DeliveryRefused, StoreError
from datafirst.package.manifest import NAME, Manifest, read
from datafirst.store import Store


def deliver(
    package: Mapping[str, Callable[[], bytes]], to: Store, release: str, share: str
) -> Manifest:
    """Copies a package, given as what reads each of its files, to a recipient's bucket.

    The same package delivered again changes nothing. Another one for the same release and share
    is refused before anything is written: the first to put down its claim has the place.
    """
    body = package[NAME]()
    manifest = read(body, NAME)
    place = f"{release}/{share}"
    _claim(to, place, body)
    for file in manifest.files:
        _put(to, f"{place}/{file.path}", package[file.path](), file.sha256)
    known = {f"{place}/{path}" for path in (*(f.path for f in manifest.files), NAME)}
    if strangers := sorted(set(to.keys(f"{place}/")) - known):
        raise DeliveryRefused(
            f"{to.url(place)} holds what is not part of the package: {', '.join(strangers)}; "
            "let the recipient remove it"
        )
    _put(to, f"{place}/{NAME}", body, hashlib.sha256(body).hexdigest())
    return manifest


def _claim(to: Store, place: str, body: bytes) -> None:
    there = to.find(f"{place}/{NAME}")
    if there not in (None, body):
        raise _taken(to, place, body, there)
    mine = hashlib.sha256(body).hexdigest().encode()
    try:
        to.put_once(f"{place}.claim", mine)
    except StoreError:
        if to.find(f"{place}.claim") in (None, mine):
            raise
        raise _taken(to, place, body, there) from None


def _taken(to: Store, place: str, mine: bytes, there: bytes | None) -> DeliveryRefused:
    differs = ""
    if there:
        ours, theirs = read(mine, NAME).inputs, read(there, to.url(f"{place}/{NAME}")).inputs
        names = sorted(n for n in {*ours, *theirs} if ours.get(n) != theirs.get(n))
        differs = f" It was made from other inputs: {', '.join(names)}." if names else ""
    return DeliveryRefused(
        f"{to.url(place)} holds another package of this release and share.{differs} What has "
        "been delivered is never changed: give the release a new version, or have the recipient "
        "retire this one"
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
