"""What of the specification does a release depend on? On that, and on no later addition."""

import hashlib
import json
from typing import Any

from .model import Share, Specification
from .release import Release


def reached(spec: Specification, release: Release) -> str:
    """SHA-256 of every part of the specification that can change a release's bytes.

    A new release, share or source beside it changes nothing, so that an old version can be made
    again from today's specification.
    """
    shares = _shares(spec, release)
    models = [spec.linkage.models[name] for name in release.models]
    datasets = sorted({name for model in models for name in model.datasets})
    read = {account.table.split(".")[0] for share in shares for account in share.accounts}
    systems = sorted(read | {spec.linkage.datasets[name].system for name in datasets})
    parts: dict[str, Any] = {
        "programme": spec.programme,
        "policy": spec.policy,
        "release": release,
        "shares": shares,
        "systems": [spec.systems[name] for name in systems],
        "fields": spec.linkage.fields if models else {},
        "datasets": [spec.linkage.datasets[name] for name in datasets],
        "models": models,
        "recipients": [spec.recipients[name] for name in release.recipients],
    }
    text = json.dumps(parts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _shares(spec: Specification, release: Release) -> list[Share]:
    named = [spec.shares[name] for name in release.shares]
    followed = [spec.shares[name] for share in named for name in share.follows]
    return list({share.id: share for share in (*named, *followed)}.values())


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if hasattr(part, "model_dump") else str(part)
