"""What does a linkage model take over from the model that it is like?"""

from typing import Any

from .locate import Disagreement, Located, Place, fault

OWN = ("id", "title", "version", "datasets", "like")
"""What a model says for itself."""


def alike(models: dict[str, Any], files: dict[Place, Located]) -> list[str]:
    """Completes every model that says `like`, in place; returns the faults found on the way."""
    faults = []
    for name, model in models.items():
        place = ("linkage", "models", name, "like")
        seen, other = {name}, model.get("like")
        while other is not None:
            if other in seen or other not in models:
                says = "it is like itself" if other in seen else f"no such model as {other}"
                faults.append(fault(files, Disagreement(place, says)))
                break
            seen.add(other)
            taken = {key: value for key, value in models[other].items() if key not in OWN}
            model.update({key: value for key, value in taken.items() if key not in model})
            other = models[other].get("like")
    return faults
