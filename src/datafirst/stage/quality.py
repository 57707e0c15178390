"""Quality: what a release was linked by and into -> the report on its linkage.

All of it stays in the index store, for those who link; run again after reviewers decided, it makes
another there that says what they found. What researchers may know of it, made
publishable, goes to the release store, where catalogues take it from.
"""

from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.catalogue.linkage import publishable
from datafirst.derive.typed import files
from datafirst.link.alone import alone
from datafirst.link.read import fields_read
from datafirst.quality.groups import groups
from datafirst.quality.kept import read, written
from datafirst.quality.report import Linked, sections
from datafirst.quality.section import Section
from datafirst.run import Made, Record, bring, once
from datafirst.scratch import Scratch
from datafirst.spec import Ladder, LinkModel
from datafirst.spec.groups import FIELDS

from .ladders import ladders_of
from .link import with_frequencies
from .records import datasets_of, make_records
from .release import Plan, plan
from .reported import PAGE, REPORT, keep, kept, reported
from .reviewed import with_review

READ = ("edges", "people", "journeys", "id_changes")
"""What linking left that the report is about."""


def quality(release: str) -> dict[str, Any]:
    """Reports on a linked release: every section as JSON, a page, and a picture of each chart; and
    for researchers, the sections that are published.

    Raises RunRefused where the release has not been linked.
    """
    made = plan(release)
    linked = made.done("index", "link")
    inputs = {**made.inputs, "linked": linked.digest}
    index = made.store("index")
    record = once(
        index,
        made.place,
        "quality",
        inputs,
        lambda folder: _reported(made, linked, folder),
        made.settings,
    )
    published = once(
        made.store("release"),
        made.place,
        "quality",
        {**inputs, "reported": record.digest},
        lambda folder: _published(made, record, folder),
        made.settings,
    )
    answer = {"place": made.place, **record.counts, "published": published.counts["sections"]}
    if review := with_review(made, record):
        answer["reviewed"] = index.url(kept(review, PAGE))
    return answer


def _reported(made: Plan, linked: Record, folder: Scratch) -> Made:
    with folder.connect() as con:
        found = sections(con, _linked(con, made, linked, folder))
    return reported(made, found, folder)


def _linked(con: DuckDBPyConnection, made: Plan, linked: Record, folder: Scratch) -> Linked:
    """Makes the relations that the report reads, and says what else it is about."""
    for table in READ:
        brought = files(bring(made.store("index"), linked.of(table), folder.folder))
        con.execute(f"CREATE VIEW {table} AS FROM {brought}")
    models = [made.spec.linkage.models[name] for name in made.release.models]
    asking: list[LinkModel | Ladder] = [*models, *ladders_of(made)]
    records = make_records(con, made, asking, folder, also=FIELDS)
    people = datasets_of(made, (model for model in models if model.produces == "people"))
    groups(con, made.spec, {dataset.id: records[dataset.id] for dataset in people})
    trained, by_itself = {}, {}
    for model in models:
        trained[model.id] = learned = with_frequencies(con, made, model, folder)
        if len(set(model.datasets) & set(records)) >= model.least:
            by_itself[model.id] = into = f"alone_{model.id}"
            alone(con, made.spec, learned, records, into)
    compared = set(fields_read(made.spec, asking))
    before = made.previous.record("index", "link") if made.previous else None
    return Linked(
        spec=made.spec,
        release=made.release,
        counts=linked.counts,
        trained=trained,
        records=records,
        alone=by_itself,
        fields=tuple(name for name in made.spec.linkage.fields if name in compared),
        before=before.counts.get("profile") if before else None,
    )


def _published(made: Plan, record: Record, folder: Scratch) -> Made:
    """The sections that leave, with counts that may."""
    found: list[Section] = [
        publishable(section)
        for section in read(made.store("index").read(kept(record, REPORT)))
        if section.published
    ]
    result = Made(counts={"sections": len(found)})
    keep(result, folder / REPORT, REPORT, written(found, release=made.release.version))
    return result
