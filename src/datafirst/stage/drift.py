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

from .publication import Publication
from .release import Plan


def compared(
    con: DuckDBPyConnection,
    made: Plan,
    trained: Mapping[str, Mapping[str, Any]],
    records: Mapping[str, str],
    to: Made,
) -> None:
    """Keeps the profile of this run, and what has moved since the previous release, among the
    run's counts. LinkageRefused where it has moved beyond a bound that the release does not accept.

    `trained` is by model, `records` are those of people and journeys.
    """
    models = [made.spec.linkage.models[name] for name in made.release.models]
    fields = fields_read(made.spec, models)
    now = profile(con, models, trained, records, to.counts["pairs"], fields)
    to.counts["profile"] = now
    bounds, previous = made.spec.linkage.drift, made.previous
    if bounds is None or previous is None:
        return
    found = moves(_profile(made, previous), now)
    to.counts["drift"] = [asdict(move) for move in found]
    versions = made.release.version, previous.version
    refuse(found, bounds, made.release.accepts_drift, *versions)


def _profile(made: Plan, previous: Publication) -> Mapping[str, Any]:
    kept: Mapping[str, Any] | None = previous.record("index", "link").counts.get("profile")
    if kept is None:
        raise LinkageRefused(
            f"release {previous.version} was linked before it was counted what drift is measured "
            f"by: make it again, then {made.release.version}"
        )
    return kept
