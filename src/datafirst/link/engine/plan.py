"""What does a trained Splink model ask of a pair, and what does each answer weigh?

Splink's own reading of its settings is used (levels, clamped weights, term frequency adjustments),
and only written down in another form. What cannot be is NotUnderstood.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from splink.internals.settings_creator import SettingsCreator

from .conditions import And, Condition, Equal, Holds, IsTrue, Not, NotUnderstood, Or, parts
from .language import condition, keys


@dataclass(frozen=True)
class Adjustment:
    """By how much a value's frequency changes a weight: weight * (log2_u - log2(frequency))."""

    column: str
    log2_u: float
    weight: float
    least: float
    """Frequencies count as at least this."""


@dataclass(frozen=True)
class Level:
    """One degree of agreement; the last of a comparison is for all other pairs."""

    condition: Condition | None
    weight: float
    number: int
    """Splink's comparison vector value: -1 where nothing is known, 0 for all other pairs."""
    adjusted: Adjustment | None = None


@dataclass(frozen=True)
class Comparison:
    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Rule:
    """A blocking rule: these expressions are equal, and what else must hold."""

    keys: tuple[str, ...]
    besides: Condition | None

    @property
    def whole(self) -> Condition:
        """That the rule brings a pair together."""
        equal = tuple(Equal(key, key) for key in self.keys)
        return And((*equal, *([self.besides] if self.besides else [])))


@dataclass(frozen=True)
class Plan:
    """All that is asked of a pair of records."""

    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    across: bool
    """Whether only records of two datasets make a pair."""
    prior: float
    """The prior odds, as a match weight."""

    @property
    def either_way(self) -> bool:
        """Whether it is all the same which record is the left one."""
        asked = [level.condition for c in self.comparisons for level in c.levels]
        asked += [rule.besides for rule in self.rules]
        return all(one is None or form(one) == form(turned(one)) for one in asked)


def plan(settings: Mapping[str, Any]) -> Plan:
    """The plan of a trained model. NotUnderstood where it asks what the engine cannot answer."""
    made = SettingsCreator.from_path_or_dict(dict(settings)).get_settings("duckdb")
    if made.column_info_settings.unique_id_column_name != "unique_id":
        raise NotUnderstood("records that are not known by a unique_id")
    core = made.core_model_settings
    prior = core.probability_two_random_records_match
    asked = Plan(
        tuple(_comparison(each) for each in core.comparisons),
        tuple(rule_of(each) for each in made._blocking_rules_to_generate_predictions),
        made._link_type == "link_only",
        math.log2(prior / (1 - prior)),
    )
    # Splink takes ids for texts there.
    if made._link_type == "link_and_dedupe" and not asked.either_way:
        raise NotUnderstood("which of two records of a dataset is the left one")
    return asked


def _comparison(made: Any) -> Comparison:
    levels = made.comparison_levels
    asked = zip(unweighed(made).levels, levels, strict=True)
    each = tuple(_weighed(level, one, levels) for level, one in asked)
    return Comparison(made.output_column_name, each)


def unweighed(made: Any) -> Comparison:
    """What a comparison of Splink's asks, before it is known what an answer weighs."""
    if not made.comparison_levels[-1]._is_else_level:
        raise NotUnderstood("a comparison without ELSE")
    levels = tuple(
        Level(
            None if each._is_else_level else condition(each.sql_condition),
            0.0,
            -1 if each.is_null_level else int(each.comparison_vector_value),
        )
        for each in made.comparison_levels
    )
    return Comparison(made.output_column_name, levels)


def _weighed(level: Level, made: Any, levels: list[Any]) -> Level:
    weight = made._match_weight
    if weight is None:
        raise NotUnderstood("a level without m or u")
    adjusts = made._has_tf_adjustments and made._tf_adjustment_weight and level.condition
    of = _adjustment(made, levels) if adjusts and level.number >= 0 else None
    return replace(level, weight=weight, adjusted=of)


def _adjustment(made: Any, levels: list[Any]) -> Adjustment:
    told = [level for level in levels if not level.is_null_level]
    u = made._u_probability_corresponding_to_exact_match(told)
    column = made._tf_adjustment_input_column
    weight, least = float(made._tf_adjustment_weight), float(made._tf_minimum_u_value)
    return Adjustment(column.input_name, math.log2(u), weight, least)


def rule_of(made: Any) -> Rule:
    """A blocking rule of Splink's."""
    if type(made).__name__ != "BlockingRule":
        raise NotUnderstood("a blocking rule that unnests lists")
    equal, besides = keys(made.blocking_rule_sql)
    if not equal:
        raise NotUnderstood("a blocking rule without an equality")
    if any(each.left != each.right for each in equal):
        raise NotUnderstood("a blocking rule across two columns")
    return Rule(tuple(dict.fromkeys(each.left for each in equal)), besides)


def turned(asked: Condition) -> Condition:
    """The same of the pair the other way round."""
    if isinstance(asked, And | Or):
        return type(asked)(tuple(turned(part) for part in asked.parts))
    if isinstance(asked, Not | IsTrue):
        return type(asked)(turned(asked.part))
    if isinstance(asked, Holds):
        return Holds("r" if asked.side == "l" else "l", asked.sql)
    return _with_sides(asked, asked.right, asked.left)


def _with_sides(asked: Any, left: str, right: str) -> Condition:
    rest = {n: getattr(asked, n) for n in asked.__slots__ if n not in ("left", "right")}
    made: Callable[..., Condition] = type(asked)
    return made(left=left, right=right, **rest)


def form(asked: Condition) -> object:
    """What two conditions that differ in the order of their parts have in common. An equality or
    a likeness of one expression in both records is the same either way."""
    if isinstance(asked, And | Or):
        return type(asked), frozenset(form(part) for part in asked.parts)
    inner = parts(asked)
    return (type(asked), form(inner[0])) if inner else asked
