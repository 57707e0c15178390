"""Reviewed: the report on a release's linkage -> the same with what reviewers found of its links.

It stays in the index store. A report is made before anybody can review what it is about, and what
researchers get is made of it; so what reviewers decide makes another, and changes neither.
"""

from datafirst.quality.estimate import estimates
from datafirst.quality.kept import read
from datafirst.quality.reviewed import reviewed as sections
from datafirst.quality.settled import agreement
from datafirst.run import Made, Record, identity, once
from datafirst.scratch import Scratch, scratch

from .drawn import Drawn, labels, reviewed
from .estimated import most_reviewed, of_this_run, review_of
from .release import Plan
from .reported import REPORT, kept, reported


def with_review(made: Plan, report: Record) -> Record | None:
    """The report with the review of the sample of this run most of which is decided. None where
    nothing of one is. Later decisions make another."""
    index = made.store("index")
    with scratch(made.settings) as folder, folder.connect() as con:
        drawn = most_reviewed(con, made, folder)
    if drawn is None or not of_this_run(made, drawn):
        return None
    decisions = [record.digest for record in labels(index, made.release.version)]
    sample = drawn.record(index).digest
    inputs = {"reported": report.digest, "sample": sample, "labels": decisions}
    return once(
        index,
        f"{made.place}/reviewed/{identity(inputs)[:12]}",
        "quality",
        inputs,
        lambda folder: _reported(made, report, drawn, folder),
        made.settings,
    )


def _reported(made: Plan, report: Record, drawn: Drawn, folder: Scratch) -> Made:
    index = made.store("index")
    with folder.connect() as con:
        reviewed(con, index, drawn, folder)
        drawn.bring_known(con, index, folder)
        found = estimates(con, known="sample_known")
        told = sections(review_of(con, made, drawn), agreement(con), found)
        every = (*told, *read(index.read(kept(report, REPORT))))
    return reported(made, every, folder)
