"""What is reported on in the tests? Two courts, made by hand, with a name that is nowhere else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from datafirst.derive.tables import JOURNEYS
from datafirst.link.lasting import lasting
from datafirst.link.settings import settings
from datafirst.quality.groups import groups
from datafirst.quality.report import Linked
from datafirst.spec import LinkModel, Specification, load

CONFIG = Path(__file__).parents[3] / "config"
MODELS = ("magistrates", "crown", "magistrates_crown")
NAME = "QUIXOTRY"
"""Stands in every field of every record, and may stand nowhere in a report."""

RECORDS = """
CREATE TABLE records_{dataset} AS
SELECT '{dataset}' AS dataset, i AS _row, 0 AS variant, '{name}/' || i AS record_id,
       {fields},
       CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END AS sex,
       CASE WHEN i % 4 = 0 THEN DATE '1980-01-01' + i::INTEGER END AS date_of_birth,
       DATE '2020-01-01' AS recorded_on, 'LS' AS postcode_area, 'W1' AS ethnicity
FROM range({n}) t(i)"""

EDGES = """
CREATE TABLE edges AS
SELECT dataset_l, l::BIGINT AS _row_l, dataset_r, r::BIGINT AS _row_r, weight AS match_weight,
       1.0 AS match_probability, model,
       (CASE WHEN weight >= 14 THEN 3 WHEN weight >= 8 THEN 2 WHEN weight >= 4 THEN 1 ELSE 0 END
        )::TINYINT AS strength
FROM (SELECT 'magistrates', 2 * i, 'magistrates', 2 * i + 1, 15.5, 'magistrates'
      FROM range(50) t(i)
      UNION ALL SELECT 'crown', i, 'magistrates', 2 * i, 9.25, 'magistrates_crown'
      FROM range(40) t(i)
      UNION ALL VALUES ('crown', 41, 'crown', 42, 1.5, 'crown'))
     t(dataset_l, l, dataset_r, r, weight, model)"""


@dataclass(frozen=True)
class Pretended:
    con: duckdb.DuckDBPyConnection
    linked: Linked


def specification() -> Specification:
    return load(CONFIG)


def learned(spec: Specification, model: LinkModel) -> dict[str, Any]:
    """A trained model, by hand: the first level of a comparison is rare by chance, the last is
    rare in a match."""
    made = settings(spec, model)
    for comparison in made["comparisons"]:
        levels = [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        for place, level in enumerate(levels):
            rest = 0.1 / (len(levels) - 1)
            level["m_probability"] = 0.9 if place == 0 else rest
            level["u_probability"] = 0.9 if place == len(levels) - 1 else rest
    made["probability_two_random_records_match"] = 1 / 1025
    return {
        "model": model.id,
        "version": model.version,
        "records": dict.fromkeys(model.datasets, 100),
        "never_seen": [],
        "uneven": [],
        "pairs": {"prior": {}, "em": {}},
        "sessions": [],
        "known": {},
        "splink": made,
    }


def pretended(spec: Specification) -> Pretended:
    con = duckdb.connect()
    fields = ("forename1", "forename2", "surname", "postcode", "pnc", "cro")
    for dataset, n in (("magistrates", 200), ("crown", 60)):
        columns = ", ".join(f"'{NAME}' AS {field}" for field in fields)
        con.execute(RECORDS.format(dataset=dataset, name=NAME, fields=columns, n=n))
    con.execute(EDGES)
    con.execute(
        "CREATE TABLE people AS WITH each AS (FROM records_magistrates UNION ALL FROM "
        "records_crown), person AS (SELECT dataset, record_id, _row, CASE WHEN dataset = "
        "'magistrates' AND _row < 100 THEN _row // 2 WHEN dataset = 'crown' AND _row < 40 THEN "
        "_row END AS n FROM each) SELECT dataset, record_id, _row, "
        f"coalesce('{NAME}' || n, record_id) AS person_strict, person_strict AS person_standard, "
        "person_strict AS person_loose, person_strict AS dataset_person, NULL::VARCHAR AS flag, "
        "CASE WHEN n IS NOT NULL THEN 'ABCD'[(n % 4 + 1)::INTEGER] END AS band FROM person"
    )
    columns = ", ".join(f'"{column}" {kind}' for column, kind in JOURNEYS.items())
    con.execute(f"CREATE TABLE journeys ({columns})")
    lasting(con, "people", "2021-03", None)
    for model in MODELS:
        own = spec.linkage.models[model].datasets
        each = " UNION ALL ".join(
            f"SELECT dataset, _row, _row % 20 - 2.0 AS match_weight FROM records_{d}" for d in own
        )
        con.execute(f"CREATE TABLE alone_{model} AS {each}")
    records = {name: f"records_{name}" for name in ("magistrates", "crown")}
    groups(con, spec, records)
    release = spec.releases["2021-03"].model_copy(update={"models": MODELS, "previous": None})
    counts = {
        "records": {"magistrates": 200, "crown": 60},
        "pairs": {"crown": {"surname_3, date_of_birth_year": 1234}, "magistrates": {"pnc": 5}},
        "cleaned": {"crown": {"forename1": {"single letters are dropped": 6}}},
        "ladders": {},
    }
    trained = {name: learned(spec, spec.linkage.models[name]) for name in MODELS}
    alone = {name: f"alone_{name}" for name in MODELS}
    known = (*fields, "sex", "date_of_birth")
    return Pretended(con, Linked(spec, release, counts, trained, records, alone, known))
