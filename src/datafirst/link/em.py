"""How often do two records of one person agree? m, by expectation maximisation."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from datafirst.spec import LinkModel, Specification

from . import guards, likelihood
from .engine.columns import Columns
from .engine.learn import learnt, patterns
from .engine.tally import Tally
from .inputs import needed
from .settings import fields_of, rule

STILL = (1e-4, 1e-3, 1e-2)
"""By how much an estimate may still change when EM ends. It ends earlier where it would otherwise
drive an m to less than a number can hold: where no match shows a level, each round makes less of
it, for as long as some other estimate is still moving."""

LEAST_SAMPLE = 1e-4
"""Splink takes no smaller share of the records to find out how many pairs a rule gives."""

COMPILED, SPLINK = "compiled", "splink"
"""What compares the pairs that are learned from: ours, or Splink. The estimates are the same."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Session:
    """What EM came to among the pairs of one rule."""

    rule: str
    pairs: int
    """That the rule brings together."""
    compared: int
    """Of those, in the sample."""
    rounds: int
    matching: float
    """The share of the pairs that are matches."""
    still: float
    """By how much an estimate might still change when it ended."""
    informed: dict[str, float]
    """By comparison that it estimated, in how many matches both records knew the field."""


def estimated_m(
    over: guards.Frames,
    spec: Specification,
    model: LinkModel,
    begun: dict[str, Any],
    pairs: Mapping[str, int],
    of: Columns | None,
) -> tuple[dict[str, Any], list[Session]]:
    """The settings with an m for every level, from one session for each em_rule, and the sessions.

    `pairs` says how many pairs each em_rule brings together, `of` are the columns of these frames
    if the engine compares them.
    """
    met: dict[str, Tally] = {}

    def sessions(still: float) -> tuple[dict[str, Any], list[Session]]:
        found = []
        linker = guards.linker(over, {**begun, "em_convergence": still})
        for columns in model.training.em_rules:
            # The fields that columns are parts of are mentioned, because Splink leaves out of the
            # estimate just the comparisons that read a column of the rule, and the first three
            # letters say much about the whole.
            whole = set(needed(model)) & set(fields_of(spec, columns)) - set(columns)
            named, blocked = ", ".join(columns), rule(columns, sorted(whole))
            if of is not None and named not in met:
                met[named] = patterns(linker, of, blocked, **_sample(model, pairs[named]))
            done, seen = _session(linker, model, blocked, pairs[named], met.get(named))
            rounds = len(done._core_model_settings_history) - 1
            compared, matching = int(seen.pairs.sum()), _matching(done)
            known = likelihood.informed(done.core_model_settings, seen)
            found.append(Session(named, pairs[named], compared, rounds, matching, still, known))
        return saved(linker), found

    return as_closely_as_possible(sessions, STILL)


def share_of_matches(
    over: guards.Frames,
    model: LinkModel,
    begun: dict[str, Any],
    blocked: str,
    of: Columns | None,
) -> float:
    """Which share of the pairs of a blocking rule are matches; roughly is enough."""
    linker = guards.linker(over, begun)
    met = patterns(linker, of, blocked, **_sample(model)) if of is not None else None

    def session(still: float) -> float:
        linker = guards.linker(over, {**begun, "em_convergence": still})
        return _matching(_session(linker, model, blocked, met=met)[0])

    return as_closely_as_possible(session, STILL[1:])


def as_closely_as_possible(make: Callable[[float], Made], stills: Sequence[float]) -> Made:
    """What `make` makes with the first of these at which no estimate becomes too small."""
    for still in stills[:-1]:
        try:
            return make(still)
        except ValueError as error:
            if "below the minimum allowed" not in str(error):
                raise
    return make(stills[-1])


def saved(linker: Any) -> dict[str, Any]:
    """What Splink has estimated so far."""
    made: dict[str, Any] = linker.misc.save_model_to_json()
    return made


def _matching(session: Any) -> float:
    return float(session.core_model_settings.probability_two_random_records_match)


def _sample(model: LinkModel, pairs: int = 0) -> dict[str, float]:
    """Always a cap on the number of pairs, and the share of records that tells how many there are:
    Splink makes the pairs of so many records to count them, never more than it may use."""
    cap = model.training.em_max_pairs
    share = max(min(1.0, math.sqrt(cap / max(pairs, 1))), LEAST_SAMPLE)
    return {"max_pairs": cap, "record_sample_proportion": share}


def _session(
    linker: Any, model: LinkModel, blocked: str, pairs: int = 0, met: Tally | None = None
) -> tuple[Any, likelihood.Patterns]:
    """EM among the pairs of a blocking rule, whose patterns have been met or are found by Splink,
    and the patterns that it saw. It has come to rest, and every round has made what it saw
    likelier."""
    con = linker._db_api.duckdb_con
    likelihood.forget(con)
    if met is not None:
        session = learnt(linker, blocked, met)
    else:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            blocked, estimate_without_term_frequencies=True, **_sample(model, pairs)
        )
    guards.settled(model, session, blocked)
    seen = likelihood.patterns(con)
    guards.climbed(model, likelihood.falls(session._core_model_settings_history, seen), blocked)
    return session, seen
