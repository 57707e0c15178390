"""Link: records and trained models -> edges, people at three thresholds, journeys."""

import json
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.tables import JOURNEYS, PEOPLE
from datafirst.derive.typed import files
from datafirst.link.bands import band
from datafirst.link.by import By, workers
from datafirst.link.cluster import cluster
from datafirst.link.frequencies import table_of
from datafirst.link.journeys import journeys
from datafirst.link.nested import nested
from datafirst.link.read import fields_read
from datafirst.link.renewed import fingerprints, reused
from datafirst.link.score import prior_weight, score
from datafirst.link.spark.session import Place
from datafirst.parts import write
from datafirst.run import Made, bring, once
from datafirst.scratch import Scratch
from datafirst.spec import Ladder, LinkModel

from . import drift, ids, ladders, renewal
from .apart import bridged, taken_apart
from .records import Cleaned, counted, datasets_of, make_records
from .release import Plan, plan
from .train import FREQUENCIES

ORDER = {
    "edges": ("dataset_l", "_row_l", "dataset_r", "_row_r"),
    "people": ("dataset", "_row"),
    "fingerprints": ("model", "dataset", "_row"),
    "journeys": ("left_dataset", "left_row", "right_dataset", "right_row"),
    **ids.ORDER,
    **ladders.ORDER,
}
"""What is kept, each in its total order."""


def link(release: str) -> dict[str, Any]:
    """Decides which records are one person and which cases one journey, with trained models.

    Raises LinkageRefused where a model does not fit the specification any more, a blocking
    rule explodes, too few people keep the ids that they had, or linkage has drifted from the
    previous release beyond its bounds.
    """
    made = plan(release)
    models = [made.spec.linkage.models[name] for name in made.release.models]

    def work(folder: Scratch) -> Made:
        with folder.connect() as con:
            found: Cleaned = {}
            asking: list[LinkModel | Ladder] = [*models, *ladders.ladders_of(made)]
            records = make_records(con, made, asking, folder, found)
            compared = {dataset.id: records[dataset.id] for dataset in datasets_of(made, models)}
            counts = {
                "records": counted(con, compared),
                "pairs": {},
                "compared_by": {},
                "scored": {},
                "cleaned": found,
            }
            result = Made(counts=counts)
            _people(con, made, models, records, result, folder)
            result.counts["ids"] = ids.named(con, made, folder)
            nested(con, "people")
            _journeys(con, made, models, records, result, folder)
            result.counts["ladders"] = ladders.climbed(con, made, records)
            learned = {model.id: trained(made, model) for model in models}
            drift.compared(con, made, learned, compared, result)
            for table in ORDER:
                _keep(con, table, folder, result)
        return result

    record = once(made.store("index"), made.place, "link", made.inputs, work, made.settings)
    rows = {table: sum(a.rows or 0 for a in record.of(table)) for table in ORDER}
    long = ("ladders", "profile", "drift")
    told = {name: n for name, n in record.counts.items() if name not in long}
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
        "match_weight DOUBLE, match_probability DOUBLE, model VARCHAR, strength TINYINT)"
    )
    compared = [model for model in models if model.produces == "people"]
    named = {dataset.id: records[dataset.id] for dataset in datasets_of(made, compared)}
    before = renewal.begin(con, made, folder)
    with workers(_compared_by(made, folder)):
        for model in compared:
            _scored(con, made, model, named, to, folder, before)
    if not named:  # deterministic rules alone link this release
        listed = ", ".join(f'"{column}" {kind}' for column, kind in PEOPLE.items())
        con.execute(f"CREATE TABLE people ({listed})")
        return
    cluster(con, named, "edges", into="people")
    # Bridges first: rules that look for pairs within people find no giants to look through.
    to.counts["bridges"] = bridged(con, made)
    to.counts["impossible"] = taken_apart(con, made, named, folder)
    band(con, made.spec, compared, named)


def _scored(
    con: DuckDBPyConnection,
    made: Plan,
    model: LinkModel,
    records: dict[str, str],
    to: Made,
    folder: Scratch,
    before: renewal.Before | None,
) -> None:
    """The model's edges: those that still hold, and those of records that are new or changed."""
    learned = with_frequencies(con, made, model, folder)
    there = {name: records[name] for name in model.datasets if name in records}
    fingerprints(con, model.id, fields_read(made.spec, [model]), there, into="fingerprints")
    prior = prior_weight(learned, counted(con, there)) if len(there) >= model.least else None
    held = before.scored(made, model, prior) if before and prior is not None else None
    renewed = renewal.told_apart(con, model) if held is not None else {}
    changed = renewal.CHANGED if renewed else None
    how = _compared_by(made, folder)
    found = score(con, made.spec, learned, records, into="scored", changed=changed, by=how)
    con.execute("INSERT INTO edges FROM scored")
    to.counts["pairs"][model.id], to.counts["compared_by"][model.id] = found.pairs, found.by
    told = {"basis": renewal.basis(made, model), "prior": found.prior, **renewed}
    told["edges_reused"] = 0
    if held is not None and prior is not None:
        reused(con, model, "edges_before", renewal.SAME, (held, prior), into="scored")
        con.execute("INSERT INTO edges FROM scored")
        [(told["edges_reused"],)] = con.execute("SELECT count(*) FROM scored").fetchall()
    con.execute("DROP TABLE scored")
    to.counts["scored"][model.id] = told


def _journeys(
    con: DuckDBPyConnection,
    made: Plan,
    models: list[LinkModel],
    records: dict[str, str],
    to: Made,
    folder: Scratch,
) -> None:
    listed = ", ".join(f'"{column}" {kind}' for column, kind in JOURNEYS.items())
    con.execute(f"CREATE TABLE journeys ({listed})")
    for model in (model for model in models if model.produces == "journeys"):
        learned = with_frequencies(con, made, model, folder)
        how = _compared_by(made, folder)
        found = score(con, made.spec, learned, records, into="scored", by=how)
        to.counts["pairs"][model.id], to.counts["compared_by"][model.id] = found.pairs, found.by
        journeys(con, model, records, "scored", into="found")
        con.execute("INSERT INTO journeys FROM found; DROP TABLE found; DROP TABLE scored")


def _compared_by(made: Plan, folder: Scratch) -> By:
    """What compares pairs in this deployment."""
    asked = made.settings
    place = Place(asked.spark_master, folder.folder)
    return By(asked.engine, asked.threads, place)


def with_frequencies(
    con: DuckDBPyConnection, made: Plan, model: LinkModel, folder: Scratch
) -> dict[str, Any]:
    """A trained model of the release, whose frequencies become a view."""
    shares = made.models[model.id].of(FREQUENCIES)
    brought = files(bring(made.store("index"), shares, folder / "models" / model.id))
    con.execute(f"CREATE OR REPLACE VIEW {table_of(model)} AS FROM {brought}")
    return trained(made, model)


def trained(made: Plan, model: LinkModel) -> dict[str, Any]:
    """What training a model of the release found."""
    [artefact] = [a for a in made.models[model.id].artefacts if a.name == "model.json"]
    kept: dict[str, Any] = json.loads(made.store("index").read(artefact.key))
    return kept


def _keep(con: DuckDBPyConnection, table: str, folder: Scratch, to: Made) -> None:
    for part in write(con, f"FROM {table}", ORDER[table], folder / table):
        to.add(f"{table}/{part.name}", part.path, part.rows)
