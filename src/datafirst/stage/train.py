"""Train: the records of a release's snapshots -> the versioned parameters of a linkage model."""

import json
from typing import Any

from datafirst.errors import LinkageRefused, SpecificationError
from datafirst.link.frequencies import table_of
from datafirst.link.train import train as estimate
from datafirst.parts import write
from datafirst.run import Made, code_digest, identity, once
from datafirst.scratch import Scratch
from datafirst.settings import settings
from datafirst.spec import LinkModel, Specification

from .records import counted, make_records
from .release import Plan, model_place, release_named, snapshots_of, specification

FREQUENCIES = "frequencies"
"""The artefact that says how frequent values were. It stays in the index store."""

CHOSEN_AFTERWARDS = ("thresholds", "above")
"""What a model says that its training does not depend on: it is chosen by what the model finds."""


def train(model: str, release: str) -> dict[str, Any]:
    """Estimates a model's m, u and prior, and keeps them under its version, once and for all.

    Raises SpecificationError for an unknown model or release, LinkageRefused where training
    could go wrong quietly or where the version has been trained from something else.
    """
    spec = specification()
    described = _named(spec, model)
    wanted = release_named(spec, release)
    # A release that has not been made yet: its snapshots are all that training needs of it.
    plan = Plan(spec, wanted, snapshots_of(spec, wanted), {}, settings())
    inputs, index = _inputs(plan, described), plan.store("index")
    record = once(
        index,
        model_place(described),
        "train",
        inputs,
        lambda folder: _estimated(plan, described, folder),
        settings(),
    )
    if any(record.inputs[key] != inputs[key] for key in ("model", "snapshots")):
        raise LinkageRefused(
            f"model {model} {described.version} was trained from other records or by another "
            f"description: give linkage/models/{model}.toml another version or the changed model a "
            "file of its own, and train that"
        )
    return {
        "place": model_place(described),
        "version": described.version,
        "rows": sum(record.counts["records"].values()),
    }


def _inputs(plan: Plan, model: LinkModel) -> dict[str, Any]:
    systems = {plan.spec.linkage.datasets[name].system for name in model.datasets}
    if absent := sorted(systems - set(plan.snapshots)):
        raise SpecificationError(
            f"release {plan.release.version} has no snapshot of {', '.join(absent)}: train "
            f"{model.id} with a release that has one"
        )
    return {
        "model": identity(model.model_dump(mode="json", exclude=set(CHOSEN_AFTERWARDS))),
        "snapshots": {name: plan.snapshots[name].digest for name in sorted(systems)},
        "code": code_digest(),
    }


def _estimated(plan: Plan, model: LinkModel, folder: Scratch) -> Made:
    with folder.connect() as con:
        records = make_records(con, plan, [model], folder)
        trained = estimate(con, plan.spec, model, records, plan.settings.engine)
        made = Made(counts={"records": counted(con, records)})
        query, order = f"FROM {table_of(model)}", ("field", "value")
        for part in write(con, query, order, folder / FREQUENCIES):
            made.add(f"{FREQUENCIES}/{part.name}", part.path, part.rows)
    path = folder / "model.json"
    path.write_text(json.dumps(trained, indent=1, sort_keys=True) + "\n")
    made.add("model.json", path)
    return made


def _named(spec: Specification, model: str) -> LinkModel:
    if model not in spec.linkage.models:
        known = ", ".join(sorted(spec.linkage.models)) or "none"
        raise SpecificationError(f"unknown model {model}: config/linkage/models describes {known}")
    return spec.linkage.models[model]
