"""Evaluate: people and journeys as found -> how right they are, by the truth and by review."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files, typed
from datafirst.errors import SourceError
from datafirst.quality.banded import banded
from datafirst.quality.group_truth import group_truth
from datafirst.quality.groups import groups
from datafirst.quality.journeys_truth import journeys_by_kind, journeys_by_shape
from datafirst.quality.truth import (
    Agreement,
    PeopleQuality,
    between,
    journeys_quality,
    people_quality,
)
from datafirst.run import Record, bring
from datafirst.scratch import Scratch, scratch
from datafirst.settings import settings
from datafirst.spec.groups import FIELDS
from datafirst.spec.linkage import LEVELS

from . import ladders
from .estimated import estimated
from .landed import landed_table
from .records import datasets_of, make_records
from .release import Plan, plan

KIND = (
    "CASE WHEN person_id IS NULL THEN 'company' WHEN case_type = 'T' THEN 'for trial' "
    "WHEN case_type = 'S' THEN 'for sentence' WHEN case_type = 'A' THEN 'on appeal' END"
)
"""What a Crown Court case is, by its planted type; companies are defendants who are not linked."""

TRUTH = "CREATE TABLE truth (dataset VARCHAR, record_id VARCHAR, person_id VARCHAR)"


def evaluate(release: str, truth: Path | None = None) -> dict[str, Any]:
    """Precision, recall and F1 of pairs, and cluster scores, at each threshold; and of journeys.

    The truth is a variable of the data (where a dataset names one) or a folder with
    records/*.parquet (dataset, record_id, person_id) and journeys/*.parquet (crown_record_id,
    magistrates_record_id, case_type). Where a sample was reviewed, `estimates` say what reviewers
    found, and there may be no truth. Raises SourceError where there is neither.
    """
    made = plan(release)
    linked = made.done("index", "link")
    with scratch(settings()) as folder, folder.connect() as con:
        for table in ("people", "journeys", "matches", "individuals"):
            paths = bring(made.store("index"), linked.of(table), folder.folder)
            con.execute(f"CREATE VIEW {table} AS FROM {files(paths)}")
        told = {
            "release": release,
            "records": linked.counts["records"],
            "estimates": estimated(con, made, folder),
        }
        apart = truth or settings().truth_folder
        try:
            _truth(con, made, apart, folder)
            _covers(con, apart, EVERYBODY)
        except SourceError:
            if truth is not None or told["estimates"] is None:
                raise
            return {**told, **WITHOUT_TRUTH}
        journeys = _journeys(con, apart)
        answer = {
            **told,
            "people": dict(_people(con, sorted(linked.counts["records"]))),
            "between": dict(_between(con, sorted(linked.counts["records"]))),
            "bands": [asdict(each) for each in banded(con, "people", "truth")],
            "journeys": journeys,
            "cases": _cases(con) if journeys else {},
            "groups": _groups(con, made, folder),
            "ladders": _ladders(con, made, linked, folder),
        }
    return answer


EVERYBODY = (
    "(SELECT dataset, record_id FROM people UNION SELECT dataset, record_id FROM individuals)"
)
WITHOUT_TRUTH: dict[str, Any] = {
    "people": {}, "between": {}, "bands": [], "journeys": {}, "cases": {}, "groups": [],
    "ladders": {},
}  # fmt: skip
"""What can only be told by a truth."""


def _truth(con: DuckDBPyConnection, made: Plan, apart: Path, folder: Scratch) -> None:
    con.execute(TRUTH)
    models = [made.spec.linkage.models[name] for name in made.release.models]
    unlabelled = []
    for dataset in datasets_of(made, [*models, *ladders.ladders_of(made)]):
        if dataset.truth is None:
            unlabelled.append(dataset.id)
            continue
        table = made.spec.systems[dataset.system].tables[dataset.table]
        key = ", ".join(f'"{column}"' for column in table.key)
        rows = typed(landed_table(made, table.id, folder))
        con.execute(
            f"INSERT INTO truth SELECT '{dataset.id}', concat_ws('/', {key}), "
            f'"{dataset.truth}"::VARCHAR FROM ({rows})'
        )
    if not unlabelled:
        return
    paths = sorted((apart / "records").glob("*.parquet"))
    if not paths:
        raise SourceError(
            f"no truth about {', '.join(unlabelled)} in {apart / 'records'}: `datafirst "
            "synthesise` keeps it there, or name its folder with --truth"
        )
    con.execute(f"INSERT INTO truth SELECT dataset, record_id, person_id FROM {files(paths)}")


def _covers(con: DuckDBPyConnection, apart: Path, found: str = "people") -> None:
    """The truth is about these very records, each once: else perfect scores would mean nothing."""
    counted = con.execute(
        f"SELECT count(*), count(t.n), count(*) FILTER (t.n > 1) FROM {found} LEFT JOIN "
        "(SELECT dataset, record_id, count(*) AS n FROM truth WHERE person_id IS NOT NULL "
        "GROUP BY ALL) t USING (dataset, record_id)"
    ).fetchall()[0]
    records, labelled, twice = counted
    if labelled < records or twice or not records:
        raise SourceError(
            f"the truth (in {apart}, where it stands apart from the data) labels {labelled:,} of "
            f"{records:,} records, {twice:,} of them more than once: it is not the truth about "
            "these sources. Sources that were invented anew need a new snapshot"
        )


def _people(con: DuckDBPyConnection, datasets: list[str]) -> Iterator[tuple[str, Any]]:
    for level in LEVELS if datasets else ():
        yield f"all, {level}", _told(people_quality(con, "people", "truth", f"person_{level}"))
    for dataset in datasets if len(datasets) > 1 else ():
        own = f"(SELECT * FROM people WHERE dataset = '{dataset}')"
        yield f"{dataset} alone", _told(people_quality(con, own, "truth", "dataset_person"))


def _between(con: DuckDBPyConnection, datasets: list[str]) -> Iterator[tuple[str, Any]]:
    """Every two datasets, whether a model compares them or others bridge them."""
    for left, right in combinations(datasets, 2):
        yield f"{left} and {right}", _scores(between(con, "people", "truth", left, right))


def _groups(con: DuckDBPyConnection, made: Plan, folder: Scratch) -> list[dict[str, Any]]:
    """How right the links of each group are. The records are made again, for who is in which."""
    models = [made.spec.linkage.models[name] for name in made.release.models]
    models = [model for model in models if model.produces == "people"]
    records = make_records(con, made, models, folder, also=FIELDS)
    groups(con, made.spec, records)
    for table in records.values():
        con.execute(f'DROP TABLE "{table}"')
    return [
        {"by": g.by, "category": g.category, "linked": g.linked, "true": g.true,
         **_scores(g.agreement)}
        for g in group_truth(con, "people", "truth")
    ]  # fmt: skip


def _told(quality: PeopleQuality) -> dict[str, Any]:
    return {**asdict(quality), "pairs": _scores(quality.pairs), "b_cubed": _scores(quality.b_cubed)}


def _scores(agreement: Agreement) -> dict[str, float | None]:
    return {**asdict(agreement), "f1": agreement.f1}


def _journeys(con: DuckDBPyConnection, apart: Path) -> dict[str, Any]:
    paths = sorted((apart / "journeys").glob("*.parquet"))
    found = con.execute("SELECT count(*) FROM journeys").fetchall()[0][0]
    if not paths or not found:
        return {}
    con.execute(
        "CREATE VIEW true_journeys AS SELECT magistrates_record_id AS left_record_id, "
        f"crown_record_id AS right_record_id, {KIND} AS kind FROM {files(paths)} "
        "LEFT JOIN truth ON dataset = 'crown' AND record_id = crown_record_id"
    )
    return {
        "all links": _scores(journeys_quality(con, "journeys", "true_journeys")),
        "best links": _scores(journeys_quality(con, "journeys", "true_journeys", best=True)),
    }


def _cases(con: DuckDBPyConnection) -> dict[str, Any]:
    """Journeys by kind of case, and by how many cases led to how many."""
    kinds = journeys_by_kind(con, "journeys", "true_journeys")
    shapes = journeys_by_shape(con, "journeys", "true_journeys")
    return {
        "kinds": {
            name: {**asdict(kind), **_scores(kind.links), "best_precision": kind.best_precision}
            for name, kind in kinds.items()
        },
        "shapes": {
            name: {"planted": planted, "found": found} for name, (planted, found) in shapes.items()
        },
    }


def _ladders(
    con: DuckDBPyConnection, made: Plan, linked: Record, folder: Scratch
) -> dict[str, dict[str, Any]]:
    """What each ladder counted when it was climbed, and how right it was."""
    right = ladders.measured(con, made, folder)
    return {name: {**linked.counts["ladders"][name], "truth": right[name]} for name in right}
