"""In what order is a release made, where no scheduler does it?"""

from types import ModuleType
from typing import Any


def make(release: str, stages: ModuleType) -> dict[str, Any]:
    """Every stage of a release, one after another; each is skipped where it has been done."""
    plan = stages.check(release)
    told = [stages.validate(system, day) for system, day in plan["systems"].items()]
    told.append(stages.link(release))
    told += [stages.derive(release, share) for share in plan["shares"]]
    told.append(stages.ledger(release))
    for each in plan["deliveries"]:
        for stage in (stages.deidentify, stages.catalogue, stages.package, stages.deliver):
            told.append(stage(release, each["share"], each["recipient"]))
    told.append(stages.publish(release))
    return {**plan, "stages": told}
