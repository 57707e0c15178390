"""How well does plain Splink do on the historical figures, at best? Its models, rebuilt.

`documentation` is the model of Splink's own worked example for these data (its blocking rules,
comparisons and training, as its documentation has them). `wide` blocks more widely and weighs the
rarity of names. Connected records at a probability are people. The best probability of each is read
off the labels and so flatters it; it is marked.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.quality.truth import PeopleQuality, people_quality
from datafirst.spec import Bridges

FIXED = 8.0
"""The match weight at which the models of this project take two records for one person."""

PROBABILITIES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)

DOCUMENTED = (
    ("substr(first_name,1,3)", "substr(surname,1,4)"),
    ("surname", "dob"),
    ("first_name", "dob"),
    ("postcode_fake", "first_name"),
    ("postcode_fake", "surname"),
    ("dob", "birth_place"),
    ("substr(postcode_fake,1,3)", "dob"),
    ("substr(postcode_fake,1,3)", "first_name"),
    ("substr(postcode_fake,1,3)", "surname"),
    ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
)
WIDE = (
    *DOCUMENTED,
    ("surname",),
    ("substr(surname,1,3)", "substr(first_name,1,1)"),
    ("first_name", "birth_place"),
    ("substr(postcode_fake,1,5)",),
    ("birth_place", "occupation"),
)
RULES = (
    "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
    "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
    "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
)


def _documented() -> list[Any]:
    return [
        cl.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
        ),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]


def _wide() -> list[Any]:
    return [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("dob", [1, 2]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("postcode_fake", [1, 2]),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        cl.ExactMatch("gender"),
    ]


MODELS = {"documentation": (DOCUMENTED, _documented), "wide": (WIDE, _wide)}


def lines(figures: Path, rule: Bridges) -> Iterator[str]:
    """A table: what each model reaches at the fixed weight and at each probability, and what it
    would with this project's rule against people who hang together by little."""
    yield "\n## Splink itself, historical figures\n"
    yield "| model | pairs compared | blocking recall | at | P / R / F1 / B3 (largest) |"
    yield "|---|---|---|---|---|"
    for name, (rules, compared) in MODELS.items():
        with duckdb.connect() as con:
            con.execute("SET threads = 2; SET memory_limit = '3GB'")
            con.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")
            yield from _model(con, name, rules, compared(), figures, rule)


def _model(
    con: duckdb.DuckDBPyConnection,
    name: str,
    rules: Any,
    compared: list[Any],
    figures: Path,
    rule: Bridges,
) -> Iterator[str]:
    con.execute(
        "CREATE TABLE figures AS SELECT *, first_name || ' ' || surname AS "
        f"first_name_surname_concat FROM read_parquet('{figures}')"
    )
    con.execute(
        "CREATE TABLE truth AS SELECT 'figures' AS dataset, unique_id AS record_id, "
        "cluster AS person_id FROM figures"
    )
    db = DuckDBAPI(con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=compared,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )
    linker = Linker(db.register("figures"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(list(RULES), recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for blocked in (block_on("first_name", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(blocked, max_pairs=1e6)
    edges = linker.inference.predict(threshold_match_weight=-30)
    pairs, right = _counted(con, edges.physical_name)
    found = {
        f"weight {FIXED:g}": _people(con, linker, edges, FIXED),
        **{f"probability {p}": _people(con, linker, edges, _weight(p)) for p in PROBABILITIES},
    }
    best = max(found, key=lambda at: found[at][0])
    found[f"weight {FIXED:g}, cut by this project's rule"] = _cut(con, edges.physical_name, rule)
    for at, (_, scores) in found.items():
        said = f"{at} (best, by the labels)" if at == best else at
        yield f"| {name} | {pairs:,} | {right:.4f} | {said} | {scores} |"


def _counted(con: duckdb.DuckDBPyConnection, edges: str) -> tuple[int, float]:
    """How many pairs were compared, and which share of all true pairs they hold."""
    con.execute(
        f"SELECT count(*), count(*) FILTER (l.cluster = r.cluster) / (SELECT sum(n * (n - 1) / 2) "
        "FROM (SELECT count(*) AS n FROM figures GROUP BY cluster)) "
        f"FROM {edges} JOIN figures AS l ON l.unique_id = unique_id_l "
        "JOIN figures AS r ON r.unique_id = unique_id_r"
    )
    [(pairs, share)] = con.fetchall()
    return int(pairs), float(share)


def _people(
    con: duckdb.DuckDBPyConnection, linker: Linker, edges: Any, weight: float
) -> tuple[float, str]:
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        edges, threshold_match_weight=weight
    ).physical_name
    people = (
        f"(SELECT 'figures' AS dataset, unique_id AS record_id, cluster_id AS person_standard "
        f"FROM {found})"
    )
    return _told(people_quality(con, people, "truth"))


def _cut(con: duckdb.DuckDBPyConnection, edges: str, rule: Bridges) -> tuple[float, str]:
    con.execute(
        "CREATE TABLE records AS SELECT 'figures' AS dataset, unique_id AS record_id, "
        "row_number() OVER (ORDER BY unique_id) AS _row, 0 AS variant FROM figures"
    )
    con.execute(
        "CREATE TABLE edges AS SELECT 'figures' AS dataset_l, l._row AS _row_l, "
        "'figures' AS dataset_r, r._row AS _row_r, match_weight, 'wide' AS model, "
        f"2::TINYINT AS strength FROM {edges} JOIN records AS l ON l.record_id = unique_id_l "
        f"JOIN records AS r ON r.record_id = unique_id_r WHERE match_weight >= {FIXED}"
    )
    cluster(con, {"figures": "records"}, "edges")
    cut_at_bridges(con, "people", "edges", rule)
    return _told(people_quality(con, "people", "truth"))


def _told(quality: PeopleQuality) -> tuple[float, str]:
    shares = (
        quality.pairs.precision,
        quality.pairs.recall,
        quality.pairs.f1,
        quality.b_cubed.f1,
    )
    said = " / ".join(f"{share:.4f}".lstrip("0") for share in shares)
    return quality.pairs.f1, f"{said} ({quality.largest_cluster})"


def _weight(probability: float) -> float:
    return math.log2(probability / (1 - probability))
