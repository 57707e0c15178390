"""How was a model trained, and what about it should be looked at?"""

from collections.abc import Iterable, Mapping
from typing import Any

from datafirst.link.inputs import pairs_possible

from .section import Cell, Section
from .wording import said

HEADER = ("Model", "Rule", "For", "Pairs", "Compared", "Rounds", "Matches found", "Of the prior's")


def training(trained: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Two sections about trained models: what each estimate rests on, and what is odd."""
    trained = list(trained)
    rows = tuple(row for model in trained for row in _rows(model))
    odd = tuple(row for model in trained for row in _odd(model))
    return [
        Section(
            name="What the models were trained on",
            says="The pairs from which the prior and the m probabilities were estimated. What EM "
            "finds among the pairs of one rule should be less than, or about, all the matches that "
            "the prior says there are; more than four times as many is refused.",
            header=HEADER,
            rows=rows,
        ),
        Section(
            name="Levels to look at",
            says="Levels that no pair in training showed, and which therefore say nothing (only "
            "rare ones may), and levels that weigh less than one below them."
            + ("" if odd else " There are none."),
            header=("Model", "Comparison", "Level", "What about it"),
            rows=odd,
        ),
    ]


def _rows(model: Mapping[str, Any]) -> Iterable[tuple[Cell, ...]]:
    name, prior = model["model"], model["splink"]["probability_two_random_records_match"]
    matches = prior * pairs_possible(model["records"])
    for rule, pairs in model["pairs"]["prior"].items():
        yield (name, rule, "prior", pairs, pairs, None, None, None)
    for session in model["sessions"]:
        found = session["matching"] * session["pairs"]
        yield (
            name,
            session["rule"],
            "m, by EM",
            session["pairs"],
            session["compared"],
            session["rounds"],
            round(found),
            round(found / matches, 2),
        )


def _odd(model: Mapping[str, Any]) -> Iterable[tuple[Cell, ...]]:
    for what, names in (
        ("no pair showed it: it weighs nothing", model["never_seen"]),
        ("weighs less than a level below it", model["uneven"]),
    ):
        for name in names:
            comparison, level = name.split(": ", 1)
            yield (model["model"], said(comparison), level, what)
