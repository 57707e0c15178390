"""What weight does each kind of agreement have? Estimates a model's m, u and prior."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from .engine.conditions import NotUnderstood
from .engine.learn import learn_u
from .inputs import Records, inputs, pairs_possible
from .quiet import quieted
from .records import digest
from .settings import compared, rule, settings

SIGNIFICANT = 9
"""Digits kept of an estimate: what threads add in another order differs in the sixteenth."""

LEAST_M = 1e-4
"""No disagreement is taken as proof: EM drives levels that no match of the sample has to nought."""

NONE_SEEN = 3.0
"""Of n matches none of which shows a level, fewer than 3/n show it (95% confidence, the rule of
three, Hanley and Lippman-Hand 1983): a field that few matches know cannot teach that a disagreement
is rarer."""


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
    as in Fellegi and Sunter (1969). The same records give the same model, whatever compares
    their pairs; what did is in its header. How frequent values are is kept in the table
    frequencies.table_of(model).
    """
    made = settings(spec, model)
    with inputs(con, model, records) as tables, guards.engine(con) as db:
        counts = guards.records_of(con, model, tables)
        pairs = preflight.ready(con, model, tables)
        known = frequencies.counted(con, model, tables)
        with _told(model):
            over, possible = guards.frames(db, tables), pairs_possible(counts)

            def estimated(by: str) -> tuple[dict[str, Any], list[Session]]:
                chance = _prior_and_u(con, over, tables, model, made, possible, by)
                return estimated_m(over, spec, model, chance, pairs["em"], by)

            (done, sessions), engine = _understood(estimated, by)
    done, quiet = quieted(done)
    guards.observed(model, done)
    trained = _rounded(done, sessions)
    guards.upright(model, trained)
    prior = trained["probability_two_random_records_match"]
    believed.agreeing(model, sessions, prior * pairs_possible(counts))
    return {
        "model": model.id,
        "version": model.version,
        "records": counts,
        "seed": model.training.seed,
        "engine": engine,
        "standardised": digest(spec, model),
        "compared": compared(spec, model),
        "never_seen": quiet,
        "uneven": believed.uneven(trained),
        "pairs": pairs,
        "sessions": [_session(s) for s in sessions],
        "known": known,
        "splink": trained,
    }


def _understood(make: Callable[[str], Made], by: str) -> tuple[Made, str]:
    """What `make` makes by this engine, or by Splink where the other does not understand what a
    model asks; and which it was."""
    if by != COMPILED:
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
    by: str,
) -> dict[str, Any]:
    """The settings with the prior and a u for every level. LinkageRefused, before any EM, where
    a level was not observed."""
    begun = _sampled(over, model, made, by)
    sampled = min(model.training.u_max_pairs, possible)
    exact = _exact_u(con, over, tables, model, begun, by) | bounded(model, begun, sampled)
    chance = with_exact_u(begun, exact)
    guards.observed(model, chance, ("u",))
    return chance


def _sampled(
    over: guards.Frames, model: LinkModel, made: dict[str, Any], by: str
) -> dict[str, Any]:
    training = model.training
    linker = guards.linker(over, made)
    linker.training.estimate_probability_two_random_records_match(
        [rule(columns) for columns in training.prior_rules], recall=training.prior_recall
    )
    if by == COMPILED:
        learn_u(linker, training.u_max_pairs, training.seed)
    else:
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
    by: str,
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
            matching = share_of_matches(over, model, first, rule((column,)), by)
        exact[comparison, label] = without_matches(agreeing, matching, prior)
    return exact


def _session(session: Session) -> dict[str, Any]:
    informed = {name: _significant(matches) for name, matches in session.informed.items()}
    kept = {"matching": _significant(session.matching), "informed": informed}
    return {**asdict(session), **kept}


def _rounded(trained: dict[str, Any], sessions: Sequence[Session]) -> dict[str, Any]:
    """The estimates as they are kept, none surer than the matches that it was learned from."""
    prior = trained["probability_two_random_records_match"]
    comparisons = [
        {**c, "comparison_levels": _levels(c["comparison_levels"], _least(c, sessions))}
        for c in trained["comparisons"]
    ]
    return {
        **trained,
        "comparisons": comparisons,
        "probability_two_random_records_match": _significant(prior),
    }


def _levels(levels: list[dict[str, Any]], least: float) -> list[dict[str, Any]]:
    """Levels whose m, none too small, come to one again: Splink takes each level's median over
    the sessions."""
    told = [x for x in levels if not x.get("is_null_level")]
    whole = sum(x["m_probability"] for x in told)
    # A level whose u is smaller still would otherwise come to speak for a match.
    m = [max(x["m_probability"] / whole, min(least, x["u_probability"])) for x in told]
    kept = iter(_significant(each / sum(m)) for each in m)
    return [x if x.get("is_null_level") else _level(x, next(kept)) for x in levels]


def _least(comparison: dict[str, Any], sessions: Sequence[Session]) -> float:
    name = comparison["output_column_name"]
    matches = max((s.informed.get(name, 0.0) for s in sessions), default=0.0)
    return max(NONE_SEEN / max(matches, NONE_SEEN), LEAST_M)


def _level(level: dict[str, Any], m: float) -> dict[str, Any]:
    u = _significant(level["u_probability"])
    return {**level, "m_probability": m, "u_probability": u}


def _significant(number: float) -> float:
    return float(f"{number:.{SIGNIFICANT}g}")
