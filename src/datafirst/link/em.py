"""How often do two records of one person agree? m, by expectation maximisation."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from datafirst.spec import LinkModel, Specification

from . import guards
from .inputs import needed
from .settings import fields_of, rule

STILL = (1e-4, 1e-3, 1e-2)
"""By how much an estimate may still change when EM ends. It ends earlier where it would otherwise
drive an m to less than a number can hold: where no match shows a level, each round makes less of
it, for as long as some other estimate is still moving."""

Made = TypeVar("Made")


def estimated_m(
    over: guards.Frames, spec: Specification, model: LinkModel, begun: dict[str, Any]
) -> dict[str, Any]:
    """The settings with an m for every level, from one session for each em_rule."""

    def sessions(still: float) -> dict[str, Any]:
        linker = guards.linker(over, {**begun, "em_convergence": still})
        for columns in model.training.em_rules:
            # The fields that columns are parts of are mentioned, because Splink leaves out of the
            # estimate just the comparisons that read a column of the rule, and the first three
            # letters say much about the whole.
            whole = set(needed(model)) & set(fields_of(spec, columns)) - set(columns)
            _session(linker, model, rule(columns, sorted(whole)))
        return saved(linker)

    return as_closely_as_possible(sessions, STILL)


def share_of_matches(
    over: guards.Frames, model: LinkModel, begun: dict[str, Any], blocked: str
) -> float:
    """Which share of the pairs of a blocking rule are matches; roughly is enough."""

    def session(still: float) -> float:
        linker = guards.linker(over, {**begun, "em_convergence": still})
        settled = _session(linker, model, blocked).core_model_settings
        return float(settled.probability_two_random_records_match)

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


def _session(linker: Any, model: LinkModel, blocked: str) -> Any:
    """EM among the pairs of a blocking rule, always with a cap on their number."""
    session = linker.training.estimate_parameters_using_expectation_maximisation(
        blocked,
        estimate_without_term_frequencies=True,
        max_pairs=model.training.em_max_pairs,
        record_sample_proportion=1.0,
    )
    guards.settled(model, session, blocked)
    return session
