"""Has linkage moved since the previous release? Counts are kept, compared, and told or refused."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.errors import LinkageRefused
from datafirst.link.read import fields_read
from datafirst.quality.drift import moves, refuse
from datafirst.quality.profile import profile
from datafirst.run import Made
from datafirst.spec import LinkModel

from .release import Plan


def compared(
    con: DuckDBPyConnection,
    made: Plan,
    trained: Mapping[str, Mapping[str, Any]],
    records: Mapping[str, str],
    to: Made,
) -> None:
    """Keeps the profile of this run and what has moved since the previous release among the run's
    counts. LinkageRefused where it has moved beyond a bound that the release does not accept.

    `trained` is by model, `records` are those of people and journeys.
    """
    models = _models(made)
    fields = fields_read(made.spec, models)
    told = profile(con, models, trained, records, to.counts["pairs"], fields)
    to.counts["profile"] = told
    if made.previous is None or made.spec.linkage.drift is None:
        return
    then = made.previous.record("index", "link").counts.get("profile")
    if then is None:
        raise LinkageRefused(
            f"release {made.previous.version} was linked before it was counted what drift is "
            f"measured by: make it again, then {made.release.version}"
        )
    found = moves(then, told)
    to.counts["drift"] = [asdict(move) for move in found]
    bounds, accepted = made.spec.linkage.drift, made.release.accepts_drift
    refuse(found, bounds, accepted, made.release.version, made.previous.version)


def _models(made: Plan) -> list[LinkModel]:
    return [made.spec.linkage.models[name] for name in made.release.models]
