"""What does the report on a release's linkage say, and in what order?

The order is that of GUILD, the guidance for information about linking data sets (Gilbert and
others 2018): what was provided, how it was linked, how right that is, and what it means for
analysis.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from datafirst.spec import Ladder, LinkModel, Release, Specification

from . import ids
from .accuracy import thresholds
from .contradictions import contradictions
from .distribution import distribution
from .drift import Move
from .drifted import drifted
from .laddered import laddered
from .linked import by_band, linked_groups
from .provided import candidates, completeness, mended
from .section import Section
from .shape import shape
from .tradeoff import tradeoff
from .training import training
from .unlinkable import unlinkable
from .weights import weights

JOURNEYS = "(SELECT match_weight, '{model}' AS model FROM journeys)"


@dataclass(frozen=True)
class Linked:
    """What linking a release came to. The relations `people`, `edges`, `journeys`, `id_changes`
    and `grouped` are there too."""

    spec: Specification
    release: Release
    counts: Mapping[str, Any]
    """What the stage `link` counted."""
    trained: Mapping[str, Mapping[str, Any]]
    """By model."""
    records: Mapping[str, str]
    """The relation of linkage records, by dataset."""
    alone: Mapping[str, str]
    """The relation of records compared with themselves, by model."""
    fields: tuple[str, ...]
    """The fields that something compares."""
    before: Mapping[str, Any] | None = None
    """The profile of the release that this one continues."""

    @property
    def models(self) -> list[LinkModel]:
        return [self.spec.linkage.models[name] for name in self.release.models]

    @property
    def ladders(self) -> list[Ladder]:
        return [self.spec.linkage.ladders[name] for name in self.release.ladders]

    @property
    def of_people(self) -> list[LinkModel]:
        return [model for model in self.models if model.produces == "people"]


def sections(con: duckdb.DuckDBPyConnection, linked: Linked) -> tuple[Section, ...]:
    """Every section of the report. Parts of which the release has nothing are not there."""
    parts = (_provided, _method, _links, _people, _over_time)
    return tuple(section for part in parts for section in part(con, linked) if section.rows)


def _provided(con: duckdb.DuckDBPyConnection, linked: Linked) -> Iterator[Section]:
    yield completeness(con, linked.records, linked.fields)
    yield mended(linked.counts["cleaned"], linked.counts["records"])
    yield unlinkable(con, {model.id: model for model in linked.models}, linked.alone)


def _method(con: duckdb.DuckDBPyConnection, linked: Linked) -> Iterator[Section]:
    yield candidates(linked.counts["pairs"])
    for model in linked.models:
        yield weights(model, linked.trained[model.id])
    yield from training(linked.trained.values())
    if linked.models:
        yield from thresholds(linked.models)


def _links(con: duckdb.DuckDBPyConnection, linked: Linked) -> Iterator[Section]:
    for model in linked.models:
        journeys = model.produces == "journeys"
        yield distribution(con, model, JOURNEYS.format(model=model.id) if journeys else "edges")
    for model in linked.of_people:
        yield tradeoff(con, model)
    yield from laddered(linked.ladders, linked.counts["ladders"])


def _people(con: duckdb.DuckDBPyConnection, linked: Linked) -> Iterator[Section]:
    if linked.of_people:
        yield from shape(con)
        yield contradictions(con, linked.spec, linked.models, _own(linked))
        yield by_band(con)
        yield linked_groups(con)


def _own(linked: Linked) -> dict[str, str]:
    """The records of the datasets whose people were found by weights."""
    named = {name for model in linked.of_people for name in model.datasets}
    return {name: table for name, table in linked.records.items() if name in named}


def _over_time(con: duckdb.DuckDBPyConnection, linked: Linked) -> Iterator[Section]:
    bounds = linked.spec.linkage.drift
    if linked.before is not None and bounds is not None:
        moved = [Move(**{**m, "thing": tuple(m["thing"])}) for m in linked.counts.get("drift", ())]
        accepted = linked.release.accepts_drift
        yield from drifted(moved, bounds, accepted, linked.before, linked.counts["profile"])
    if linked.release.previous and linked.of_people:
        yield from ids.sections(con)
