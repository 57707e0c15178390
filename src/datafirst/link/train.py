"""What weight does each kind of agreement have? Estimates a model's m, u and prior."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import duckdb
from splink.internals.exceptions import SplinkException

from datafirst.errors import LinkageRefused
from datafirst.spec import LinkModel, Specification

from . import believed, frequencies, guards, preflight
from .agreement import LEAST, RARE, agreement, bounded, equal_levels, with_exact_u, without_matches
from .em import COMPILED, SPLINK, Made, Session, estimated_m, saved, share_of_matches
from .engine.columns import Columns, columns
from .engine.conditions import NotUnderstood
from .engine.learn import learn_prior, learn_u
from .inputs import Records, inputs, pairs_possible
from .quiet import quieted
from .records import digest
from .rounded import rounded, significant
from .settings import compared, rule, settings


def train(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    model: LinkModel,
    records: Records,
    by: str = COMPILED,
) -> dict[str, Any]:
    """A trained model (what model.json holds): Splink's settings with m, u and prior, and a
    header that says what it was trained for and on.

    The prior comes from deterministic rules, u from random pairs (and exactly where a level
    says "equal"), m by expectation maximisation (Dempster, Laird and Rubin 1977; Winkler 1988),
    as in Fellegi and Sunter (1969). The same records give the same model, whatever compares their
    pairs. How frequent values are is kept in the table frequencies.table_of(model).
    """
    made = settings(spec, model)
    with inputs(con, model, records) as tables, guards.engine(con) as db:
        counts = guards.records_of(con, model, tables)
        pairs = preflight.ready(con, model, tables)
        known = frequencies.counted(con, model, tables)
        with _told(model):
            over, possible = guards.frames(db, tables), pairs_possible(counts)

            def estimated(by: str) -> tuple[dict[str, Any], list[Session]]:
                of = columns(con, tables) if by == COMPILED else None
                chance = _prior_and_u(con, over, tables, model, made, possible, of)
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


def _prior_and_u(
    con: duckdb.DuckDBPyConnection,
    over: guards.Frames,
    tables: Mapping[str, str],
    model: LinkModel,
    made: dict[str, Any],
    possible: float,
    of: Columns | None,
) -> dict[str, Any]:
    """The settings with the prior and a u for every level. LinkageRefused, before any EM, where
    a level was not observed."""
    begun = _sampled(over, model, made, of)
    sampled = min(model.training.u_max_pairs, possible)
    exact = _exact_u(con, over, tables, model, begun, of) | bounded(model, begun, sampled)
    chance = with_exact_u(begun, exact)
    guards.observed(model, chance, ("u",))
    return chance


def _sampled(
    over: guards.Frames, model: LinkModel, made: dict[str, Any], of: Columns | None
) -> dict[str, Any]:
    training = model.training
    linker = guards.linker(over, made)
    certain = [rule(each) for each in training.prior_rules]
    if of:
        learn_prior(linker, of, certain, training.prior_recall)
        learn_u(linker, of, training.u_max_pairs, training.seed)
    else:
        linker.training.estimate_probability_two_random_records_match(
            certain, recall=training.prior_recall
        )
        linker.training.estimate_u_using_random_sampling(
            # Splink stops once it has a hundred pairs of each level, all from a few records.
            max_pairs=training.u_max_pairs,
            seed=training.seed,
            min_count_per_level=None,
        )
    return saved(linker)


def _exact_u(
    con: duckdb.DuckDBPyConnection,
    over: guards.Frames,
    tables: Mapping[str, str],
    model: LinkModel,
    begun: dict[str, Any],
    of: Columns | None,
) -> dict[tuple[str, str], float]:
    """u of every "equal" level, with the matches among the agreeing pairs taken out.

    How many those are is found by EM among the pairs that agree.
    """
    prior = begun["probability_two_random_records_match"]
    levels = list(equal_levels(model))
    found = {(c, x): agreement(con, column, list(tables.values())) for c, x, column in levels}
    first = with_exact_u(begun, {k: max(u, LEAST) for k, u in found.items()})
    exact = {}
    for comparison, label, column in levels:
        agreeing, matching = found[comparison, label], 0.0
        if 0 < agreeing < RARE * prior:
            matching = share_of_matches(over, model, first, rule((column,)), of)
        exact[comparison, label] = without_matches(agreeing, matching, prior)
    return exact


def _session(session: Session) -> dict[str, Any]:
    informed = {name: significant(matches) for name, matches in session.informed.items()}
    kept = {"matching": significant(session.matching), "informed": informed}
    return {**asdict(session), **kept}
