"""Which Splink settings does a linkage model stand for?"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from datafirst.errors import SpecificationError
from datafirst.spec import Comparison, LinkField, LinkModel, Specification

from .comparisons import WAYS, Level, way
from .standardise import parts

MOST_ITERATIONS = 200
"""EM that has not settled by then is refused, not used (guards.settled)."""


def settings(spec: Specification, model: LinkModel) -> dict[str, Any]:
    """The Splink settings of a model, without its m, u and prior, which training adds.

    Lean: the pairs that come out hold weights and no values, which halves memory.
    """
    _agrees(spec, model)
    return {
        "sql_dialect": "duckdb",
        "link_type": "dedupe_only" if len(model.datasets) == 1 else "link_only",
        "linker_uid": model.id,
        "comparisons": [_comparison(c) for c in model.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule(columns), "sql_dialect": "duckdb"} for columns in model.block_on
        ],
        "max_iterations": MOST_ITERATIONS,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def rule(columns: Sequence[str], mentioned: Sequence[str] = ()) -> str:
    """A blocking rule: these columns are equal. `mentioned` fields change nothing."""
    equal = [f'l."{c}" = r."{c}"' for c in columns]
    present = [f'l."{c}" IS NOT NULL AND r."{c}" IS NOT NULL' for c in mentioned]
    return " AND ".join(equal + present)


def name_of(comparison: Comparison) -> str:
    """What a comparison is called in messages and in the trained model."""
    return "_".join(filter(None, (comparison.field, comparison.against)))


def fields_of(spec: Specification, columns: Sequence[str]) -> list[str]:
    """The fields that columns belong to: a field itself, or one that a part is derived from."""
    known = _columns(spec)
    return sorted({known[column] for column in columns if column in known})


def compared(spec: Specification, model: LinkModel) -> str:
    """SHA-256 of what a trained model was trained for: comparisons, and how they were trained."""
    made = {**settings(spec, model), "training": model.training.model_dump()}
    del made["blocking_rules_to_generate_predictions"]
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def _columns(spec: Specification) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, link_field in spec.linkage.fields.items():
        found |= dict.fromkeys((name, *_parts(name, link_field)), name)
    return found


def _parts(name: str, link_field: LinkField) -> list[str]:
    return list(parts(name, link_field.kind))


def _agrees(spec: Specification, model: LinkModel) -> None:
    """Everything a model names is there, and is said once."""
    where = f"linkage/models/{model.id}.toml"
    faults = [
        f"no way to compare is called {c.compare}; there are {', '.join(WAYS)}"
        for c in model.comparisons
        if c.compare not in WAYS
    ]
    training = model.training
    known = _columns(spec)
    for columns in (*model.block_on, *training.prior_rules, *training.em_rules):
        faults += [f"no linkage record has a column {c}" for c in columns if c not in known]
    for c in model.comparisons:
        if c.compare in ("full_name", "identifiers") and c.against not in spec.linkage.fields:
            faults.append(f"{c.field}: {c.compare} needs a field to stand `against` it")
        if c.compare == "shared_dates" and c.frequency:
            faults.append(f"{c.field}: shared_dates cannot weigh rare days more")
        if c.compare == "days_apart" and not c.thresholds:
            faults.append(f"{c.field}: days_apart needs thresholds, in days")
        own = set(fields_of(spec, [c.field, *filter(None, [c.against])]))
        if all(own & set(fields_of(spec, columns)) for columns in training.em_rules):
            says = "every em_rule blocks on it, so that its m would never be estimated; add one"
            faults.append(f"{name_of(c)}: {says} on other fields")
    names = [name_of(c) for c in model.comparisons]
    faults += [f"{n} is compared twice" for n in sorted(set(names)) if names.count(n) > 1]
    if faults:
        raise SpecificationError("\n".join(f"{where}: {each}" for each in dict.fromkeys(faults)))


def _comparison(comparison: Comparison) -> dict[str, Any]:
    made = way(comparison)
    return {
        "output_column_name": name_of(comparison),
        "comparison_description": f"{name_of(comparison)}: {comparison.compare}",
        "comparison_levels": [
            {"sql_condition": made.missing, "label_for_charts": "missing", "is_null_level": True},
            *(_level(level) for level in made.levels),
            {"sql_condition": "ELSE", "label_for_charts": "different"},
        ],
    }


def _level(level: Level) -> dict[str, Any]:
    said: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.label}
    if level.frequency:
        said |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
    return said
