"""Has the recipient got the package? Copies it to the recipient's bucket and reads it back."""

from functools import partial
from typing import Any

from datafirst.deliver import deliver as hand_over
from datafirst.errors import DeliveryRefused
from datafirst.lease import lease
from datafirst.package.manifest import NAME
from datafirst.run import Made, once
from datafirst.scratch import Scratch
from datafirst.settings import Settings
from datafirst.spec import Recipient
from datafirst.store import Store, bucket

from .release import plan
from .released import delivery


def deliver(release: str, share: str, recipient: str) -> dict[str, Any]:
    """Delivers a share's package.

    Raises DeliveryRefused where another one was delivered before, or the recipient has no such
    bucket; RunRefused while another run delivers to the same place.
    """
    made = plan(release)
    _, received_by = delivery(made, share, recipient)
    place = made.share_place(share, recipient)
    packaged = made.done("release", "package", place)
    releases = made.store("release")
    to = opened(received_by, made.settings)
    held_for = made.settings.lease_seconds

    def work(_: Scratch) -> Made:
        files = {a.name: partial(releases.read, a.key) for a in packaged.artefacts}
        with lease(releases, f"deliveries/{to.bucket}/{release}/{share}", held_for):
            hand_over(files, to, release, share)
        manifest = next(a for a in packaged.artefacts if a.name == NAME)
        return Made(
            counts={
                "files": len(packaged.artefacts),
                "bytes": sum(a.bytes for a in packaged.artefacts),
                "manifest": manifest.sha256,
                "to": to.url(f"{release}/{share}"),
            }
        )

    inputs = {**made.inputs, "package": packaged.digest}
    return once(releases, place, "deliver", inputs, work, made.settings).counts


def opened(recipient: Recipient, settings: Settings) -> Store:
    """A recipient's bucket. It is the recipient's to make, but for the one on this machine."""
    to = bucket(recipient.bucket, settings)
    if settings.embedded:
        return to.make()
    if not to.exists():
        raise DeliveryRefused(
            f"there is no bucket {recipient.bucket}: correct it in "
            f"config/recipients/{recipient.id}.toml, or have the recipient make it"
        )
    return to
