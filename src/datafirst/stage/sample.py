"""Sample: a release's people and edges -> pairs of records for clerical review.

The sample is kept beside the edges, where identifiers may be; what reviewers work with is written
to a folder on demand, for its owner only.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.errors import SpecificationError
from datafirst.link.read import fields_read
from datafirst.parts import write
from datafirst.quality import review
from datafirst.quality.groups import groups
from datafirst.quality.sample import sample as draw
from datafirst.quality.settled import disputed
from datafirst.run import Made, Record, bring, identity, once
from datafirst.scratch import Scratch, scratch
from datafirst.spec import LinkField, LinkModel
from datafirst.spec.groups import FIELDS
from datafirst.store import Store

from .drawn import KNOWN, SAMPLES, STAGE, Drawn, reviewed
from .records import make_records
from .release import Plan, plan

REVIEW = "review.json"
KNOWN_ORDER = ("kind", "category", "stratum", "together")


def sample(
    release: str, pairs: int, seed: int = 1, to: Path | None = None, in_dispute: bool = False
) -> dict[str, Any]:
    """Draws that many pairs of a linked release, once, and writes them for reviewers into `to`:
    all, or those on which reviewers differ.

    Raises RunRefused where the release has not been linked, SpecificationError where no model
    links it or so few pairs would say nothing.
    """
    made = plan(release)
    linked = made.done("index", "link")
    inputs = {"linked": linked.digest, "pairs": pairs, "seed": seed}
    drawn = Drawn(release, f"{made.place}/{SAMPLES}/{identity(inputs)[:12]}")
    index = made.store("index")
    record = once(
        index,
        drawn.place,
        STAGE,
        inputs,
        lambda folder: _drawn(made, linked, pairs, seed, folder),
        made.settings,
    )
    told: dict[str, Any] = {"sample": drawn.id, "place": drawn.place, **record.counts}
    if to is not None:
        with scratch(made.settings) as folder:
            told["written"] = _written(made, drawn, record, to, in_dispute, folder)
    return told


def _drawn(made: Plan, linked: Record, pairs: int, seed: int, folder: Scratch) -> Made:
    models = [made.spec.linkage.models[name] for name in made.release.models]
    models = [model for model in models if model.produces == "people"]
    if not models:
        raise SpecificationError(
            f"release {made.release.version}: no model says who is who in it, so that there is "
            "nothing to review"
        )
    with folder.connect() as con:
        for table in ("people", "edges"):
            paths = bring(made.store("index"), linked.of(table), folder.folder)
            con.execute(f"CREATE VIEW {table} AS FROM {files(paths)}")
        records = make_records(con, made, models, folder, also=FIELDS)
        groups(con, made.spec, records, into="grouped")
        result = Made(counts=draw(con, records, pairs, seed, _standards(models)))
        for part in write(con, "FROM sample", ("pair_id",), folder / "sample"):
            result.add(f"sample/{part.name}", part.path, part.rows)
        for part in write(con, "FROM sample_known", KNOWN_ORDER, folder / KNOWN):
            result.add(f"{KNOWN}/{part.name}", part.path, part.rows)
        shown = [asdict(pair) for pair in review.pairs(con, _compared(made, models), records)]
    path = folder / REVIEW
    path.write_text(json.dumps(shown, sort_keys=True) + "\n", encoding="utf-8")
    result.add(REVIEW, path)
    return result


def _compared(made: Plan, models: list[LinkModel]) -> dict[str, LinkField]:
    """What reviewers see: the fields that a model compares, and not those that groups are of."""
    read = set(fields_read(made.spec, models))
    return {name: field for name, field in made.spec.linkage.fields.items() if name in read}


def _standards(models: list[LinkModel]) -> dict[tuple[str, str], float]:
    return {
        pair: model.thresholds.standard
        for model in models
        if model.thresholds
        for pair in model.pairs
    }


def _written(
    made: Plan, drawn: Drawn, record: Record, to: Path, in_dispute: bool, folder: Scratch
) -> dict[str, Any]:
    """What the reviewers work with. Only its owner may read it."""
    index = made.store("index")
    [kept] = [artefact for artefact in record.artefacts if artefact.name == REVIEW]
    [path] = bring(index, (kept,), folder.folder)
    shown = [review.pair(each) for each in json.loads(path.read_text(encoding="utf-8"))]
    if in_dispute:
        with folder.connect() as con:
            open_pairs = _open(con, index, drawn, folder)
        shown = [pair for pair in shown if pair.pair_id in open_pairs]
    titles = {name: dataset.title for name, dataset in made.spec.linkage.datasets.items()}
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    of = f"release {drawn.release}"
    _private(to / "review.html", review.page(of, drawn.id, shown, titles))
    _private(to / "review.csv", review.sheet(shown))
    return {"pairs": len(shown), "folder": str(to), "files": ["review.html", "review.csv"]}


def _open(con: DuckDBPyConnection, index: Store, drawn: Drawn, folder: Scratch) -> set[int]:
    """The pairs on which reviewers differ and nobody has adjudicated."""
    reviewed(con, index, drawn, folder)
    rows = con.execute("SELECT pair_id FROM settled WHERE decided_by = 'open'").fetchall()
    return {pair for (pair,) in rows} & disputed(con).keys()


def _private(path: Path, text: str) -> None:
    """Writes a file that nobody else may read, whatever stood there before."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
