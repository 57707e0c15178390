"""Which Splink model does every way of the linkage benchmark train and score with?"""

import math
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

Settings = dict[str, Any]
"""A Splink model as Splink writes it down."""

LIKENESS = [0.92, 0.88, 0.7]
FREQUENT = ("forename", "surname")
"""Rare values of these weigh more."""
THRESHOLD_WEIGHT = -5.0
THRESHOLD_PROBABILITY = 0.95

BLOCKED_ON = (
    ("postcode",),
    ("substr(postcode, 1, length(postcode) - 2)", "substr(dob, 1, 4)"),
    ("pnc",),
    ("surname", "dob"),
    ("forename", "surname", "substr(dob, 1, 4)"),
    ("forename", "dob", "substr(postcode, 1, 2)"),
    ("substr(surname, 1, 3)", "substr(forename, 1, 3)", "substr(dob, 6, 5)"),
)
"""Most pairs share a postcode, or its sector and the year of birth: pairs grow as records do."""

CERTAIN = (("forename", "surname", "dob"), ("pnc",))
RECALL = 0.6
U_PAIRS = 1e7
EM_ON = (
    ("dob", "substr(surname, 1, 1)"),
    ("forename", "surname", "postcode"),
    ("postcode", "sex"),
)
EM_PAIRS = 1e6

TIME = "try_strptime(\"dob\", '%Y-%m-%d')"
PART = "NULLIF(regexp_extract(\"postcode\", '^[A-Za-z]{{1,2}}{rest}', 0), '')"
DERIVED = {
    "dob_epoch": f"EPOCH({TIME})",
    "postcode_sector": PART.format(rest="[0-9][A-Za-z0-9]? [0-9]"),
    "postcode_district": PART.format(rest="[0-9][A-Za-z0-9]?"),
    "postcode_area": PART.format(rest=""),
}
"""What Splink's library computes of both records of every pair, as a column of its own."""


def plain() -> Settings:
    """The library's comparisons as they come; lean: no column of a pair is kept but its weight."""
    settings: Settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("forename", jaro_winkler_thresholds=LIKENESS).configure(
                term_frequency_adjustments=True
            ),
            cl.NameComparison("surname", jaro_winkler_thresholds=LIKENESS).configure(
                term_frequency_adjustments=True
            ),
            cl.JaroWinklerAtThresholds("middle", [0.88]),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("sex"),
            cl.ExactMatch("pnc"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in BLOCKED_ON],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    ).create_settings_dict("duckdb")
    return settings


def from_columns(settings: Settings) -> Settings:
    """The same model, whose conditions read the columns of DERIVED and parse nothing."""
    return {
        **settings,
        "comparisons": [
            comparison
            | {
                "comparison_levels": [
                    level | {"sql_condition": _read(level["sql_condition"])}
                    for level in comparison["comparison_levels"]
                ]
            }
            for comparison in settings["comparisons"]
        ],
    }


def _read(condition: str) -> str:
    # A date that cannot be read has no epoch either, so that the null level may ask for that.
    for column, computed in (*DERIVED.items(), ("dob_epoch", TIME)):
        source = computed.split('"')[1]
        for side in "lr":
            condition = condition.replace(
                computed.replace(f'"{source}"', f'"{source}_{side}"'), f'"{column}_{side}"'
            )
    return condition


def weighed_as(settings: Settings, trained: Settings) -> Settings:
    """These conditions with the probabilities of a trained model, level by level."""
    kept = ("m_probability", "u_probability")
    comparisons = [
        mine
        | {
            "comparison_levels": [
                level | {key: value for key, value in known.items() if key in kept}
                for level, known in zip(
                    mine["comparison_levels"], theirs["comparison_levels"], strict=True
                )
            ]
        }
        for mine, theirs in zip(settings["comparisons"], trained["comparisons"], strict=True)
    ]
    prior = "probability_two_random_records_match"
    return {**settings, "comparisons": comparisons, prior: trained[prior]}


def largest_difference(a: Settings, b: Settings) -> float:
    """How far two trained models are apart at most in the weight of any level or in the prior, in
    bits; infinite where one has estimated what the other has not."""
    apart = [0.0]
    for one, other in zip_longest(_weights(a), _weights(b)):
        if one is None or other is None:
            apart.append(0.0 if one is other else math.inf)
        else:
            apart.append(abs(one - other))
    return max(apart)


def _weights(trained: Mapping[str, Any]) -> Iterator[float | None]:
    prior = trained["probability_two_random_records_match"]
    yield math.log2(prior / (1 - prior))
    for comparison in trained["comparisons"]:
        for level in comparison["comparison_levels"]:
            m, u = level.get("m_probability"), level.get("u_probability")
            known = isinstance(m, int | float) and isinstance(u, int | float)
            yield math.log2(m / u) if known else None
