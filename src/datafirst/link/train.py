"""What weight does each kind of agreement have? Estimates a model's m, u and prior."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import duckdb
from splink.internals.exceptions import SplinkException

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel, Specification

from . import believed, frequencies, guards, preflight
from .chance import prior_and_u
from .em import COMPILED, SPLINK, Made, Session, estimated_m
from .engine.columns import columns
from .engine.conditions import NotUnderstood
from .inputs import Records, inputs, pairs_possible
from .quiet import quieted
from .records import digest
from .rounded import rounded, significant
from .settings import compared


def train(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    model: LinkModel,
    records: Records,
    by: str = COMPILED,
) -> dict[str, Any]:
    """A trained model (what model.json holds): Splink's settings with m, u and prior, and a
    header that says what it was trained for and on.

    The prior comes from deterministic rules, u from random pairs (exactly where a level says
    "equal"), m by expectation maximisation (Dempster, Laird and Rubin 1977; Winkler 1988), as in
    Fellegi and Sunter (1969). Whatever compares the pairs, the same records give the same model.
    How frequent values are is kept in the table frequencies.table_of(model).
    """
    with inputs(con, model, records) as tables, guards.engine(con) as db:
        counts = guards.records_of(con, model, tables)
        pairs = preflight.ready(con, model, tables)
        known = frequencies.counted(con, model, tables)
        with _told(model):
            over, possible = guards.frames(db, tables), pairs_possible(counts)

            def estimated(by: str) -> tuple[dict[str, Any], list[Session]]:
                of = columns(con, tables) if by == COMPILED else None
                chance = prior_and_u(con, over, tables, spec, model, possible, of)
                return estimated_m(over, spec, model, chance, pairs["em"], of)

            (done, sessions), engine = _understood(estimated, by)
    done, quiet = quieted(done)
    trained = _believed(model, done, sessions, possible)
    return {
        **_for(spec, model),
        "records": counts,
        "engine": engine,
        "never_seen": quiet,
        "uneven": believed.uneven(trained),
        "pairs": pairs,
        "sessions": [_session(s) for s in sessions],
        "known": known,
        "splink": trained,
    }


def _for(spec: Specification, model: LinkModel) -> dict[str, Any]:
    """What a model is trained for."""
    return {
        "model": model.id,
        "version": model.version,
        "seed": model.training.seed,
        "standardised": digest(spec, model),
        "compared": compared(spec, model),
    }


def _believed(
    model: LinkModel, done: dict[str, Any], sessions: list[Session], possible: float
) -> dict[str, Any]:
    """The estimates as they are kept. LinkageRefused where they cannot be true."""
    guards.observed(model, done)
    trained = rounded(done, sessions)
    guards.upright(model, trained)
    prior = trained["probability_two_random_records_match"]
    believed.agreeing(model, sessions, prior * possible)
    return trained


def _understood(make: Callable[[str], Made], by: str) -> tuple[Made, str]:
    """What `make` makes by this engine, or by Splink where the other does not understand what a
    model asks; and which it was."""
    if by == SPLINK:  # on Spark too a model is trained here: it learns from samples
        return make(SPLINK), SPLINK
    try:
        return make(COMPILED), COMPILED
    except NotUnderstood as unknown:
        return make(SPLINK), f"{SPLINK}: {unknown.what}"


@contextmanager
def _told(model: LinkModel) -> Iterator[None]:
    """What Splink finds wrong with the data, as a refusal. Its own words may quote the data."""
    try:
        yield
    except (SplinkException, ValueError) as error:
        if "interrupt" in str(error).lower():
            raise  # somebody stopped it: no refusal
        kind = type(error).__name__
    else:
        return
    raise LinkageRefused(
        f"model {model.id} could not be trained ({kind} in Splink): there are too few records, or "
        "a level or a rule that hardly any pair falls under; train on more records, or compare "
        "with fewer levels"
    )


def _session(session: Session) -> dict[str, Any]:
    informed = {name: significant(matches) for name, matches in session.informed.items()}
    kept = {"matching": significant(session.matching), "informed": informed}
    return {**asdict(session), **kept}
