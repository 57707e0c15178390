"""Models: a release -> which of its linkage models are trained, and which are not yet."""

from typing import Any

from datafirst.run import recorded
from datafirst.settings import settings
from datafirst.store import store

from .release import model_place, release_named, specification


def models(release: str) -> dict[str, Any]:
    """The models that a release names. One that an earlier release has left serves this one too.

    Raises SpecificationError for an unknown release.
    """
    spec = specification()
    index = store("index", settings())
    named = [spec.linkage.models[name] for name in release_named(spec, release).models]
    there = {m.id for m in named if recorded(index, model_place(m), "train")}
    return {
        "release": release,
        "trained": [m.id for m in named if m.id in there],
        "untrained": [m.id for m in named if m.id not in there],
    }
