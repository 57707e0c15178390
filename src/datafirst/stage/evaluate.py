"""Evaluate: people and journeys as found -> how right they are, where the truth is known."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files, typed
from datafirst.errors import SourceError
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
from datafirst.spec.linkage import LEVELS

from . import ladders
from .landed import landed_table
from .records import datasets_of
from .release import Plan, plan

TRUTH = "CREATE TABLE truth (dataset VARCHAR, record_id VARCHAR, person_id VARCHAR)"


def evaluate(release: str, truth: Path | None = None) -> dict[str, Any]:
    """Precision, recall and F1 of pairs, and cluster scores, at each threshold; and of journeys.

    The truth is a variable of the data (where a dataset names one) or a folder with
    records/*.parquet (dataset, record_id, person_id) and journeys/*.parquet.
    Raises SourceError where there is none.
    """
    made = plan(release)
    linked = made.done("index", "link")
    with scratch(settings()) as folder, folder.connect() as con:
        for table in ("people", "journeys", "matches", "individuals"):
            paths = bring(made.store("index"), linked.of(table), folder.folder)
            con.execute(f"CREATE VIEW {table} AS FROM {files(paths)}")
        apart = truth or settings().truth_folder
        _truth(con, made, apart, folder)
        _covers(
            con,
            apart,
            "(SELECT dataset, record_id FROM people UNION "
            "SELECT dataset, record_id FROM individuals)",
        )
        answer = {
            "release": release,
            "records": linked.counts["records"],
            "people": dict(_people(con, sorted(linked.counts["records"]))),
            "between": dict(_between(con, sorted(linked.counts["records"]))),
            "journeys": _journeys(con, apart),
            "ladders": _ladders(con, made, linked, folder),
        }
    return answer


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


def _told(quality: PeopleQuality) -> dict[str, Any]:
    return {**asdict(quality), "pairs": _scores(quality.pairs), "b_cubed": _scores(quality.b_cubed)}


def _scores(agreement: Agreement) -> dict[str, float]:
    return {**asdict(agreement), "f1": agreement.f1}


def _journeys(con: DuckDBPyConnection, apart: Path) -> dict[str, Any]:
    paths = sorted((apart / "journeys").glob("*.parquet"))
    found = con.execute("SELECT count(*) FROM journeys").fetchall()[0][0]
    if not paths or not found:
        return {}
    con.execute(
        "CREATE VIEW true_journeys AS SELECT magistrates_record_id AS left_record_id, "
        f"crown_record_id AS right_record_id FROM {files(paths)}"
    )
    return {
        "all links": _scores(journeys_quality(con, "journeys", "true_journeys")),
        "best links": _scores(journeys_quality(con, "journeys", "true_journeys", best=True)),
    }


def _ladders(
    con: DuckDBPyConnection, made: Plan, linked: Record, folder: Scratch
) -> dict[str, dict[str, Any]]:
    """What each ladder counted when it was climbed, and how right it was."""
    right = ladders.measured(con, made, folder)
    return {name: {**linked.counts["ladders"][name], "truth": right[name]} for name in right}
