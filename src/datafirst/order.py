"""In what order is a release made, where no scheduler does it?"""

from types import ModuleType
from typing import Any

from .spec import Release

TO_A_RECIPIENT = ("deidentify", "catalogue", "package", "deliver")


def prepare(release: Release, stages: ModuleType) -> dict[str, Any]:
    """The snapshots that a release is made from, validated, and those of its models trained that
    no earlier release has left; each is skipped where it is there."""
    days = {system: str(day) for system, day in sorted(release.snapshots.items())}
    told = [stages.extract(system, day) for system, day in days.items()]
    told += [stages.validate(system, day) for system, day in days.items()]
    told += [
        stages.train(model, release.version)
        for model in stages.models(release.version)["untrained"]
    ]
    return {"release": release.version, "systems": days, "stages": told}


def make(release: str, stages: ModuleType) -> dict[str, Any]:
    """Every stage of a release, one after another; each is skipped where it has been done.

    Every share is packaged before the first is delivered, and the pointer moves last.
    """
    plan = stages.check(release)
    told = [stages.validate(system, day) for system, day in plan["systems"].items()]
    told += [stages.link(release), stages.quality(release)]
    told += [stages.derive(release, share) for share in plan["shares"]]
    told.append(stages.ledger(release))
    for stage in TO_A_RECIPIENT:
        told += [
            getattr(stages, stage)(release, each["share"], each["recipient"])
            for each in plan["deliveries"]
        ]
    told.append(stages.publish(release))
    return {**plan, "stages": told}
