"""What is trained once for all tests of linkage? The courts' own models, on invented people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.link.cluster import cluster
from datafirst.link.score import score
from datafirst.link.train import train
from datafirst.spec import Specification, Training, load

from .population import populate

CONFIG = Path(__file__).parents[3] / "config"
MODELS = ("magistrates", "magistrates_crown", "journeys")


@dataclass(frozen=True)
class Courts:
    """Two courts' records, the models trained on them, and what the models found."""

    con: duckdb.DuckDBPyConnection
    spec: Specification
    records: dict[str, str]
    trained: dict[str, dict[str, Any]]


def lighter(spec: Specification) -> Specification:
    """The specification with smaller samples, for the sake of time, and without a rule for EM that
    is refused here: people live in so few districts that EM takes neighbours for matches."""
    models = {
        name: model.model_copy(update={"training": _lighter(model.training)})
        for name, model in spec.linkage.models.items()
    }
    return spec.model_copy(update={"linkage": spec.linkage.model_copy(update={"models": models})})


def _lighter(training: Training) -> Training:
    rules = tuple(rule for rule in training.em_rules if "postcode_district" not in rule)
    return training.model_copy(update={"u_max_pairs": 200_000, "em_rules": rules})


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """For expressions: it has no tables."""
    made = duckdb.connect()
    yield made
    made.close()


@pytest.fixture(scope="session")
def spec() -> Specification:
    return lighter(load(CONFIG))


@pytest.fixture(scope="session")
def courts(spec: Specification) -> Iterator[Courts]:
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '1GB'")
    records = populate(con, spec, 2500)
    trained = {m: train(con, spec, spec.linkage.models[m], records) for m in MODELS}
    for name in MODELS:
        score(con, spec, trained[name], records, into=f"edges_{name}")
    people = " UNION ALL ".join(f"SELECT * FROM edges_{m}" for m in MODELS if m != "journeys")
    con.execute(f"CREATE VIEW edges_of_people AS {people}")
    cluster(con, records, "edges_of_people")
    yield Courts(con, spec, records, trained)
    con.close()
