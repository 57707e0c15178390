"""In what order is a release made, where no scheduler does it?"""

from types import ModuleType
from typing import Any

TO_A_RECIPIENT = ("deidentify", "catalogue", "package", "deliver")


def make(release: str, stages: ModuleType) -> dict[str, Any]:
    """Every stage of a release, one after another; each is skipped where it has been done.

    Every share is packaged before the first is delivered, and the pointer moves last.
    """
    plan = stages.check(release)
    told = [stages.validate(system, day) for system, day in plan["systems"].items()]
    told.append(stages.link(release))
    told += [stages.derive(release, share) for share in plan["shares"]]
    told.append(stages.ledger(release))
    for stage in TO_A_RECIPIENT:
        told += [
            getattr(stages, stage)(release, each["share"], each["recipient"])
            for each in plan["deliveries"]
        ]
    told.append(stages.publish(release))
    return {**plan, "stages": told}
