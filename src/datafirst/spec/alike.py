"""What does a linkage model take over from the model that it is like?"""

from collections.abc import Iterator
from typing import Any

from .locate import Disagreement, Located, Place, fault

OWN = ("id", "title", "version", "datasets", "thresholds", "above", "like", "also")
"""What a model says for itself."""


def alike(models: dict[str, Any], files: dict[Place, Located]) -> list[str]:
    """Completes every model that says `like`, in place; returns the faults found on the way.

    What it says takes the place of what the other says; what it says under `also` is added.
    """
    found = [
        fault(files, Disagreement(("linkage", "models", name, key), says))
        for name in models
        for key, says in _faults(models, name)
    ]
    if not found:
        whole = {name: _whole(models, name) for name in models}
        for name, model in whole.items():
            models[name] = {key: value for key, value in model.items() if key != "also"}
    return found


def _whole(models: dict[str, Any], name: str) -> dict[str, Any]:
    model = models[name]
    if "like" not in model:
        return dict(model)
    taken = {k: v for k, v in _whole(models, model["like"]).items() if k not in OWN}
    more = {key: [*taken.get(key, []), *added] for key, added in model.get("also", {}).items()}
    return {**taken, **more, **model}


def _faults(models: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
    model, seen = models[name], [name]
    if "also" in model and "like" not in model:
        yield "also", "say which model it is `like`, or say it outright"
    for key in model.get("also", {}):
        if key in model or key not in ("comparisons", "block_on"):
            yield (
                "also",
                f"{key} cannot be added to: only comparisons or block_on not said outright",
            )
    while other := models[seen[-1]].get("like"):
        if other in seen or other not in models:
            yield "like", "it is like itself" if other in seen else f"no such model as {other}"
            return
        seen.append(other)
