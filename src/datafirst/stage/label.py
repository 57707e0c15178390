"""Label: reviewers' decisions -> kept for good, and what is settled by them.

Nothing that was decided is ever changed: a later file adds to the earlier ones.
"""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from datafirst.errors import RunRefused, ValidationFailed
from datafirst.parts import write
from datafirst.quality.labels import PAIR, SCORE, Decision, Key, decisions
from datafirst.quality.settled import agreement, disputed, reviewers, settled
from datafirst.run import Made, Record, once
from datafirst.scratch import Scratch, scratch
from datafirst.settings import settings
from datafirst.store import Store, store

from .drawn import Drawn, decided, labels, labels_place, samples
from .release import release_named, specification

KNOWN = """
CREATE TABLE known AS SELECT row_number() OVER (ORDER BY l, r) AS pair_id,
    l.d AS dataset_l, l.n AS record_id_l, r.d AS dataset_r, r.n AS record_id_r
FROM (SELECT DISTINCT least(one, other) AS l, greatest(one, other) AS r
      FROM (SELECT {{d: dataset_l, n: record_id_l}} AS one,
                   {{d: dataset_r, n: record_id_r}} AS other FROM ({each})))"""
"""Every pair once, whichever way round its samples have it."""


@dataclass(frozen=True)
class Decisions:
    """A file of decisions and whose they are: no log line and no message of a failure names them,
    because a person may be named in both."""

    file: Path
    reviewer: str
    adjudicates: bool = False

    def __str__(self) -> str:
        return "an adjudicator's decisions" if self.adjudicates else "a reviewer's decisions"


def label(release: str, given: Decisions) -> dict[str, Any]:
    """Keeps the decisions of a CSV in Splink's label format, and says how far the review is.

    Raises RunRefused where no sample of the release was drawn, ValidationFailed naming the lines
    of every fault; then nothing of the file is kept. A file that was kept already is not again.
    """
    release_named(specification(), release)
    index = store("index", settings())
    drawn = samples(index, release)
    if not drawn:
        raise RunRefused(
            f"no sample of release {release} has been drawn: "
            f"run `datafirst sample {release} --pairs 2000`"
        )
    text = _text(given.file)
    inputs = {
        "file": hashlib.sha256(text.encode()).hexdigest(),
        "reviewer": given.reviewer,
        "adjudicates": given.adjudicates,
    }
    with scratch(settings()) as folder, folder.connect() as con:
        known = _known(con, index, drawn, folder)
        before = labels(index, release)
        again = [record for record in before if record.inputs == inputs]
        if not again:
            decided(con, index, release, folder, sample="known")
            in_dispute = disputed(con) if given.adjudicates else None
            found, undecided = decisions(text, given.reviewer, known, in_dispute)
            again = [_kept(index, release, len(before), inputs, found, undecided)]
        decided(con, index, release, folder, sample="known")
        return {**again[0].counts, **_progress(con)}


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationFailed(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except OSError as error:
        raise ValidationFailed(f"{file} cannot be read: {error.strerror}") from None


def _known(
    con: DuckDBPyConnection, index: Store, drawn: list[Drawn], folder: Scratch
) -> dict[Key, int]:
    """The table of all pairs that were drawn of the release, and their numbers, either way."""
    for i, each in enumerate(drawn):
        each.bring(con, index, folder, into=f"drawn_{i}")
    tables = " UNION ALL ".join(f"SELECT * FROM drawn_{i}" for i in range(len(drawn)))
    con.execute(KNOWN.format(each=tables))
    found: dict[Key, int] = {}
    for pair, *ends in con.execute("FROM known").fetchall():
        left, right = (ends[0], ends[1]), (ends[2], ends[3])
        found[*left, *right] = found[*right, *left] = pair
    return found


def _kept(
    index: Store,
    release: str,
    taken: int,
    inputs: dict[str, Any],
    found: list[Decision],
    undecided: int,
) -> Record:
    """Keeps the decisions under the next number; the one after, where another was quicker."""

    def work(folder: Scratch) -> Made:
        counts = {"decisions": len(found), "undecided": undecided}
        result = Made(counts=counts)
        with folder.connect() as con:
            con.register("given", _table(found, inputs["adjudicates"]))
            for part in write(con, "FROM given", ("line",), folder / "decisions"):
                result.add(f"decisions/{part.name}", part.path, part.rows)
        return result

    while True:
        taken += 1
        name = f"label-{taken:05d}"
        record = once(index, labels_place(release), name, inputs, work, settings())
        if record.inputs == inputs:
            return record


def _table(found: list[Decision], adjudicates: bool) -> pa.Table:
    columns: dict[str, Any] = {
        "line": pa.array([d.line for d in found], pa.int64()),
        **{name: pa.array([d.key[i] for d in found], pa.string()) for i, name in enumerate(PAIR)},
        SCORE: pa.array([d.score for d in found], pa.float64()),
        "reviewer": pa.array([d.reviewer for d in found], pa.string()),
        "decided": pa.array([d.decided for d in found], pa.string()),
        "reason": pa.array([d.reason for d in found], pa.string()),
        "adjudicates": pa.array([adjudicates] * len(found), pa.bool_()),
    }
    return pa.table(columns)


def _progress(con: DuckDBPyConnection) -> dict[str, Any]:
    """How far the review of all pairs that were drawn is."""
    settled(con, sample="known")
    by = con.execute("SELECT decided_by, count(*) FROM settled GROUP BY ALL ORDER BY ALL")
    return {
        "pairs": dict(by.fetchall()),
        "in_dispute": len(disputed(con)),
        "agreement": asdict(agreement(con)),
        "reviewers": [asdict(each) for each in reviewers(con)],
    }
