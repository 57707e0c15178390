"""What of the specification does a release depend on? On that, and on no later addition."""

import hashlib
import json
from typing import Any

from .model import Specification
from .release import Release
from .rungs import read_by
from .within import share_in


def reached(spec: Specification, release: Release) -> str:
    """SHA-256 of every part of the specification that can change a release's bytes.

    A new release, share, table or source beside it changes nothing, so that an old version can be
    made again from today's specification.
    """
    shares = [share_in(spec, release, name) for name in release.shares]
    models = [spec.linkage.models[name] for name in release.models]
    ladders = [spec.linkage.ladders[name] for name in release.ladders]
    datasets = sorted(
        name
        for name in {n for model in models for n in model.datasets}.union(read_by(ladders))
        if spec.linkage.datasets[name].system in release.snapshots
    )
    read = {account.table.split(".")[0] for share in shares for account in share.accounts}
    systems = sorted(read | {spec.linkage.datasets[name].system for name in datasets})
    parts: dict[str, Any] = {
        "programme": spec.programme,
        "policy": spec.policy,
        "release": release,
        "shares": shares,
        "systems": [spec.systems[name] for name in systems],
        "fields": _fields(spec, [*models, *ladders]),
        "datasets": [spec.linkage.datasets[name] for name in datasets],
        "models": models,
        "vetoes": {v: spec.linkage.vetoes[v] for model in models for v in model.vetoes},
        "impossible": [spec.linkage.impossible[name] for name in release.impossible],
        "ladders": ladders,
        "recipients": [spec.recipients[name] for name in release.recipients],
    }
    text = json.dumps(parts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _fields(spec: Specification, models: list[Any]) -> dict[str, Any]:
    """The fields that the models mention, by name or by a part such as `date_of_birth_year`."""
    text = json.dumps([model.model_dump(mode="json") for model in models])
    return {name: field for name, field in spec.linkage.fields.items() if f'"{name}' in text}


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if hasattr(part, "model_dump") else str(part)
