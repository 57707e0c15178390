"""What of the specification does a release depend on? On that, and on no later addition."""

import hashlib
import json
import re
from typing import Any

from .groups import FIELDS
from .ladder import TOLD_APART_BY
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
    compared = {name for model in models for name in model.datasets}.union(read_by(ladders))
    datasets = _datasets(spec, release, compared)
    vetoes = {v: spec.linkage.vetoes[v] for model in models for v in model.vetoes}
    read = {account.table.split(".")[0] for share in shares for account in share.accounts}
    systems = sorted(read | {spec.linkage.datasets[name].system for name in datasets})
    parts: dict[str, Any] = {
        "programme": spec.programme,
        "policy": spec.policy,
        "release": release,
        "shares": shares,
        "systems": [spec.systems[name] for name in systems],
        "fields": _fields(spec, [*models, *ladders, *vetoes.values()], _told_by(models, ladders)),
        "datasets": [spec.linkage.datasets[name] for name in datasets],
        "models": models,
        "vetoes": vetoes,
        **_cuts(spec, release),
        **(_groups(spec) if models else {}),
        "ladders": ladders,
        "drift": spec.linkage.drift if release.previous else None,
        "recipients": [spec.recipients[name] for name in release.recipients],
    }
    text = json.dumps(parts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _datasets(spec: Specification, release: Release, compared: set[str]) -> list[str]:
    """The datasets of which the release has a snapshot, and that are compared or are in the
    linking share, which has every dataset whose records some share of the release releases."""
    released = {
        d.id
        for d in spec.linkage.datasets.values()
        if d.released_in and d.released_in.split(".")[0] in release.shares
    }
    return sorted(
        name
        for name in compared | released
        if spec.linkage.datasets[name].system in release.snapshots
    )


def _cuts(spec: Specification, release: Release) -> dict[str, Any]:
    """The rules by which people are taken apart."""
    return {
        "impossible": [spec.linkage.impossible[name] for name in release.impossible],
        "bridges": spec.linkage.bridges[release.bridges] if release.bridges else None,
    }


def _groups(spec: Specification) -> dict[str, Any]:
    """By which groups the report on linkage tells who was linked."""
    return {"regions": spec.linkage.regions, "naming": spec.linkage.naming}


def _told_by(models: list[Any], ladders: list[Any]) -> tuple[str, ...]:
    """The fields that people are told apart by in match rates, or by group in the report."""
    return (*(TOLD_APART_BY if ladders else ()), *(FIELDS if models else ()))


def _fields(spec: Specification, readers: list[Any], more: tuple[str, ...]) -> dict[str, Any]:
    """The fields that models, ladders or vetoes mention, by name or by a part such as
    `date_of_birth_year`, and more that are named."""
    text = json.dumps([reader.model_dump(mode="json") for reader in readers])
    return {
        name: field
        for name, field in spec.linkage.fields.items()
        if name in more or re.search(rf"\b{name}", text)
    }


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if hasattr(part, "model_dump") else str(part)
