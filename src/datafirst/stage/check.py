"""Is everything there that a release needs, and usable, before any work starts?"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from datafirst.deidentify import release as leaving
from datafirst.deidentify import root_key
from datafirst.disclose.closed import closed
from datafirst.errors import DataFirstError
from datafirst.link.ladder import climbable
from datafirst.link.score import fitting
from datafirst.link.settings import settings as comparing
from datafirst.settings import Settings, settings
from datafirst.spec import Release, Specification, Table, share_in
from datafirst.validate.schema import schema

from .deliver import opened
from .link import trained
from .release import Plan, plan, release_named, specification

STORES = ("landing", "index", "keys", "release", "audit")

Attempt = Callable[[], object]
"""Something that later stages do, and that needs no data: it raises where it cannot be done."""


def check(release: str) -> dict[str, Any]:
    """Finds what is missing or unusable at once; returns what the run will do.

    Raises SpecificationError, LinkageRefused, DisclosureRefused, SourceError, RunRefused or
    StoreError.
    """
    spec = specification()
    _refuse(_described(spec, release_named(spec, release), settings()))
    made = plan(release)
    _refuse(_learned(made))
    _refuse(partial(opened, to, made.settings) for _, to in made.deliveries)
    for name in STORES:
        made.store(name).make()
    return {
        "release": release,
        "run": made.run_id,
        "systems": {name: str(day) for name, day in sorted(made.release.snapshots.items())},
        "shares": [share.id for share in made.shares],
        "deliveries": [{"share": s.id, "recipient": r.id} for s, r in made.deliveries],
    }


def _refuse(attempts: Iterator[Attempt]) -> None:
    """Tells every fault at once, as an error of the first one's kind."""
    faults: list[DataFirstError] = []
    for attempt in attempts:
        try:
            attempt()
        except DataFirstError as error:
            faults.append(error)
    if faults:
        raise type(faults[0])("\n".join(dict.fromkeys(str(fault) for fault in faults)))


def _described(spec: Specification, release: Release, here: Settings) -> Iterator[Attempt]:
    """What the specification and the settings alone decide."""
    secret = here.root_key
    yield partial(root_key, secret.get_secret_value() if secret else None, here.embedded)
    for model in release.models:
        yield partial(comparing, spec, spec.linkage.models[model])
    for ladder in release.ladders:
        yield partial(climbable, spec, spec.linkage.ladders[ladder])
    for system in release.snapshots:
        for table in spec.systems[system].tables.values():
            yield partial(schema, table)
    for share in release.shares:
        for table in share_in(spec, release, share).tables.values():
            yield partial(_leaves, spec, table)


def _leaves(spec: Specification, table: Table) -> None:
    released, _ = leaving(spec, table)
    closed([released])
    schema(released)


def _learned(made: Plan) -> Iterator[Attempt]:
    """Whether each trained model is still that of the specification."""
    for name in made.release.models:
        model = made.spec.linkage.models[name]
        yield partial(fitting, made.spec, trained(made, model))
