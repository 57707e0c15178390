"""Link: records and trained models -> edges, people at three thresholds, journeys."""

import json
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.tables import JOURNEYS, PEOPLE
from datafirst.errors import SpecificationError
from datafirst.link.cluster import cluster
from datafirst.link.journeys import journeys
from datafirst.link.score import score
from datafirst.parts import write
from datafirst.run import Made, once
from datafirst.scratch import Scratch
from datafirst.spec import Ladder, LinkModel, Thresholds

from . import ladders
from .apart import taken_apart
from .records import Cleaned, counted, datasets_of, make_records
from .release import Plan, plan

ORDER = {
    "edges": ("dataset_l", "_row_l", "dataset_r", "_row_r"),
    "people": ("dataset", "_row"),
    "journeys": ("left_dataset", "left_row", "right_dataset", "right_row"),
    **ladders.ORDER,
}
"""What is kept, each in its total order."""


def link(release: str) -> dict[str, Any]:
    """Decides which records are one person and which cases one journey, with trained models.

    Raises LinkageRefused where a model does not fit the specification any more or a blocking
    rule explodes.
    """
    made = plan(release)
    models = [made.spec.linkage.models[name] for name in made.release.models]

    def work(folder: Scratch) -> Made:
        with folder.connect() as con:
            found: Cleaned = {}
            asking: list[LinkModel | Ladder] = [*models, *ladders.ladders_of(made)]
            records = make_records(con, made, asking, folder, found)
            compared = {dataset.id: records[dataset.id] for dataset in datasets_of(made, models)}
            counts = {"records": counted(con, compared), "pairs": {}, "cleaned": found}
            result = Made(counts=counts)
            _people(con, made, models, records, result, folder)
            _journeys(con, made, models, records, result)
            result.counts["ladders"] = ladders.climbed(con, made, records)
            for table in ORDER:
                _keep(con, table, folder, result)
        return result

    record = once(made.store("index"), made.place, "link", made.inputs, work, made.settings)
    rows = {table: sum(a.rows or 0 for a in record.of(table)) for table in ORDER}
    told = {name: n for name, n in record.counts.items() if name != "ladders"}
    return {"place": made.place, **told, "rows": rows["people"], "rows_of": rows}


def _people(
    con: DuckDBPyConnection,
    made: Plan,
    models: list[LinkModel],
    records: dict[str, str],
    to: Made,
    folder: Scratch,
) -> None:
    """Each pair of records is scored by one model; all edges are clustered once, and clusters
    that cannot be one person are cut."""
    con.execute(
        "CREATE TABLE edges (dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT, "
        "match_weight DOUBLE, match_probability DOUBLE, model VARCHAR)"
    )
    limits = made.release.thresholds or Thresholds(strict=0, standard=0, loose=0)
    compared = [model for model in models if model.produces == "people"]
    for model in compared:
        to.counts["pairs"][model.id] = score(
            con, made.spec, trained(made, model), records, limits.loose, into="scored"
        )
        con.execute("INSERT INTO edges FROM scored; DROP TABLE scored")
    named = {dataset.id: records[dataset.id] for dataset in datasets_of(made, compared)}
    if not named:  # deterministic rules alone link this release
        listed = ", ".join(f'"{column}" {kind}' for column, kind in PEOPLE.items())
        con.execute(f"CREATE TABLE people ({listed})")
        return
    cluster(con, named, "edges", limits, into="people")
    to.counts["impossible"] = taken_apart(con, made, limits, folder)


def _journeys(
    con: DuckDBPyConnection, made: Plan, models: list[LinkModel], records: dict[str, str], to: Made
) -> None:
    cases = [model for model in models if model.produces == "journeys"]
    above = made.release.journeys_above
    if cases and above is None:
        raise SpecificationError(
            f"releases/{made.release.version}.toml: say journeys_above, the match weight above "
            "which two cases are one journey"
        )
    listed = ", ".join(f'"{column}" {kind}' for column, kind in JOURNEYS.items())
    con.execute(f"CREATE TABLE journeys ({listed})")
    for model in cases:
        to.counts["pairs"][model.id] = score(
            con, made.spec, trained(made, model), records, above or 0.0, into="scored"
        )
        journeys(con, model, records, "scored", above or 0.0, into="found")
        con.execute("INSERT INTO journeys FROM found; DROP TABLE found; DROP TABLE scored")


def trained(made: Plan, model: LinkModel) -> dict[str, Any]:
    """What training a model of the release kept."""
    [artefact] = made.models[model.id].artefacts
    kept: dict[str, Any] = json.loads(made.store("index").read(artefact.key))
    return kept


def _keep(con: DuckDBPyConnection, table: str, folder: Scratch, to: Made) -> None:
    for part in write(con, f"FROM {table}", ORDER[table], folder / table):
        to.add(f"{table}/{part.name}", part.path, part.rows)
