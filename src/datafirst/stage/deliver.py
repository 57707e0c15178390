"""Has the recipient got the package? Copies it to the recipient's bucket and reads it back."""

from functools import partial
from typing import Any

from datafirst.deliver import deliver as hand_over
from datafirst.package.manifest import NAME
from datafirst.run import Made, once
from datafirst.scratch import Scratch
from datafirst.store import bucket

from .release import plan
from .released import delivery


def deliver(release: str, share: str, recipient: str) -> dict[str, Any]:
    """Delivers a share's package. Raises DeliveryRefused where another one was delivered before."""
    made = plan(release)
    _, received_by = delivery(made, share, recipient)
    place = made.share_place(share, recipient)
    packaged = made.done("release", "package", place)
    releases = made.store("release")
    to = bucket(received_by.bucket, made.settings)

    def work(_: Scratch) -> Made:
        files = {a.name: partial(releases.read, a.key) for a in packaged.artefacts}
        hand_over(files, to.make(), release, share)
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
